import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { field, householdRecord, tableWriter } from '../../intake/index.ts';
import type { RecordKind, RecordWriter } from '../../intake/index.ts';
import { DepartmentRecord, Node, placed, RecordId, REGION_CODE_CHECK } from '../../registry/index.ts';
import { DisasterMode, DisasterPhase } from './lists.ts';
import { HAPPENED, placeColumns } from './place.ts';

const OWNER = 'CIVIL_AFFAIRS';
const RELIEF = { group: 'disaster-relief', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/**
 * Loss and relief of one household in one event, in the version in which it was reported: version 3 supersedes, version 1
 * stays readable (皖政〔2005〕131号 二(一), 赣府厅发〔2014〕57号 三(三)). The fields of the winter–spring form are D03001–D03010
 * (应急统表10). The person is the head of the household.
 */
@Entity()
@Check('ck_disaster_relief__phase', isOneOf('phase', DisasterPhase))
@Check('ck_disaster_relief__mode', isOneOf('mode', DisasterMode))
@Check('ck_disaster_relief__amounts', 'cash_fen >= 0 and kind_value_fen >= 0 and insurance_fen >= 0')
@Check('ck_disaster_relief__counts', 'family_size >= 0 and needy_count <= family_size and houses_lost >= 0')
@Check('ck_disaster_relief__report_version', 'report_version > 0')
@Check('ck_disaster_relief__region_code', REGION_CODE_CHECK)
@Index(['personId', 'reportedOn', 'id'])
@Index(['householdId', 'reportedOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '受灾救助记录 · Loss and relief of a household' })
@Rows({ person: 'personId', household: 'householdId', place: true })
export class DisasterRelief extends placed(householdRecord(OWNER), OWNER, HAPPENED) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '灾害事件编码 · Code of the event' })
  @Rule(RELIEF)
  eventCode!: string;

  @Column('smallint')
  @Field(() => Int, { nullable: true, description: '上报版次 · Version of the report, from 1' })
  @Rule(RELIEF)
  reportVersion!: number;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '已被新版次取代 · A later version is held' })
  @Rule(RELIEF)
  superseded!: boolean;

  @Column('varchar')
  @Field(() => DisasterPhase, { nullable: true, description: '救助阶段 · Phase' })
  @Rule(RELIEF)
  phase!: DisasterPhase;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '家庭类型（D03004） · Type of the family' })
  @Rule(RELIEF)
  familyType!: string | null;

  @Column('smallint', { nullable: true })
  @Field(() => Int, { nullable: true, description: '家庭人口（D03005） · Persons in the family' })
  @Rule(RELIEF)
  familySize!: number | null;

  @Column('smallint', { nullable: true })
  @Field(() => Int, { nullable: true, description: '需救助人口（D03007） · Persons in need' })
  @Rule(RELIEF)
  needyCount!: number | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '家庭住址（D03006） · Address' })
  @Rule({ group: 'address', owner: OWNER, sensitivity: 'PERSONAL' })
  address!: string | null;

  @Column('smallint', { nullable: true })
  @Field(() => Int, { nullable: true, description: '倒损住房间数 · Rooms lost or damaged' })
  @Rule(RELIEF)
  housesLost!: number | null;

  @Column('boolean', { nullable: true })
  @Field(() => Boolean, { nullable: true, description: '仍在过渡安置 · Still in temporary shelter' })
  @Rule(RELIEF)
  inTemporaryShelter!: boolean | null;

  @Column('varchar', { nullable: true })
  @Field(() => DisasterMode, { nullable: true, description: '救助方式（D03010） · Cash or kind' })
  @Rule(RELIEF)
  mode!: DisasterMode | null;

  @Column('bigint', { name: 'cash_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '现金救助（D03008） · Cash' })
  @Rule(RELIEF)
  cash!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '物资名称 · Goods' })
  @Rule(RELIEF)
  kindDescription!: string | null;

  @Column('bigint', { name: 'kind_value_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '物资折款（D03009） · Value in kind' })
  @Rule(RELIEF)
  kindValue!: string | null;

  @Column('bigint', { name: 'insurance_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '农房保险赔付 · Paid by the insurance of rural homes' })
  @Rule(RELIEF)
  insurance!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '上报日期 · Reported on' })
  @Rule(RELIEF)
  reportedOn!: string;
}

const fields = [
  field.text('eventCode', { title: '灾害事件编码 · Event', required: true, column: 'event_code', most: 60 }),
  field.whole('reportVersion', { title: '上报版次 · Version', least: 1, most: 999 }),
  field.oneOf('phase', DisasterPhase, {
    title: '救助阶段 · Phase',
    aliases: { 应急: 'EMERGENCY', 过渡期: 'TRANSITION', 过渡期生活救助: 'TRANSITION', 冬春: 'WINTER_SPRING' },
  }),
  field.text('phone', { title: '联系电话（D03003） · Telephone', most: 40 }),
  field.text('familyType', { title: '家庭类型（D03004） · Family type', column: 'family_type', most: 60 }),
  field.whole('familySize', { title: '家庭人口（D03005） · Persons', most: 99, column: 'family_size' }),
  field.text('address', { title: '家庭住址（D03006） · Address', column: 'address', most: 300 }),
  field.whole('needyCount', { title: '需救助人口（D03007） · In need', most: 99, column: 'needy_count' }),
  field.whole('housesLost', { title: '倒损住房间数 · Rooms lost', most: 999, column: 'houses_lost' }),
  field.yesNo('inTemporaryShelter', { title: '仍在过渡安置 · In shelter', column: 'in_temporary_shelter' }),
  field.oneOf('mode', DisasterMode, {
    title: '救助方式（D03010） · Mode',
    column: 'mode',
    aliases: { 现金救助: 'CASH', 实物救助: 'KIND', 现金及实物: 'BOTH', 现金与实物: 'BOTH' },
  }),
  field.yuan('cash', { title: '现金救助（D03008） · Cash', column: 'cash_fen' }),
  field.text('kindDescription', { title: '物资名称 · Goods', column: 'kind_description', most: 300 }),
  field.yuan('kindValue', { title: '物资折款（D03009） · Value in kind', column: 'kind_value_fen' }),
  field.yuan('insurance', { title: '农房保险赔付 · Insurance', column: 'insurance_fen' }),
  field.date('reportedOn', { title: '上报日期 · Reported on', required: true, column: 'reported_on' }),
  field.region('eventRegion', { title: '受灾地区划 · Division of the event' }),
];

const VERSION = `coalesce((i.content->>'reportVersion')::smallint, 1)`;

// Of one household in one event, whatever the version: the key without what `versionedWriter` put behind it.
const LATEST = `
  update disaster_relief t set superseded = versions.later
  from (
    select own.id, exists (
      select from disaster_relief other where other.source_system = $1 and other.person_id = own.person_id
        and other.event_code = own.event_code and other.phase = own.phase and other.report_version > own.report_version) as later
    from disaster_relief own
    where own.source_system = $1 and own.person_id in (select person_id from intake_row where verdict in ('NEW', 'CHANGED'))
  ) versions
  where t.id = versions.id and t.superseded <> versions.later`;

/** A version is a record of its own: the same key in another version leaves the earlier one as it was, and marks it. */
function versionedWriter(): RecordWriter {
  const writer = tableWriter({
    table: 'disaster_relief',
    columns: {
      household_id: 'i.household_id',
      report_version: VERSION,
      phase: `coalesce(i.content->>'phase', 'EMERGENCY')`,
      superseded: 'false',
      ...placeColumns('eventRegion'),
    },
  });
  return {
    rights: (kind) => writer.rights?.(kind) ?? {},
    judge: async (tx, step) => {
      await tx.query(`update intake_row i set source_key = i.source_key || '#' || ${VERSION} where i.verdict is null`);
      await writer.judge(tx, step);
    },
    write: async (tx, step) => {
      await writer.write(tx, step);
      await tx.query(LATEST, [step.delivery.sourceSystem]);
    },
    // Nothing is missing from a list of one version: what it does not name is in the earlier ones.
  };
}

/** 受灾人员救助 · Loss and relief of households. */
export const disasterRelief: RecordKind = {
  name: 'DISASTER_RELIEF',
  title: '受灾救助 · Disaster relief',
  department: OWNER,
  subject: 'person',
  fields,
  check: ({ content: { familySize, needyCount, reportedOn = '' }, today }) => [
    ...(Number(needyCount ?? 0) > Number(familySize ?? Infinity)
      ? ([{ field: 'needyCount', code: 'BAD_COMBINATION' }] as const)
      : []),
    ...(reportedOn > today ? ([{ field: 'reportedOn', code: 'FUTURE_DATE' }] as const) : []),
  ],
  writer: versionedWriter(),
};
