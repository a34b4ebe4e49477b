import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { isOneOf, Rows, Rule, YuanScalar } from '../graph/index.ts';
import { UrbanRural } from './lists.ts';
import { Node } from './node.ts';
import { Person } from './person.ts';
import { Placed, REGION_CODE_CHECK } from './recorded.ts';

const OWNER = 'CIVIL_AFFAIRS';

/** A case unit: who lives together (共同生活), not who stands in one household register (D21 art. 7). */
@Entity()
@Check('ck_household__urban_rural', isOneOf('urban_rural', UrbanRural))
@Check('ck_household__member_count', 'member_count >= 0')
@Check('ck_household__region_code', REGION_CODE_CHECK)
@ObjectType({ implements: Node, description: '救助家庭 · A household as the unit of a case: persons living together' })
@Rows({ household: 'id', place: true })
export class Household extends Placed {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '家庭主键 · Identifier of the household in this hub' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Index()
  @Column('uuid', { nullable: true })
  headPersonId!: string | null;

  @ManyToOne(() => Person)
  @JoinColumn({ name: 'head_person_id' })
  @Field(() => Person, { nullable: true, description: '户主 · Head of the household' })
  @Rule({ group: 'household-members', owner: OWNER, sensitivity: 'PERSONAL' })
  head!: Relation<Person> | null;

  @Column('varchar')
  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Urban or rural' })
  @Rule({ group: 'status', owner: OWNER, sensitivity: 'PERSONAL' })
  urbanRural!: UrbanRural;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '居住地址 · Address' })
  @Rule({ group: 'address', owner: OWNER, sensitivity: 'PERSONAL' })
  address!: string | null;

  @Column('int')
  @Field(() => Int, {
    nullable: true,
    description: '家庭人口数 · Number of members; masked: five stands for five and more',
  })
  @Rule({ group: 'household-count', owner: OWNER, sensitivity: 'PERSONAL', mask: 'count-band' })
  memberCount!: number;

  /** Verified income a month, in fen. */
  @Column('bigint', { name: 'monthly_income_fen', nullable: true })
  @Field(() => YuanScalar, {
    nullable: true,
    description: '核定家庭月收入 · Verified income a month; masked: the band',
  })
  @Rule({ group: 'means', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'amount-band' })
  monthlyIncome!: string | null;

  /** Verified assets, in fen. */
  @Column('bigint', { name: 'assets_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '核定家庭财产 · Verified assets; masked: the band' })
  @Rule({ group: 'means', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'amount-band' })
  assets!: string | null;
}
