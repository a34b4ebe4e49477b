import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import {
  Computed,
  DateScalar,
  DateTimeScalar,
  Rows,
  Rule,
  connectionOf,
  isOneOf,
  raw,
  sql,
} from '../../graph/index.ts';
import type { Row, Sql } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { AccessRequestState, ReceivingRole, RequestedPurpose, SharingMode } from './lists.ts';
import { isOverdue } from './terms.ts';

/** Requests and answers are of the departments that they concern; civil affairs sees that all are answered. */
export const REQUESTS = { group: 'access-requests', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

const codes = (list: object): string =>
  `array[${Object.keys(list)
    .map((code) => `'${code}'`)
    .join(', ')}]::varchar[]`;

/** Whether an owner's answer is awaited and late. */
export const hasOverdueAnswer = (request: Row): Sql => {
  const column = (property: string): Sql =>
    raw(`late.${property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`);
  return sql`exists (select from access_request_answer late
    where late.request_id = ${request.column('id')} and ${isOverdue({ alias: raw('late'), column })})`;
};

/**
 * What a department asks to receive, in the words that 政务数据共享条例 art. 20 wants: basis, scenario, scope, mode, period.
 * What it asked for never changes; `state`, `closedBy` and `closedAt` do, once.
 */
@Entity()
@Check('ck_access_request__department', isOneOf('department', DepartmentCode))
@Check('ck_access_request__parties', `parties <@ ${codes(DepartmentCode)} and department = any(parties)`)
@Check('ck_access_request__digest', 'octet_length(digest) = 32')
@Check('ck_access_request__role', isOneOf('role', ReceivingRole))
@Check('ck_access_request__purposes', `purposes <@ ${codes(RequestedPurpose)} and cardinality(purposes) > 0`)
@Check('ck_access_request__mode', isOneOf('mode', SharingMode))
@Check('ck_access_request__validity', 'valid_until >= valid_from')
@Check('ck_access_request__state', `state in ('OPEN', 'GRANTED', 'PARTLY_GRANTED', 'REFUSED', 'WITHDRAWN')`)
@Check('ck_access_request__closed', `(state = 'OPEN') = (closed_at is null) and (state = 'OPEN') = (closed_by is null)`)
@Unique(['number'])
@Unique(['department', 'clientKey'])
@ObjectType({ description: '共享申请 · Request of a department for access to groups of fields' })
@Rows({ departments: 'parties' })
export class AccessRequest {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '申请主键 · Identifier of the request' })
  @Rule(REQUESTS)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '申请编号 · Number, e.g. RQ-2026-000001' })
  @Rule(REQUESTS)
  number!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '申请部门 · Department that asks, and would receive' })
  @Rule(REQUESTS)
  department!: DepartmentCode;

  /** The department that asks and all owners: whose business the request is. */
  @Column('varchar', { array: true })
  parties!: DepartmentCode[];

  /** The asker's own key: sent again, it is the same request. */
  @Column('varchar')
  clientKey!: string;

  /** SHA-256 of what was asked for: the same key with other content is refused. */
  @Column('bytea')
  digest!: Buffer;

  @Column('varchar')
  @Field(() => ReceivingRole, { nullable: true, description: '使用方角色 · Role that would receive' })
  @Rule(REQUESTS)
  role!: ReceivingRole;

  @Column('varchar', { array: true })
  @Field(() => [RequestedPurpose], { nullable: true, description: '使用目的 · What the data is for' })
  @Rule(REQUESTS)
  purposes!: RequestedPurpose[];

  @Column('varchar', { array: true })
  @Field(() => [String], { nullable: true, description: '操作 · Operations, e.g. person' })
  @Rule(REQUESTS)
  operations!: string[];

  @Column('varchar', { array: true })
  @Field(() => [String], {
    nullable: true,
    description: '数据范围 · Of whom, by type, e.g. Person:CASELOAD',
  })
  @Rule(REQUESTS)
  rowScopes!: string[];

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '使用依据 · Legal basis' })
  @Rule(REQUESTS)
  legalBasis!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '使用场景 · Scenario in which the data is used' })
  @Rule(REQUESTS)
  scenario!: string;

  @Column('varchar')
  @Field(() => SharingMode, { nullable: true, description: '共享方式 · How the data is delivered' })
  @Rule(REQUESTS)
  mode!: SharingMode;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '使用期限起 · First day of the access' })
  @Rule(REQUESTS)
  validFrom!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '使用期限止 · Last day of the access, that day included' })
  @Rule(REQUESTS)
  validUntil!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '申请人 · Client that asked' })
  @Rule(REQUESTS)
  requestedBy!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '申请时间 · When it was asked, and received' })
  @Rule(REQUESTS)
  requestedAt!: Date;

  @Column('varchar')
  @Field(() => AccessRequestState, { nullable: true, description: '状态 · What became of the request' })
  @Rule(REQUESTS)
  @Computed(
    (request) =>
      sql`case when ${request.column('state')} = 'OPEN' and ${hasOverdueAnswer(request)} then 'OVERDUE' else ${request.column('state')} end`,
  )
  state!: AccessRequestState;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '办结人 · Client with whose act the request was closed' })
  @Rule(REQUESTS)
  closedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '办结时间 · When the last owner answered, or it was withdrawn',
  })
  @Rule(REQUESTS)
  closedAt!: Date | null;
}

/** A page of requests. */
export const AccessRequestConnection = connectionOf(() => AccessRequest, 'AccessRequest', '共享申请');
