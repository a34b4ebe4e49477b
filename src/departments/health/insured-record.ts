import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId, VALIDITY_CHECK } from '../../registry/index.ts';
import { PremiumAidCategory, PremiumAidMode } from './premium-aid-rate.ts';

const OWNER = 'MEDICAL_SECURITY';
const INSURANCE = { group: 'insurance', owner: OWNER, sensitivity: 'PERSONAL' } as const;
const AMOUNTS = { group: 'medical-amounts', owner: OWNER, sensitivity: 'SENSITIVE' } as const;

export const InsuredType = closedList('InsuredType', '参保类型 · Basic medical insurance scheme', {
  EMPLOYEE: '职工基本医疗保险 · Employees',
  RESIDENT: '城乡居民基本医疗保险 · Urban and rural residents',
});
export type InsuredType = keyof typeof InsuredType;

/** A person's insurance for a time, and what was paid of the premium for them (资助参保, S1 一(三), S2 二(三)). */
@Entity()
@Check('ck_insured_record__insured_type', isOneOf('insured_type', InsuredType))
@Check('ck_insured_record__validity', VALIDITY_CHECK)
@Check('ck_insured_record__aided_as', isOneOf('aided_as', PremiumAidCategory))
@Check('ck_insured_record__premium_aid_mode', isOneOf('premium_aid_mode', PremiumAidMode))
@Check('ck_insured_record__premium', 'premium_fen >= 0')
@Check('ck_insured_record__premium_aid', 'premium_aid_fen between 0 and premium_fen')
@Index(['personId', 'validFrom', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '参保记录 · Basic medical insurance of a person, for a time',
})
@Rows({ person: 'personId', via: 'person' })
export class InsuredRecord extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => InsuredType, { nullable: true, description: '参保类型 · Insurance scheme' })
  @Rule(INSURANCE)
  insuredType!: InsuredType;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '参保起始日期 · Insured from' })
  @Rule(INSURANCE)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, {
    nullable: true,
    description: '参保终止日期 · Insured to, that day included; null while open',
  })
  @Rule(INSURANCE)
  validTo!: string | null;

  /** A year's, in fen. */
  @Column('bigint', { name: 'premium_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '个人应缴保费 · Premium of the person for the year' })
  @Rule(AMOUNTS)
  premium!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => PremiumAidCategory, {
    nullable: true,
    description: '资助参保身份 · As what the person was helped with the premium',
  })
  @Rule(INSURANCE)
  aidedAs!: PremiumAidCategory | null;

  @Column('varchar', { nullable: true })
  @Field(() => PremiumAidMode, { nullable: true, description: '资助方式 · Whether in full or by a fixed amount' })
  @Rule(INSURANCE)
  premiumAidMode!: PremiumAidMode | null;

  @Column('bigint', { name: 'premium_aid_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '资助金额 · Paid of the premium for the person' })
  @Rule(AMOUNTS)
  premiumAid!: string | null;
}
