import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { InsuredType } from './insured-record.ts';

const OWNER = 'MEDICAL_SECURITY';
const AMOUNTS = { group: 'medical-amounts', owner: OWNER, sensitivity: 'SENSITIVE' } as const;

export const VisitKind = closedList('VisitKind', '就诊类型 · Kind of visit', {
  INPATIENT: '住院 · Inpatient',
  OUTPATIENT: '门诊 · Outpatient',
});
export type VisitKind = keyof typeof VisitKind;

/** One bill and who paid what of it (一站式即时结算); the parts add up to the total to the fen. */
@Entity()
@Check('ck_medical_settlement__insured_type', isOneOf('insured_type', InsuredType))
@Check('ck_medical_settlement__visit', isOneOf('visit', VisitKind))
@Check('ck_medical_settlement__stay', 'discharged_on >= admitted_on')
@Check('ck_medical_settlement__split', 'total_fen = basic_fen + major_fen + aid_fen + other_fen + self_fen')
@Check('ck_medical_settlement__in_policy', 'in_policy_fen between 0 and total_fen')
@Index(['personId', 'admittedOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '医疗费用结算 · Settlement of a medical bill' })
@Rows({ person: 'personId', via: 'person' })
export class MedicalSettlement extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => InsuredType, { nullable: true, description: '参保类型 · Insurance scheme' })
  @Rule(AMOUNTS)
  insuredType!: InsuredType;

  @Column('varchar')
  @Field(() => VisitKind, { nullable: true, description: '就诊类型 · Kind of visit' })
  @Rule(AMOUNTS)
  visit!: VisitKind;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '入院（就诊）日期 · Admitted on' })
  @Rule(AMOUNTS)
  admittedOn!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '出院日期 · Discharged on' })
  @Rule(AMOUNTS)
  dischargedOn!: string | null;

  /** Stays with the departments of health (PIPL art. 28): others learn at most that the illness is serious. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '诊断 · Diagnosis; masked: that there is one' })
  @Rule({ group: 'diagnosis', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'presence' })
  diagnosis!: string | null;

  /** ICD-10, as the hospital coded it: the list of serious illnesses goes by it. */
  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '诊断编码（ICD-10） · Code of the diagnosis; masked: that there is one',
  })
  @Rule({ group: 'diagnosis', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'presence' })
  diagnosisCode!: string | null;

  /** By the list of diseases in force at the patient's place on the day of discharge (serious-illness.ts). */
  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '是否重特大疾病 · Whether the illness is a serious one' })
  @Rule({ group: 'serious-illness', owner: OWNER, sensitivity: 'SENSITIVE' })
  seriousIllness!: boolean;

  @Column('bigint', { name: 'total_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '费用总额 · Total' })
  @Rule(AMOUNTS)
  total!: string;

  @Column('bigint', { name: 'in_policy_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '政策范围内费用 · Part within the policy' })
  @Rule(AMOUNTS)
  inPolicy!: string;

  @Column('bigint', { name: 'basic_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '基本医保支付 · Paid by basic insurance' })
  @Rule(AMOUNTS)
  basic!: string;

  @Column('bigint', { name: 'major_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '大病保险支付 · Paid by major-illness insurance' })
  @Rule(AMOUNTS)
  major!: string;

  @Column('bigint', { name: 'aid_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '医疗救助支付 · Paid by medical aid' })
  @Rule(AMOUNTS)
  aid!: string;

  @Column('bigint', { name: 'other_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '其他支付 · Paid by others' })
  @Rule(AMOUNTS)
  other!: string;

  @Column('bigint', { name: 'self_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '个人自付 · Paid by the patient' })
  @Rule(AMOUNTS)
  self!: string;
}
