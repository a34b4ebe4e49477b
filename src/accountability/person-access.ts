import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DepartmentCode } from '../registry/index.ts';
import { Computed, DateTimeScalar, Rows, Rule, closedList, connectionOf, sql } from '../graph/index.ts';
import { kindsOf, legalBasisOf } from './told.ts';

const LOG = { group: 'access-log', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

export const AccessKind = closedList('AccessKind', '调用类型 · Whether data was read or written', {
  READ: '查询 · Read',
  WRITE: '回传或变更 · Written',
});
export type AccessKind = keyof typeof AccessKind;

export const AccessDecision = closedList('AccessDecision', '处理结果 · Whether the access was allowed', {
  ALLOWED: '已提供 · Allowed',
  REFUSED: '已拒绝 · Refused; nobody was told anything',
});
export type AccessDecision = keyof typeof AccessDecision;

/**
 * One answer or write that a person stands in, as the ledger has it (PIPL art. 44, 45, 54–56; 政务数据共享条例 art. 29).
 * A view over the ledger, of which nothing but its index on persons is read. A department sees what it did itself.
 */
@Entity({ synchronize: false })
@ObjectType('Access', { description: '查阅记录 · One access to the data of a person, as the ledger recorded it' })
@Rows({ person: 'personId', department: 'department' })
export class PersonAccess {
  @PrimaryColumn('uuid')
  @Field(() => ID, { nullable: true, description: '记录主键 · Identifier of the entry in the ledger' })
  @Rule(LOG)
  id!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '时间 · When' })
  @Rule(LOG)
  at!: Date;

  @Column('uuid')
  personId!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '部门 · Department that looked' })
  @Rule(LOG)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '角色 · Role of the caller in it' })
  @Rule(LOG)
  role!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '调用方 · Calling system' })
  @Rule(LOG)
  client!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '目的 · Purpose that the request named' })
  @Rule(LOG)
  purpose!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '业务编号 · Case that the request named' })
  @Rule(LOG)
  caseNo!: string | null;

  @Column('varchar')
  @Field(() => AccessKind, { nullable: true, description: '调用类型 · Read or write' })
  @Rule(LOG)
  kind!: AccessKind;

  @Column('varchar')
  @Field(() => AccessDecision, { nullable: true, description: '处理结果 · Allowed or refused' })
  @Rule(LOG)
  decision!: AccessDecision;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '操作名称 · Name that the caller gave the operation' })
  @Rule(LOG)
  operationName!: string | null;

  @Column('integer')
  @Field(() => Int, { nullable: true, description: '共享规则版本 · Version of the sharing policy then in force' })
  @Rule(LOG)
  policyVersion!: number;

  @Column('text', { array: true })
  @Field(() => [String], {
    nullable: true,
    description: '字段 · What was told of the person: schema coordinates, e.g. Person.address; empty values included',
  })
  @Rule(LOG)
  coordinates!: string[];

  @Field(() => [String], {
    nullable: true,
    description: '数据类别 · The groups of the sharing catalogue in which those fields are, in Chinese',
  })
  @Rule(LOG)
  @Computed((access, at) => kindsOf(access, at))
  kinds!: string[];

  @Field(() => String, {
    nullable: true,
    description:
      '法律依据 · Legal basis of the sharing agreement that the access stood on, in the version then in force',
  })
  @Rule(LOG)
  @Computed((access) => sql`(${legalBasisOf(access)})`)
  legalBasis!: string | null;

  /** What the index of the ledger knows an entry's persons by. */
  @Column('integer', { array: true })
  buckets!: number[];
}

/** A page of accesses. */
export const AccessConnection = connectionOf(() => PersonAccess, 'Access', '查阅记录');
