import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import {
  Computed,
  DateScalar,
  DateTimeScalar,
  Rows,
  Rule,
  callerSlot,
  connectionOf,
  isOneOf,
  sql,
} from '../graph/index.ts';
import type { Row, Sql } from '../graph/index.ts';
import {
  DepartmentCode,
  Household,
  ONE_SUBJECT_CHECK,
  Person,
  lastWorkingDay,
  workingDaysUntil,
} from '../registry/index.ts';
import { CorrectionState } from './lists.ts';
import { seesGroup } from './sees-group.ts';

/** Corrections are of the two departments that they concern. */
export const CORRECTION = { group: 'correction', owner: 'CIVIL_AFFAIRS', sensitivity: 'SENSITIVE' } as const;

const today: Sql = sql`${callerSlot<string>('today', 'date')}`;

/** The last day on which an answer is in time; null where the calendar does not reach. */
const dueOn = (correction: Row): Sql => lastWorkingDay(correction.column('openedOn'), correction.column('termDays'));

/** Whether an answer is awaited and late. */
export const isOverdue = (correction: Row): Sql =>
  sql`(${correction.column('state')} = 'OPEN' and ${dueOn(correction)} < ${today})`;

/**
 * What the claim says is guarded as the disputed field is: told to the department that answers for the field, to the client
 * that claimed it, and to whom the field itself is open in full.
 */
const claimIsOpen = (correction: Row): Sql =>
  sql`(${correction.column('owner')} = ${callerSlot('department', 'text')}
    or ${correction.column('openedBy')} = ${callerSlot('client', 'text')}
    or ${seesGroup(correction.column('fieldGroup'))})`;

/**
 * A value that a department was told and disputes (校核; 政务数据共享条例 art. 26). What was claimed never changes; the state
 * does, once.
 */
@Entity()
@Check('ck_correction__department', isOneOf('department', DepartmentCode))
@Check('ck_correction__owner', isOneOf('owner', DepartmentCode))
@Check('ck_correction__parties', 'parties = array[department, owner] and department <> owner')
@Check('ck_correction__subject', ONE_SUBJECT_CHECK)
@Check('ck_correction__digest', 'octet_length(digest) = 32')
@Check('ck_correction__term_days', 'term_days > 0')
@Check('ck_correction__state', isOneOf('state', CorrectionState))
@Check('ck_correction__closed', `(state = 'OPEN') = (closed_at is null) and (closed_at is null) = (closed_by is null)`)
@Check('ck_correction__upheld', `state <> 'UPHELD' or reason is not null`)
@Check('ck_correction__corrected', `(state = 'CORRECTED') = (num_nonnulls(corrected_record_id, delivery_id) > 0)`)
@Unique(['number'])
@Unique(['department', 'clientKey'])
// Nulls are not distinct in it, which TypeORM cannot say.
@Index('uq_correction__open', { synchronize: false })
@Index(['personId'])
@Index(['householdId'])
@Index('ix_correction__owner_record', ['owner', 'record'], { where: `state = 'OPEN'` })
@ObjectType({ description: '校核 · A value that a department was told and disputes' })
@Rows({ person: 'personId', household: 'householdId', departments: 'parties' })
export class Correction {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '校核主键 · Identifier' })
  @Rule(CORRECTION)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '校核编号 · Number, e.g. JH-2026-000001' })
  @Rule(CORRECTION)
  number!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '提出部门 · Department that was told the value' })
  @Rule(CORRECTION)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Department that answers for the value' })
  @Rule(CORRECTION)
  owner!: DepartmentCode;

  /** Both of them. */
  @Column('varchar', { array: true })
  parties!: DepartmentCode[];

  /** The opener's own key: sent again, it is the same correction. */
  @Column('varchar')
  clientKey!: string;

  /** SHA-256 of what was claimed: the same key with other content is refused. */
  @Column('bytea')
  digest!: Buffer;

  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: '人员主键 · Person whom the value is of; null: of a household' })
  @Rule(CORRECTION)
  personId!: string | null;

  @ManyToOne(() => Person)
  person!: Relation<Person> | null;

  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: '家庭主键 · Household that the value is of; null: of a person' })
  @Rule(CORRECTION)
  householdId!: string | null;

  @ManyToOne(() => Household)
  household!: Relation<Household> | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '字段 · Schema coordinate, e.g. StudentRecord.grade' })
  @Rule(CORRECTION)
  coordinate!: string;

  /** Group of the catalogue in which the field is: who may see it decides who sees the claim. */
  @Column('varchar')
  fieldGroup!: string;

  /** Kind of record that the value comes from, e.g. STUDENT. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '数据内容 · Kind of record that the value comes from' })
  @Rule(CORRECTION)
  record!: string | null;

  @Column('uuid', { nullable: true })
  @Field(() => ID, {
    nullable: true,
    description: '记录主键 · Record in which the value stands; null: of the person or household itself',
  })
  @Rule(CORRECTION)
  recordId!: string | null;

  @Column('varchar')
  @Field(() => String, {
    nullable: true,
    description: '主张的正确值 · What the department believes to be right; null for whom the field itself is closed',
  })
  @Rule(CORRECTION)
  @Computed((correction) => sql`case when ${claimIsOpen(correction)} then ${correction.column('claimed')} end`)
  claimed!: string | null;

  @Column('varchar')
  @Field(() => String, {
    nullable: true,
    description: '依据说明 · What the claim rests on; null for whom the field itself is closed',
  })
  @Rule(CORRECTION)
  @Computed((correction) => sql`case when ${claimIsOpen(correction)} then ${correction.column('evidence')} end`)
  evidence!: string | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '业务编号 · Case in which the value was disputed' })
  @Rule(CORRECTION)
  caseNo!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '提出人 · Client that opened it' })
  @Rule(CORRECTION)
  openedBy!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '提出时间 · When it was opened' })
  @Rule(CORRECTION)
  openedAt!: Date;

  /** In China; the term begins on the day after. */
  @Column('date')
  openedOn!: string;

  @Column('int')
  @Field(() => Int, { nullable: true, description: '答复期限（工作日） · Term in working days' })
  @Rule(CORRECTION)
  termDays!: number;

  /** When the value that the department was told was recorded; null: not known. */
  @Column('timestamptz', { nullable: true })
  valueSince!: Date | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: '答复截止日期 · Last day in time; null while the holidays of its year are not known',
  })
  @Rule(CORRECTION)
  @Computed((correction) => dueOn(correction))
  dueOn!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: '是否逾期 · Awaited and late; null where the calendar does not tell',
  })
  @Rule(CORRECTION)
  @Computed((correction) => isOverdue(correction))
  overdue!: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: '剩余工作日 · Working days left, the due day included; negative when late; null once closed',
  })
  @Rule(CORRECTION)
  @Computed(
    (correction) =>
      sql`case when ${correction.column('state')} = 'OPEN' then ${workingDaysUntil(correction.column('openedOn'), correction.column('termDays'), today)} end`,
  )
  workingDaysLeft!: number | null;

  @Column('varchar')
  @Field(() => CorrectionState, { nullable: true, description: '状态 · Where it stands' })
  @Rule(CORRECTION)
  state!: CorrectionState;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '答复理由 · Reason of the answer or the withdrawal' })
  @Rule(CORRECTION)
  reason!: string | null;

  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: '更正后的记录 · Record that holds the corrected value' })
  @Rule(CORRECTION)
  correctedRecordId!: string | null;

  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: '更正批次 · Delivery that brought the corrected value' })
  @Rule(CORRECTION)
  deliveryId!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '办结人 · Client that answered or withdrew it' })
  @Rule(CORRECTION)
  closedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '办结时间 · When it was closed' })
  @Rule(CORRECTION)
  closedAt!: Date | null;
}

/** A page of corrections. */
export const CorrectionConnection = connectionOf(() => Correction, 'Correction', '校核');
