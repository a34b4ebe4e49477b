import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Computed, DateTimeScalar, Over, Rows, Rule, connectionOf, isOneOf, sql } from '../graph/index.ts';
import { DepartmentCode, ONE_SUBJECT_CHECK, RecallCause } from '../registry/index.ts';
import { RecallOutcome } from './lists.ts';

const RECALL = { group: 'recall', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

/**
 * That a value which a system of the department was told in a case no longer holds. Never the value: who may still read it
 * asks for it again. What was told does not change; that it was seen and acted on does, once each.
 */
@Entity()
@Check('ck_recall__department', isOneOf('department', DepartmentCode))
@Check('ck_recall__cause', isOneOf('cause', RecallCause))
@Check('ck_recall__subject', ONE_SUBJECT_CHECK)
@Check('ck_recall__acknowledged', '(acknowledged_by is null) = (acknowledged_at is null)')
@Check(
  'ck_recall__acted',
  'num_nulls(acted_by, acted_at, outcome) in (0, 3) and (acted_at is null or acknowledged_at is not null)',
)
@Check('ck_recall__outcome', isOneOf('outcome', RecallOutcome))
// Nulls are not distinct in it, which TypeORM cannot say.
@Index('uq_recall__once', { synchronize: false })
@Index(['department', 'recalledAt', 'id'])
@ObjectType({ description: '使用提醒 · A value that your department was told no longer holds' })
@Rows({ person: 'personId', household: 'householdId', department: 'department' })
export class Recall {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '提醒主键 · Identifier' })
  @Rule(RECALL)
  id!: string;

  @Column('uuid')
  orderId!: string;

  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: '人员主键 · Person whom the value is of; null: of a household' })
  @Rule(RECALL)
  personId!: string | null;

  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: '家庭主键 · Household that the value is of; null: of a person' })
  @Rule(RECALL)
  householdId!: string | null;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '使用部门 · Department that was told' })
  @Rule(RECALL)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '调用方 · Client that was told' })
  @Rule(RECALL)
  client!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '目的 · Purpose for which it was told' })
  @Rule(RECALL)
  purpose!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '业务编号 · Case that may rest on it' })
  @Rule(RECALL)
  caseNo!: string | null;

  @Column('varchar')
  @Field(() => RecallCause, { nullable: true, description: '事由 · Why it no longer holds' })
  @Rule(RECALL)
  cause!: RecallCause;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '所涉编号 · Of what it follows from, e.g. JH-2026-000001' })
  @Rule(RECALL)
  reference!: string;

  @Column('varchar', { array: true })
  @Field(() => [String], { nullable: true, description: '字段 · The fields in which it was told' })
  @Rule(RECALL)
  coordinates!: string[];

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '最近获取时间 · When it was told last' })
  @Rule(RECALL)
  toldAt!: Date;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '提醒时间 · When the department was told to look again' })
  @Rule(RECALL)
  recalledAt!: Date;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '签收人 · Client that acknowledged it' })
  @Rule(RECALL)
  acknowledgedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '签收时间 · When it was acknowledged' })
  @Rule(RECALL)
  acknowledgedAt!: Date | null;

  @Column('varchar', { nullable: true })
  @Field(() => RecallOutcome, { nullable: true, description: '处置结果 · What was done' })
  @Rule(RECALL)
  outcome!: RecallOutcome | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '处置说明 · A note on it' })
  @Rule(RECALL)
  note!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '处置人 · Client that acted' })
  @Rule(RECALL)
  actedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '处置时间 · When it did' })
  @Rule(RECALL)
  actedAt!: Date | null;
}

/** A page of recalls. */
export const RecallConnection = connectionOf(() => Recall, 'Recall', '使用提醒');

const PROGRESS = { group: 'recall-progress', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

/** Where a recall stands, for who sees to it that recalls are heeded: neither of whom nor in which case. */
@ObjectType({ description: '提醒办理进度 · Whether a department has acknowledged a recall and acted on it' })
@Over(() => Recall, { department: 'department' })
export class RecallProgress {
  @Field(() => ID, { description: '提醒主键 · Identifier of the recall' })
  @Rule(PROGRESS)
  id!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '使用部门 · Department that was told' })
  @Rule(PROGRESS)
  department!: DepartmentCode;

  @Field(() => RecallCause, { nullable: true, description: '事由 · Why the value no longer holds' })
  @Rule(PROGRESS)
  cause!: RecallCause;

  @Field(() => DateTimeScalar, { nullable: true, description: '提醒时间 · When the department was told' })
  @Rule(PROGRESS)
  recalledAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: '签收时间 · When it acknowledged; null: not yet' })
  @Rule(PROGRESS)
  acknowledgedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: '处置时间 · When it acted; null: not yet' })
  @Rule(PROGRESS)
  actedAt!: Date | null;

  @Field(() => Boolean, { nullable: true, description: '是否办结 · Whether the department has acted' })
  @Rule(PROGRESS)
  @Computed((recall) => sql`(${recall.column('actedAt')} is not null)`)
  done!: boolean;
}

/** A page of it. */
export const RecallProgressConnection = connectionOf(() => RecallProgress, 'RecallProgress', '提醒办理进度');
