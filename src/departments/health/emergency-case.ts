import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';

const OWNER = 'HEALTH';
const CARE = { group: 'emergency-care', owner: OWNER, sensitivity: 'PERSONAL' } as const;
/** Which hospital, where somebody was found and how they looked may tell an illness or an identity (PIPL art. 28). */
const PATIENT = { group: 'emergency-patient', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'presence' } as const;
const AMOUNTS = { group: 'medical-amounts', owner: OWNER, sensitivity: 'SENSITIVE' } as const;

/**
 * Somebody treated at once though nobody knew them or they could not pay (疾病应急救助, S3 二(五)), and who paid what. An
 * unknown patient stands under a temporary key until they are known, and is merged then.
 */
@Entity()
@Check('ck_emergency_case__amounts', 'least(insurance_fen, aid_fen, self_fen, fund_fen, unpaid_fen) >= 0')
@Check('ck_emergency_case__split', 'total_fen = insurance_fen + aid_fen + self_fen + fund_fen + unpaid_fen')
@Check('ck_emergency_case__fund_paid_on', 'fund_paid_on is null or fund_fen > 0')
@Index(['personId', 'arrivedOn', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '疾病应急救助 · An emergency treated for somebody unknown or unable to pay',
})
@Rows({ person: 'personId', via: 'person' })
export class EmergencyCase extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '救治医院 · Hospital; masked: that there is one' })
  @Rule(PATIENT)
  hospital!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '送诊日期 · Day of arrival' })
  @Rule(CARE)
  arrivedOn!: string;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '身份是否明确 · Whether the hospital knew who the patient was' })
  @Rule(CARE)
  identityKnown!: boolean;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '发现地点 · Where the patient was found; masked: that it is known',
  })
  @Rule(PATIENT)
  foundAt!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '体貌特征 · What the patient looked like; masked: that it is known',
  })
  @Rule(PATIENT)
  description!: string | null;

  @Column('bigint', { name: 'total_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '费用总额 · Total' })
  @Rule(AMOUNTS)
  total!: string;

  @Column('bigint', { name: 'insurance_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '医疗保险支付 · Paid by insurances' })
  @Rule(AMOUNTS)
  insurance!: string;

  @Column('bigint', { name: 'aid_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '医疗救助支付 · Paid by medical aid' })
  @Rule(AMOUNTS)
  aid!: string;

  @Column('bigint', { name: 'self_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '个人支付 · Paid by the patient' })
  @Rule(AMOUNTS)
  self!: string;

  @Column('bigint', { name: 'fund_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '应急救助基金支付 · Paid by the emergency fund' })
  @Rule(AMOUNTS)
  fund!: string;

  @Column('bigint', { name: 'unpaid_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '尚欠费用 · Still owed to the hospital' })
  @Rule(AMOUNTS)
  unpaid!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '基金拨付日期 · When the fund paid' })
  @Rule(CARE)
  fundPaidOn!: string | null;
}
