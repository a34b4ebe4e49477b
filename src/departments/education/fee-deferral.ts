import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { FEES_CHECK, SchoolFee } from './fees.ts';
import { OWNER, SCHOOL } from './student-record.ts';
import { TERM_CHECK } from './term.ts';

const FEES = { group: 'education-fees', owner: OWNER, sensitivity: 'PERSONAL' } as const;

export const DeferralKind = closedList('DeferralKind', '缓缴方式 · How fees are put off', {
  GREEN_CHANNEL: '绿色通道入学 · Enrolled first, fees settled later (S2 二(九))',
  DEFERRED: '缓交 · Put off to a later day (S1 一(四))',
});
export type DeferralKind = keyof typeof DeferralKind;

/**
 * Fees that a student need not pay yet. Nothing is granted by it, so it is a record and no aid: what is waived in the end
 * is reported as a grant of its own.
 */
@Entity()
@Check('ck_fee_deferral__kind', isOneOf('kind', DeferralKind))
@Check('ck_fee_deferral__amount_fen', 'amount_fen > 0')
@Check('ck_fee_deferral__fees', FEES_CHECK)
@Check('ck_fee_deferral__term', TERM_CHECK)
@Check('ck_fee_deferral__days', 'due_on >= granted_on and settled_on >= granted_on')
@Index(['personId', 'term', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '学费缓缴（含绿色通道） · Fees put off, no grant' })
@Rows({ person: 'personId', via: 'person' })
export class FeeDeferral extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => DeferralKind, { nullable: true, description: '缓缴方式 · How' })
  @Rule(FEES)
  kind!: DeferralKind;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '学校名称 · Name of the school; masked: that there is one' })
  @Rule(SCHOOL)
  schoolName!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: "学期 · Term, e.g. '2026-1' (spring) or '2026-2' (autumn)" })
  @Rule(FEES)
  term!: string;

  @Column('text', { array: true, nullable: true })
  @Field(() => [SchoolFee], { nullable: true, description: '缓缴项目 · Fees that are put off' })
  @Rule(FEES)
  fees!: SchoolFee[] | null;

  @Column('bigint', { name: 'amount_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '缓缴金额 · Sum put off' })
  @Rule(FEES)
  amount!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '批准日期 · Granted on' })
  @Rule(FEES)
  grantedOn!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '应缴日期 · Due on' })
  @Rule(FEES)
  dueOn!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '结清日期 · Settled on; null while it is not' })
  @Rule(FEES)
  settledOn!: string | null;
}
