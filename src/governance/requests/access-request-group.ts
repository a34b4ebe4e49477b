import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { Rows, Rule, isOneOf } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { AccessRequest, REQUESTS } from './access-request.ts';
import { GroupAccess, NARROWINGS, RequestableAttribute, RequestedScope } from './lists.ts';
import type { Narrowing } from './lists.ts';

const isNarrowing = (column: string): string => `${column} in (${NARROWINGS.map((code) => `'${code}'`).join(', ')})`;

/** A group of fields in a request: what was asked for, and beside it what its owner granted. */
@Entity()
@Check('ck_access_request_group__owner', isOneOf('owner', DepartmentCode))
@Check('ck_access_request_group__attribute', isOneOf('attribute', RequestableAttribute))
@Check('ck_access_request_group__access', isOneOf('access', GroupAccess))
@Check('ck_access_request_group__scope', isNarrowing('scope'))
@Check(
  'ck_access_request_group__granted',
  `${isOneOf('granted_access', GroupAccess)} and not (access = 'MASKED' and granted_access = 'FULL')`,
)
@Check(
  'ck_access_request_group__granted_scope',
  `granted_scope is null or ${isNarrowing('granted_scope')} and granted_access is not null`,
)
@Unique(['requestId', 'name'])
@ObjectType({ description: '申请的信息项 · A group of fields in a request, as asked and as granted' })
@Rows({ via: 'request' })
export class AccessRequestGroup {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '主键 · Identifier' })
  @Rule(REQUESTS)
  id!: string;

  @Column('uuid')
  requestId!: string;

  @ManyToOne(() => AccessRequest, { nullable: false })
  request!: Relation<AccessRequest>;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '信息项 · Group of the sharing catalogue, e.g. diagnosis' })
  @Rule(REQUESTS)
  name!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Owner, who answers for it' })
  @Rule(REQUESTS)
  owner!: DepartmentCode;

  @Column('varchar')
  @Field(() => RequestableAttribute, {
    nullable: true,
    description: '共享属性 · Sharing attribute on the day of the request',
  })
  @Rule(REQUESTS)
  attribute!: RequestableAttribute;

  @Column('varchar')
  @Field(() => GroupAccess, { nullable: true, description: '申请程度 · Asked for: in full or in part' })
  @Rule(REQUESTS)
  access!: GroupAccess;

  @Column('varchar', { nullable: true })
  @Field(() => RequestedScope, {
    nullable: true,
    description: '申请范围 · Asked for: more narrowly than the rows; null: on all of them',
  })
  @Rule(REQUESTS)
  scope!: Narrowing | null;

  @Column('varchar', { nullable: true })
  @Field(() => GroupAccess, { nullable: true, description: '同意程度 · Granted; null where it is not, or not yet' })
  @Rule(REQUESTS)
  grantedAccess!: GroupAccess | null;

  @Column('varchar', { nullable: true })
  @Field(() => RequestedScope, { nullable: true, description: '同意范围 · Granted: more narrowly than the rows' })
  @Rule(REQUESTS)
  grantedScope!: Narrowing | null;
}
