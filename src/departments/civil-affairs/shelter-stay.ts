import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { Computed, DateScalar, isOneOf, RegionCodeScalar, Rows, Rule, sql } from '../../graph/index.ts';
import { field, personRecord, tableWriter } from '../../intake/index.ts';
import type { RecordKind } from '../../intake/index.ts';
import { DepartmentRecord, Node, placed, RecordId, REGION_CODE_CHECK } from '../../registry/index.ts';
import { HomeAnswer, ShelterEntryMode, ShelterExitMode, ShelterHealth } from './lists.ts';
import { HAPPENED, placeColumn, placeColumns } from './place.ts';
import { ruleOn, RULES, workingDaysAfter } from './rules.ts';

const OWNER = 'CIVIL_AFFAIRS';
/** Who begs is a matter of dignity: the station's own system and hospitals in a case of theirs, nobody else. */
const STAY = { group: 'shelter', owner: OWNER, sensitivity: 'SENSITIVE' } as const;

/**
 * A stay at a station for vagrants (甘政发〔2005〕二(七), 皖政〔2005〕131号 二(五)). Nobody has to be known by name: who is not
 * gets a TEMPORARY number, and is merged with a person when they are. The county of origin may stay unknown; when it was
 * asked and does not answer in time, that is flagged.
 */
@Entity()
@Check('ck_shelter_stay__entry_mode', isOneOf('entry_mode', ShelterEntryMode))
@Check('ck_shelter_stay__exit_mode', isOneOf('exit_mode', ShelterExitMode))
@Check('ck_shelter_stay__health', isOneOf('health', ShelterHealth))
@Check('ck_shelter_stay__home_answer', isOneOf('home_answer', HomeAnswer))
@Check('ck_shelter_stay__stay', 'left_on >= entered_on')
@Check('ck_shelter_stay__origin', 'origin_known or origin_region is null')
@Check('ck_shelter_stay__region_code', REGION_CODE_CHECK)
@Index(['personId', 'enteredOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '流浪乞讨救助站记录 · A stay at a shelter' })
@Rows({ person: 'personId', place: true })
export class ShelterStay extends placed(personRecord(OWNER), OWNER, HAPPENED) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '救助站 · Station' })
  @Rule(STAY)
  station!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '入站日期 · Came on' })
  @Rule(STAY)
  enteredOn!: string;

  @Column('varchar')
  @Field(() => ShelterEntryMode, { nullable: true, description: '入站方式 · How they came' })
  @Rule(STAY)
  entryMode!: ShelterEntryMode;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '离站日期 · Left on; null while there' })
  @Rule(STAY)
  leftOn!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => ShelterExitMode, { nullable: true, description: '离站方式 · How they left' })
  @Rule(STAY)
  exitMode!: ShelterExitMode | null;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '未成年人 · A minor, as the station takes it' })
  @Rule(STAY)
  minor!: boolean;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '户籍地已查明 · Origin known' })
  @Rule(STAY)
  originKnown!: boolean;

  @Column('varchar', { length: 12, nullable: true })
  @Field(() => RegionCodeScalar, { nullable: true, description: '流出地区划 · Division of origin' })
  @Rule(STAY)
  originRegion!: string | null;

  @Column('varchar')
  @Field(() => ShelterHealth, { nullable: true, description: '健康状况 · Health on entry' })
  @Rule({ group: 'shelter-health', owner: OWNER, sensitivity: 'SENSITIVE' })
  health!: ShelterHealth;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '向流出地发函日期 · Home county asked on' })
  @Rule(STAY)
  homeAskedOn!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '流出地答复期限 · Its answer is due on' })
  @Rule(STAY)
  homeDueOn!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '流出地答复日期 · It answered on' })
  @Rule(STAY)
  homeAnsweredOn!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => HomeAnswer, { nullable: true, description: '流出地答复 · What it answered' })
  @Rule(STAY)
  homeAnswer!: HomeAnswer | null;

  @Field(() => Boolean, {
    nullable: true,
    description: '流出地逾期未答复，须上报 · No answer in time: to be escalated',
  })
  @Rule(STAY)
  @Computed(
    (row, at) =>
      sql`(${row.column('homeAnsweredOn')} is null and coalesce(${row.column('homeDueOn')} < ${at.today}, false))`,
  )
  homeOverdue!: boolean;
}

const fields = [
  field.text('station', { title: '救助站 · Station', required: true, column: 'station' }),
  field.date('enteredOn', { title: '入站日期 · Came on', required: true, column: 'entered_on' }),
  field.oneOf('entryMode', ShelterEntryMode, {
    title: '入站方式 · How they came',
    required: true,
    column: 'entry_mode',
    aliases: { 自行求助: 'SELF', 本人求助: 'SELF', 公安送站: 'POLICE', 巡查: 'OUTREACH', 主动救助: 'OUTREACH' },
  }),
  field.date('leftOn', { title: '离站日期 · Left on', column: 'left_on' }),
  field.oneOf('exitMode', ShelterExitMode, {
    title: '离站方式 · How they left',
    column: 'exit_mode',
    aliases: { 自行返乡: 'LEFT', 亲属接领: 'RELATIVES', 护送: 'ESCORTED', 移交: 'TRANSFER', 送医: 'HOSPITAL' },
  }),
  field.yesNo('minor', { title: '未成年人 · A minor' }),
  field.region('originRegion', { title: '流出地区划 · Division of origin', column: 'origin_region' }),
  field.oneOf('health', ShelterHealth, {
    title: '健康状况 · Health',
    aliases: { 良好: 'HEALTHY', 疾病: 'ILL', 精神障碍: 'MENTAL_ILLNESS', 精神异常: 'MENTAL_ILLNESS', 未知: 'UNKNOWN' },
  }),
  field.date('homeAskedOn', { title: '向流出地发函日期 · Home asked on', column: 'home_asked_on' }),
  field.date('homeAnsweredOn', { title: '流出地答复日期 · Home answered on', column: 'home_answered_on' }),
  field.oneOf('homeAnswer', HomeAnswer, {
    title: '流出地答复 · Answer',
    column: 'home_answer',
    aliases: { 接收: 'ACCEPTED', 同意: 'ACCEPTED', 拒绝: 'REFUSED', 不接收: 'REFUSED' },
  }),
  field.region('stationRegion', { title: '救助站区划 · Division of the station', required: true }),
];

const entered = `(i.content->>'enteredOn')::date`;
const asked = `(i.content->>'homeAskedOn')::date`;

/** 流浪乞讨救助 · Stays at stations. */
export const shelterStays: RecordKind = {
  name: 'SHELTER_STAY',
  title: '救助站记录 · Shelter stay',
  department: OWNER,
  subject: 'person',
  mayBeUnknown: true,
  foundIn: 'stationRegion',
  fields,
  check: ({ content: { enteredOn = '', leftOn, exitMode, homeAskedOn, homeAnsweredOn, homeAnswer }, today }) => [
    ...(enteredOn > today ? ([{ field: 'enteredOn', code: 'FUTURE_DATE' }] as const) : []),
    ...(leftOn !== undefined && leftOn < enteredOn ? ([{ field: 'leftOn', code: 'BAD_ORDER' }] as const) : []),
    ...((leftOn === undefined) === (exitMode === undefined)
      ? []
      : ([{ field: 'exitMode', code: 'BAD_COMBINATION' }] as const)),
    ...((homeAnsweredOn === undefined) === (homeAnswer === undefined)
      ? []
      : ([{ field: 'homeAnswer', code: 'BAD_COMBINATION' }] as const)),
    ...(homeAnsweredOn !== undefined && homeAnsweredOn < (homeAskedOn ?? '9999')
      ? ([{ field: 'homeAnsweredOn', code: 'BAD_ORDER' }] as const)
      : []),
  ],
  writer: tableWriter({
    table: 'shelter_stay',
    columns: {
      ...placeColumns('stationRegion'),
      minor: `coalesce((i.content->>'minor')::boolean, i.birth_date > ${entered} - make_interval(years =>
        ${ruleOn(`'${RULES.MINOR}'`, entered, placeColumn('county_code', 'stationRegion'))}::int), false)`,
      origin_known: `i.content ? 'originRegion'`,
      health: `coalesce(i.content->>'health', 'UNKNOWN')`,
      home_due_on: workingDaysAfter(
        asked,
        ruleOn(`'${RULES.HOME_ANSWER}'`, asked, placeColumn('county_code', 'stationRegion')),
      ),
    },
  }),
};
