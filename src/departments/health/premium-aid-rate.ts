import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { closedList, DateScalar, isOneOf, RegionCodeScalar, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import type { FieldRule } from '../../graph/index.ts';
import { VALIDITY_CHECK } from '../../registry/index.ts';

const OPEN: FieldRule = { group: 'public', owner: 'MEDICAL_SECURITY', sensitivity: 'PUBLIC' };

/** Who is helped with the premium. Codes that are programmes of civil affairs are written as there. */
export const PremiumAidCategory = closedList(
  'PremiumAidCategory',
  '资助参保身份 · As what somebody is helped with the premium',
  {
    TEKUN: '特困人员 · Tekun',
    ORPHAN: '孤儿（含事实无人抚养儿童） · Orphans and de facto unattended children',
    DIBAO: '低保对象 · Dibao',
    DIBAO_EDGE: '低保边缘家庭成员 · Near-subsistence families',
    RELAPSE_MONITORED: '防止返贫监测对象 · Monitored against relapse into poverty',
    OTHER: '当地规定的其他对象 · Others by local rule',
  },
);
export type PremiumAidCategory = keyof typeof PremiumAidCategory;

export const PremiumAidMode = closedList('PremiumAidMode', '资助方式 · How a premium is helped with', {
  FULL: '全额资助 · In full',
  FIXED: '定额资助 · By a fixed amount',
});
export type PremiumAidMode = keyof typeof PremiumAidMode;

/**
 * What is paid of whose premium, where and when: dated configuration (seeds/reference/premium-aid.csv). Of several
 * divisions around a person the finest one counts.
 */
@Entity()
@Check('ck_premium_aid_rate__category', isOneOf('category', PremiumAidCategory))
@Check('ck_premium_aid_rate__mode', isOneOf('mode', PremiumAidMode))
@Check('ck_premium_aid_rate__amount', `(mode = 'FIXED') = (amount_fen is not null) and amount_fen > 0`)
@Check('ck_premium_aid_rate__validity', VALIDITY_CHECK)
@Unique(['regionCode', 'category', 'validFrom'])
@ObjectType({ description: '资助参保标准 · What is paid of whose premium' })
@Rows({ public: true })
export class PremiumAidRate {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, {
    nullable: true,
    description: '适用区划（全国为000000000000） · Division in which it holds',
  })
  @Rule(OPEN)
  regionCode!: string;

  @Column('varchar')
  @Field(() => PremiumAidCategory, { nullable: true, description: '资助参保身份 · Who is helped' })
  @Rule(OPEN)
  category!: PremiumAidCategory;

  @Column('varchar')
  @Field(() => PremiumAidMode, { nullable: true, description: '资助方式 · In full or by a fixed amount' })
  @Rule(OPEN)
  mode!: PremiumAidMode;

  /** A year's, in fen. */
  @Column('bigint', { name: 'amount_fen', nullable: true })
  @Field(() => YuanScalar, {
    nullable: true,
    description: '定额 · The fixed amount for a year; null where it is all of the premium',
  })
  @Rule(OPEN)
  amount!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '起始日期 · In force from' })
  @Rule(OPEN)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '终止日期 · Last day in force; null while it is' })
  @Rule(OPEN)
  validTo!: string | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '依据 · Document that says so' })
  @Rule(OPEN)
  source!: string;
}
