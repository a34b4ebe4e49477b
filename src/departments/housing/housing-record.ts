import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, Computed, DecimalScalar, isOneOf, Rows, Rule, sql } from '../../graph/index.ts';
import { householdRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';

const OWNER = 'HOUSING';
const HOUSING = { group: 'housing', owner: OWNER, sensitivity: 'PERSONAL' } as const;

export const Tenure = closedList('Tenure', '住房来源 · How a person is housed', {
  OWNED: '自有住房 · Owned',
  PUBLIC_RENTAL: '公共租赁住房 · Public rental housing',
  PRIVATE_RENTAL: '市场租赁住房 · Private rental',
  NONE: '无房 · None',
});
export type Tenure = keyof typeof Tenure;

export const DangerGrade = closedList('DangerGrade', '房屋安全等级 · Safety grade of a dwelling', {
  A: 'A级 安全 · Safe',
  B: 'B级 基本安全 · Basically safe',
  C: 'C级 局部危险 · Partly dangerous',
  D: 'D级 整幢危险 · Dangerous as a whole',
});
export type DangerGrade = keyof typeof DangerGrade;

/** How a person is housed. */
@Entity()
@Check('ck_housing_record__tenure', isOneOf('tenure', Tenure))
@Check('ck_housing_record__area_m2', 'area_m2 >= 0')
@Check('ck_housing_record__danger_grade', isOneOf('danger_grade', DangerGrade))
@Index(['personId', 'id'])
@Index(['householdId', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '住房记录 · How a person is housed' })
@Rows({ person: 'personId', household: 'householdId', via: 'person' })
export class HousingRecord extends householdRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => Tenure, { nullable: true, description: '住房来源 · Tenure' })
  @Rule(HOUSING)
  tenure!: Tenure;

  @Column('numeric', { precision: 8, scale: 2 })
  @Field(() => DecimalScalar, { nullable: true, description: '建筑面积（平方米） · Floor area in square metres' })
  @Rule(HOUSING)
  areaM2!: string;

  /** Area over those who live together today: a field made of two groups is a group of its own. */
  @Field(() => DecimalScalar, {
    nullable: true,
    description: '人均建筑面积（平方米） · Floor area for each member of the household today; null without a household',
  })
  @Rule({ group: 'per-capita-area', owner: OWNER, sensitivity: 'PERSONAL' })
  @Computed(
    (record, { today }) => sql`(round(${record.column('areaM2')} / nullif((select count(*) from membership member
      where member.household_id = ${record.column('householdId')} and member.valid_from <= ${today}
        and (member.valid_to is null or member.valid_to >= ${today})), 0), 2))::text`,
  )
  perCapitaAreaM2!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => DangerGrade, { nullable: true, description: '房屋安全等级 · Safety grade' })
  @Rule(HOUSING)
  dangerGrade!: DangerGrade | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '房屋坐落 · Address of the dwelling' })
  @Rule({ group: 'address', owner: OWNER, sensitivity: 'PERSONAL' })
  address!: string | null;
}
