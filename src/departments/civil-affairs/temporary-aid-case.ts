import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { Computed, DateScalar, isOneOf, Rows, Rule, sql } from '../../graph/index.ts';
import { field, householdRecord, tableWriter } from '../../intake/index.ts';
import type { RecordKind } from '../../intake/index.ts';
import { DepartmentRecord, Node, placed, RecordId, REGION_CODE_CHECK } from '../../registry/index.ts';
import { TemporaryAidKind } from './lists.ts';
import { HAPPENED, placeColumn, placeColumns } from './place.ts';
import { ruleOn, RULES, workingDaysAfter } from './rules.ts';

const OWNER = 'CIVIL_AFFAIRS';
const CASE = { group: 'temporary-aid', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/**
 * A case of temporary aid. Aid may come first and its papers after (先行救助: 甘政办发〔2017〕28号 二(三), 社会救助暂行办法
 * art. 50); whose papers never came is flagged. What was paid is in the ledger of aid, under `grantKey`.
 */
@Entity()
@Check('ck_temporary_aid_case__kind', isOneOf('kind', TemporaryAidKind))
@Check('ck_temporary_aid_case__aid_first', `not aid_first or kind = 'URGENT'`)
@Check('ck_temporary_aid_case__region_code', REGION_CODE_CHECK)
@Index(['personId', 'decidedOn', 'id'])
@Index(['householdId', 'decidedOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '临时救助个案 · A case of temporary aid' })
@Rows({ person: 'personId', household: 'householdId', place: true })
export class TemporaryAidCase extends placed(householdRecord(OWNER), OWNER, HAPPENED) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => TemporaryAidKind, { nullable: true, description: '救助类型 · Kind' })
  @Rule(CASE)
  kind!: TemporaryAidKind;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '致困原因 · What happened' })
  @Rule({ group: 'cause', owner: OWNER, sensitivity: 'SENSITIVE' })
  cause!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '申请日期 · Applied on; none where it was found (主动发现)' })
  @Rule(CASE)
  appliedOn!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '救助决定日期 · Decided on' })
  @Rule(CASE)
  decidedOn!: string;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '先行救助 · Aid came first, its papers after' })
  @Rule(CASE)
  aidFirst!: boolean;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '小额快救 · Small and fast' })
  @Rule(CASE)
  fastTrack!: boolean;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '手续补办期限 · Papers due on; where aid came first' })
  @Rule(CASE)
  papersDueOn!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '手续补齐日期 · Papers supplemented on' })
  @Rule(CASE)
  papersOn!: string | null;

  @Field(() => Boolean, { nullable: true, description: '手续逾期未补 · Aid came first and its papers are overdue' })
  @Rule(CASE)
  @Computed(
    (row, at) =>
      sql`(${row.column('aidFirst')} and ${row.column('papersOn')} is null
        and coalesce(${row.column('papersDueOn')} < ${at.today}, false))`,
  )
  papersOverdue!: boolean;

  /** Key under which the grant is in the ledger of aid: the two are told apart, and never added up. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '发放业务编号 · Key of the grant in the ledger of aid' })
  @Rule(CASE)
  grantKey!: string | null;
}

const fields = [
  field.oneOf('kind', TemporaryAidKind, {
    title: '救助类型 · Kind',
    required: true,
    column: 'kind',
    aliases: { 急难: 'URGENT', 急难型临时救助: 'URGENT', 支出: 'EXPENDITURE', 支出型临时救助: 'EXPENDITURE' },
  }),
  field.text('cause', { title: '致困原因 · Cause', column: 'cause', most: 300 }),
  field.date('appliedOn', { title: '申请日期 · Applied on', column: 'applied_on' }),
  field.date('decidedOn', { title: '救助决定日期 · Decided on', required: true, column: 'decided_on' }),
  field.yesNo('aidFirst', { title: '先行救助 · Aid first' }),
  field.yesNo('fastTrack', { title: '小额快救 · Small and fast' }),
  field.date('papersDueOn', { title: '手续补办期限 · Papers due on' }),
  field.date('papersOn', { title: '手续补齐日期 · Papers on', column: 'papers_on' }),
  field.text('grantKey', { title: '发放业务编号 · Key of the grant', column: 'grant_key' }),
  field.region('acceptedRegion', { title: '受理地区划 · Division that helped' }),
];

const decided = `(i.content->>'decidedOn')::date`;
const dueByRule = workingDaysAfter(
  decided,
  ruleOn(`'${RULES.AID_FIRST_PAPERS}'`, decided, placeColumn('county_code', 'acceptedRegion')),
);

/** 临时救助 · Cases of temporary aid. */
export const temporaryAidCases: RecordKind = {
  name: 'TEMPORARY_AID_CASE',
  title: '临时救助个案 · Temporary aid case',
  department: OWNER,
  subject: 'person',
  fields,
  check: ({ content: { kind, aidFirst, appliedOn, decidedOn = '', papersOn }, today }) => [
    ...(aidFirst === 'true' && kind !== 'URGENT' ? ([{ field: 'aidFirst', code: 'BAD_COMBINATION' }] as const) : []),
    ...(decidedOn > today ? ([{ field: 'decidedOn', code: 'FUTURE_DATE' }] as const) : []),
    // Aid that came first is decided before anybody applies.
    ...(aidFirst !== 'true' && appliedOn !== undefined && appliedOn > decidedOn
      ? ([{ field: 'appliedOn', code: 'BAD_ORDER' }] as const)
      : []),
    ...(papersOn !== undefined && papersOn < decidedOn ? ([{ field: 'papersOn', code: 'BAD_ORDER' }] as const) : []),
  ],
  writer: tableWriter({
    table: 'temporary_aid_case',
    columns: {
      household_id: 'i.household_id',
      ...placeColumns('acceptedRegion'),
      aid_first: `coalesce((i.content->>'aidFirst')::boolean, false)`,
      fast_track: `coalesce((i.content->>'fastTrack')::boolean, false)`,
      papers_due_on: `case when (i.content->>'aidFirst')::boolean
        then coalesce((i.content->>'papersDueOn')::date, ${dueByRule}) end`,
    },
  }),
};
