import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { Computed, DateScalar, raw, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { field, personRecord, tableWriter } from '../../intake/index.ts';
import type { RecordKind } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { excludedFromIncome } from './rules.ts';

const OWNER = 'CIVIL_AFFAIRS';
const CHARITY = { group: 'charity-aid', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** What a charity gave (捐助, 慈善超市, 结对帮扶: 甘政发〔2005〕二(八), 皖政〔2005〕131号 三(二)); no income by rule. */
@Entity()
@Check('ck_charity_aid__amounts', 'cash_fen >= 0 and kind_value_fen >= 0')
@Check('ck_charity_aid__given', 'cash_fen is not null or kind_description is not null')
@Index(['personId', 'givenOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '慈善帮扶 · Aid that a charity gave' })
@Rows({ person: 'personId', via: 'person' })
export class CharityAid extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '捐助组织 · Organisation that gave' })
  @Rule(CHARITY)
  donor!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '统一社会信用代码 · Code of the organisation' })
  @Rule(CHARITY)
  donorUscc!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '帮扶项目 · Project' })
  @Rule(CHARITY)
  project!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '帮扶日期 · Given on' })
  @Rule(CHARITY)
  givenOn!: string;

  @Column('bigint', { name: 'cash_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '现金 · Cash' })
  @Rule(CHARITY)
  cash!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '物资或服务 · Goods or service' })
  @Rule(CHARITY)
  kindDescription!: string | null;

  @Column('bigint', { name: 'kind_value_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '物资折款 · Value of what was given in kind' })
  @Rule(CHARITY)
  kindValue!: string | null;

  @Field(() => Boolean, { nullable: true, description: '不计入低保收入 · Not counted as income when Dibao is judged' })
  @Rule(CHARITY)
  @Computed((row, at) => excludedFromIncome(raw(`'CHARITY_AID'`), row.column('personId'), at.today))
  excludedFromIncome!: boolean;
}

const fields = [
  field.text('donor', { title: '捐助组织 · Organisation', required: true, column: 'donor' }),
  field.uscc('donorUscc', { title: '统一社会信用代码 · Code of the organisation', column: 'donor_uscc' }),
  field.text('project', { title: '帮扶项目 · Project', column: 'project' }),
  field.date('givenOn', { title: '帮扶日期 · Given on', required: true, column: 'given_on' }),
  field.yuan('cash', { title: '现金 · Cash', column: 'cash_fen' }),
  field.text('kindDescription', { title: '物资或服务 · Goods or service', column: 'kind_description' }),
  field.yuan('kindValue', { title: '物资折款 · Value in kind', column: 'kind_value_fen' }),
];

/** 慈善帮扶 · Aid by charities. */
export const charityAid: RecordKind = {
  name: 'CHARITY_AID',
  title: '慈善帮扶 · Charity aid',
  department: OWNER,
  subject: 'person',
  fields,
  check: ({ content: { cash, kindDescription, givenOn = '' }, today }) => [
    ...(cash === undefined && kindDescription === undefined
      ? ([{ field: 'kindDescription', code: 'MISSING_FIELD' }] as const)
      : []),
    ...(givenOn > today ? ([{ field: 'givenOn', code: 'FUTURE_DATE' }] as const) : []),
  ],
  writer: tableWriter({ table: 'charity_aid' }),
};
