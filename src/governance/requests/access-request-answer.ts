import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { Computed, DateScalar, DateTimeScalar, Rows, Rule, isOneOf, sql } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { AccessRequest, REQUESTS } from './access-request.ts';
import { AccessAnswerState } from './lists.ts';
import { deliverBy, dueOn, isOverdue, workingDaysLeft } from './terms.ts';

/**
 * The answer of one owner to a request, with its term (政务数据共享条例 art. 21). An owner that is silent grants nothing: its
 * answer becomes overdue and stays awaited.
 */
@Entity()
@Check('ck_access_request_answer__owner', isOneOf('owner', DepartmentCode))
@Check('ck_access_request_answer__term_days', 'term_days in (1, 10)')
@Check(
  'ck_access_request_answer__extension',
  `extended_days = 0 and num_nonnulls(extension_reason, extended_by, extended_at) = 0
      or extended_days = 10 and term_days = 10 and num_nulls(extension_reason, extended_by, extended_at) = 0`,
)
@Check('ck_access_request_answer__verdict', `verdict in ('PENDING', 'GRANTED', 'REFUSED', 'LAPSED')`)
@Check(
  'ck_access_request_answer__answered',
  `(verdict in ('GRANTED', 'REFUSED')) = (answered_at is not null)
      and (answered_at is null) = (answered_by is null)`,
)
@Check('ck_access_request_answer__refusal', `verdict <> 'REFUSED' or reason is not null and legal_basis is not null`)
@Unique(['requestId', 'owner'])
@Index('ix_access_request_answer__received_on', ['receivedOn'], { where: `verdict = 'PENDING'` })
@ObjectType({ description: '共享答复 · Answer of an owner to a request, with its term' })
@Rows({ via: 'request' })
export class AccessRequestAnswer {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '主键 · Identifier' })
  @Rule(REQUESTS)
  id!: string;

  @Column('uuid')
  requestId!: string;

  @ManyToOne(() => AccessRequest, { nullable: false })
  @Field(() => AccessRequest, { nullable: true, description: '共享申请 · The request' })
  @Rule(REQUESTS)
  request!: Relation<AccessRequest>;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Owner that answers' })
  @Rule(REQUESTS)
  owner!: DepartmentCode;

  @Column('date')
  @Field(() => DateScalar, {
    nullable: true,
    description: '收到日期 · Day of receipt; the term begins on the day after',
  })
  @Rule(REQUESTS)
  receivedOn!: string;

  @Column('int')
  @Field(() => Int, { nullable: true, description: '答复期限（工作日） · Term in working days' })
  @Rule(REQUESTS)
  termDays!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { nullable: true, description: '延长（工作日） · Extended by so many working days' })
  @Rule(REQUESTS)
  extendedDays!: number;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '延长理由 · Why the term was extended' })
  @Rule(REQUESTS)
  extensionReason!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '延长人 · Client that extended it' })
  @Rule(REQUESTS)
  extendedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '延长时间 · When it was extended' })
  @Rule(REQUESTS)
  extendedAt!: Date | null;

  /** As it stands in the table: PENDING, GRANTED, REFUSED, LAPSED. */
  @Column('varchar', { default: 'PENDING' })
  verdict!: string;

  @Field(() => AccessAnswerState, {
    nullable: true,
    description: '状态 · What the owner answered; OVERDUE by the clock',
  })
  @Rule(REQUESTS)
  @Computed((answer) => sql`case when ${isOverdue(answer)} then 'OVERDUE' else ${answer.column('verdict')} end`)
  state!: AccessAnswerState;

  @Field(() => DateScalar, {
    nullable: true,
    description: '答复截止日期 · Last day in time; null while the holidays of its year are not known',
  })
  @Rule(REQUESTS)
  @Computed((answer) => dueOn(answer))
  dueOn!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: '是否逾期 · Awaited and late; null where the calendar does not tell',
  })
  @Rule(REQUESTS)
  @Computed((answer) => isOverdue(answer))
  overdue!: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '剩余工作日 · Working days left, the due day included; negative when late; null once answered or not known',
  })
  @Rule(REQUESTS)
  @Computed((answer) => sql`case when ${answer.column('verdict')} = 'PENDING' then ${workingDaysLeft(answer)} end`)
  workingDaysLeft!: number | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, {
    nullable: true,
    description: '同意期限止 · Granted until, where that is earlier than asked',
  })
  @Rule(REQUESTS)
  grantedUntil!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      '共享截止日期 · Last day to open what was granted, 20 working days after the answer (政务数据共享条例第22条)',
  })
  @Rule(REQUESTS)
  @Computed((answer) => deliverBy(answer))
  deliverBy!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '答复理由 · Reason; every refusal has one' })
  @Rule(REQUESTS)
  reason!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '答复依据 · Legal basis of the answer; every refusal names one' })
  @Rule(REQUESTS)
  legalBasis!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '答复人 · Client that answered' })
  @Rule(REQUESTS)
  answeredBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '答复时间 · When it was answered' })
  @Rule(REQUESTS)
  answeredAt!: Date | null;
}
