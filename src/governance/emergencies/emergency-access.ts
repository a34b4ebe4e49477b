import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Exclusion, Index, PrimaryColumn } from 'typeorm';
import {
  closedList,
  Computed,
  connectionOf,
  DateScalar,
  DateTimeScalar,
  isOneOf,
  Rows,
  Rule,
  sql,
} from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';

export const EmergencyVerdict = closedList(
  'EmergencyVerdict',
  '复核结论 · What the review of an emergency access found',
  {
    JUSTIFIED: '合理 · The emergency justified it',
    UNJUSTIFIED: '不合理 · It was not justified',
  },
);
export type EmergencyVerdict = keyof typeof EmergencyVerdict;

const EMERGENCY = { group: 'emergency', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

/**
 * Emergency access (应急访问, break-glass): for two hours an emergency agreement decides for one client in one case. It
 * is never changed but to be closed early and to be reviewed, once each; the ledger holds both acts as well. It is the
 * business of all who were told: the client's department, the owners of what was opened, civil affairs and audit.
 */
@Entity()
@Check('ck_emergency_access__department', isOneOf('department', DepartmentCode))
@Check(
  'ck_emergency_access__told',
  `told <@ array[${Object.keys(DepartmentCode)
    .map((code) => `'${code}'`)
    .join(', ')}]::varchar[]`,
)
@Check('ck_emergency_access__reason', 'char_length(reason) between 10 and 500')
@Check('ck_emergency_access__span', 'until > opened_at and closed_at >= opened_at and closed_at <= until')
@Check('ck_emergency_access__review', 'num_nulls(reviewed_by, reviewed_at, verdict, note) in (0, 4)')
@Check('ck_emergency_access__reviewer', 'reviewed_by <> client')
@Check('ck_emergency_access__verdict', isOneOf('verdict', EmergencyVerdict))
@Exclusion(
  'ex_emergency_access__one_at_a_time',
  'using gist (client with =, case_no with =, tstzrange(opened_at, least(until, closed_at)) with &&)',
)
@Index(['openedAt', 'id'])
@ObjectType({
  description: '应急访问 · Emergency access: who opened it, in which case, why, and what its review found',
})
@Rows({ departments: 'told' })
export class EmergencyAccess {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '应急访问主键 · Identifier of the emergency access' })
  @Rule(EMERGENCY)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '开启人 · Client that opened it' })
  @Rule(EMERGENCY)
  client!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '开启部门 · Department of that client' })
  @Rule(EMERGENCY)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '所依协议编号 · Number of the emergency agreement that decides' })
  @Rule(EMERGENCY)
  agreement!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '业务编号 · Case for which it was opened' })
  @Rule(EMERGENCY)
  caseNo!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '开启理由 · Why it was opened' })
  @Rule(EMERGENCY)
  reason!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '开启时间 · When it was opened' })
  @Rule(EMERGENCY)
  openedAt!: Date;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '到期时间 · From when on it is over, unless closed before',
  })
  @Rule(EMERGENCY)
  until!: Date;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '提前关闭时间 · When it was closed before its time' })
  @Rule(EMERGENCY)
  closedAt!: Date | null;

  @Field(() => Boolean, { nullable: true, description: '是否仍在开启 · Whether it is open now' })
  @Rule(EMERGENCY)
  @Computed(
    (row, at) => sql`${at.caller('now', 'timestamptz')} < least(${row.column('until')}, ${row.column('closedAt')})`,
  )
  open!: boolean;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '复核期限 · Day by the end of which it is to be reviewed' })
  @Rule(EMERGENCY)
  reviewDueOn!: string;

  @Column('varchar', { array: true })
  @Field(() => [DepartmentCode], { nullable: true, description: '被通知部门 · Departments that were told at once' })
  @Rule(EMERGENCY)
  told!: DepartmentCode[];

  @Field(() => Boolean, { nullable: true, description: '是否逾期未复核 · Whether its review is overdue' })
  @Rule(EMERGENCY)
  @Computed((row, at) => sql`${row.column('verdict')} is null and ${row.column('reviewDueOn')} < ${at.today}`)
  reviewOverdue!: boolean;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '复核人 · Client that reviewed it; never the one that opened it',
  })
  @Rule(EMERGENCY)
  reviewedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '复核时间 · When it was reviewed' })
  @Rule(EMERGENCY)
  reviewedAt!: Date | null;

  @Column('varchar', { nullable: true })
  @Field(() => EmergencyVerdict, { nullable: true, description: '复核结论 · What the review found' })
  @Rule(EMERGENCY)
  verdict!: EmergencyVerdict | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '复核意见 · What the reviewer wrote' })
  @Rule(EMERGENCY)
  note!: string | null;
}

/** A page of emergency accesses. */
export const EmergencyAccessConnection = connectionOf(() => EmergencyAccess, 'EmergencyAccess', '应急访问');
