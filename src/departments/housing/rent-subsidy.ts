import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { MonthScalar, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { householdRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';

const OWNER = 'HOUSING';
const HOUSING = { group: 'housing', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** Money for somebody who rents on the market, so much a month (租赁住房补贴: S2 二(十); 住房租赁补贴: S3 二(七)). */
@Entity()
@Check('ck_rent_subsidy__amount', 'amount_fen > 0')
@Check(
  'ck_rent_subsidy__months',
  `month_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and month_to ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and month_to >= month_from`,
)
@Index(['personId', 'monthFrom', 'id'])
@Index(['householdId', 'monthFrom', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '住房租赁补贴 · A rent subsidy, so much a month' })
@Rows({ person: 'personId', household: 'householdId', via: 'person' })
export class RentSubsidy extends householdRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  /** In fen. */
  @Column('bigint', { name: 'amount_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '月补贴金额 · Amount a month' })
  @Rule(HOUSING)
  amount!: string;

  @Column('char', { length: 7 })
  @Field(() => MonthScalar, { nullable: true, description: '补贴起始月份 · First month' })
  @Rule(HOUSING)
  monthFrom!: string;

  @Column('char', { length: 7, nullable: true })
  @Field(() => MonthScalar, { nullable: true, description: '补贴终止月份 · Last month; null while it runs' })
  @Rule(HOUSING)
  monthTo!: string | null;
}
