/** 人员基本信息 · Master data of persons: civil affairs keeps the shared registry up to date; others only add to it. */
import type { PoolClient } from '../../platform/database.ts';
import { field } from '../../intake/index.ts';
import type { RecordField, RecordKind, Step } from '../../intake/index.ts';
import { recordDeaths } from '../../matching/index.ts';
import { DisabilityType, LabourAbility, SelfCareGrade } from '../../registry/index.ts';
import { keepOld } from './keep-old.ts';

/** GB/T 3304-1991 in the order of its codes, 01 to 56. */
const ETHNICITIES =
  '汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族'.split(
    ' ',
  );

/** A code of two digits, or the name with or without 族. */
const ethnicityField: RecordField = {
  name: 'ethnicity',
  title: '民族 · Ethnicity',
  required: false,
  column: undefined,
  sqlType: 'varchar',
  fault: 'BAD_CODE',
  read: (text) => {
    const bare = text.replaceAll(/\s/gu, '');
    const place = /^\d{1,2}$/u.test(bare)
      ? Number(bare)
      : ETHNICITIES.findIndex((name) => name === bare || name === `${bare}族`) + 1;
    return place >= 1 && place <= ETHNICITIES.length ? String(place).padStart(2, '0') : undefined;
  },
};

const GRADES: Readonly<Record<string, string>> = {
  一级: '1',
  二级: '2',
  三级: '3',
  四级: '4',
  一: '1',
  二: '2',
  三: '3',
  四: '4',
};
const gradeField: RecordField = {
  ...field.whole('disabilityGrade', { title: '残疾等级 · Grade of disability', least: 1, most: 4 }),
  read: (text) => GRADES[text] ?? (/^[1-4]级?$/u.test(text) ? text.charAt(0) : undefined),
};

/** Fields that become a column of person as they stand; what a row leaves empty stays what it was. */
const COLUMNS: Readonly<Record<string, readonly [field: RecordField, cast: string]>> = {
  ethnicity: [ethnicityField, 'varchar'],
  phone: [field.text('phone', { title: '联系电话 · Telephone', most: 40 }), 'varchar'],
  address: [field.text('address', { title: '居住地址 · Address', most: 300 }), 'varchar'],
  disability_type: [
    field.oneOf('disabilityType', DisabilityType, {
      title: '残疾类别 · Kind of disability',
      aliases: {
        视力: 'VISUAL',
        听力: 'HEARING',
        言语: 'SPEECH',
        肢体: 'PHYSICAL',
        智力: 'INTELLECTUAL',
        精神: 'MENTAL',
        多重: 'MULTIPLE',
      },
    }),
    'varchar',
  ],
  disability_grade: [gradeField, 'smallint'],
  disability_certificate_no: [
    field.text('disabilityCertificateNo', { title: '残疾人证号 · Certificate', most: 30 }),
    'varchar',
  ],
  labour_ability: [
    field.oneOf('labourAbility', LabourAbility, {
      title: '劳动能力 · Ability to work',
      aliases: { 有: 'ABLE', 部分丧失: 'PARTIAL', 完全丧失: 'TOTAL_LOSS', 无: 'NONE_BY_AGE' },
    }),
    'varchar',
  ],
  self_care_grade: [
    field.oneOf('selfCare', SelfCareGrade, {
      title: '生活自理能力 · Self-care',
      aliases: { 部分丧失: 'PARTIAL_LOSS', 完全丧失: 'FULL_LOSS', 具备: 'ABLE' },
    }),
    'varchar',
  ],
};
const fields = [...Object.values(COLUMNS).map(([one]) => one), field.date('diedOn', { title: '死亡日期 · Died on' })];

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'] as const;
/** What becomes of each column. Sex and birth date that contradict are a conflict to decide, and never overwritten. */
const NOW: Readonly<Record<string, string>> = {
  name: 'i.name',
  name_key: 'i.name_key',
  sex: `case when p.sex in ('1', '2') then p.sex else coalesce(i.sex, p.sex) end`,
  birth_date: 'coalesce(p.birth_date, i.birth_date)',
  ...Object.fromEntries(
    Object.entries(COLUMNS).map(([column, [{ name }, cast]]) => [
      column,
      `coalesce((i.content->>'${name}')::${cast}, p.${column})`,
    ]),
  ),
  ...Object.fromEntries(
    PLACE.map((column) => {
      const own =
        column === 'county_code'
          ? 'coalesce(i.county_code, i.prefecture_code, i.province_code)'
          : column === 'prefecture_code'
            ? 'coalesce(i.prefecture_code, i.province_code)'
            : `i.${column}`;
      return [column, `case when i.province_code is null then p.${column} else ${own} end`];
    }),
  ),
};
const columns = Object.keys(NOW);

// Of several rows about one person the last key stands, in whichever order they came.
const PRESENT = `
  select distinct on (p.id) p.id, i.row_no, i.source_key, ${columns.map((column) => `${NOW[column]} as ${column}`).join(', ')}
  from intake_row i join person p on p.id = i.person_id
  where i.verdict in ('NEW', 'CHANGED') order by p.id, i.source_key desc`;

// Whom the source tells of for the first time is NEW, whether or not somebody else knew them: a receipt tells of nobody. An
// older list of the same source never takes the place of a newer one.
const JUDGE = `
  update intake_row r set
    verdict = case when told.first then 'NEW' when not told.differs then 'UNCHANGED' when told.older then 'REJECTED' else 'CHANGED' end,
    code = case when not told.first and told.differs and told.older then 'OLDER_THAN_HELD' end,
    field = case when not told.first and told.differs and told.older then 'sourceKey' end
  from (
    select i.row_no, i.match = 'CREATED' or p.source_system <> $1 as first, p.as_of > $2 as older,
      (${columns.map((column) => `p.${column}`).join(', ')}) is distinct from (${columns.map((column) => NOW[column] ?? '').join(', ')})
        or (p.died_on is null and i.content ? 'diedOn') as differs
    from intake_row i join person p on p.id = i.person_id
    where i.verdict is null) told
  where r.row_no = told.row_no and r.verdict is null`;

const OTHER_DEATH = `
  update intake_row i set verdict = 'CONFLICT', code = 'CONFLICT', field = 'diedOn'
  from person p
  where p.id = i.person_id and i.verdict in ('NEW', 'CHANGED', 'UNCHANGED')
    and p.died_on is not null and p.died_on <> (i.content->>'diedOn')::date`;

const DEATHS = `
  select i.person_id as "personId", i.content->>'diedOn' as "diedOn", i.source_key as "sourceKey", i.row_no as "rowNo"
  from intake_row i where i.verdict = any($1) and i.content ? 'diedOn' order by i.row_no`;

/** Hands deaths to the registry: the first day that somebody reports stands, another one is a conflict to decide. */
async function reportDeaths(tx: PoolClient, { at, delivery }: Step, verdicts: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ personId: string; diedOn: string; sourceKey: string; rowNo: number }>(DEATHS, [
    verdicts,
  ]);
  const { asOf, department, sourceSystem, id: deliveryId } = delivery;
  await recordDeaths(tx, { at, asOf, department, sourceSystem, deliveryId }, rows);
}

const VERSION = ['source_system', 'source_key', 'as_of', 'recorded_at'];

/** 人员基本信息 · Master data of persons. */
export const persons: RecordKind = {
  name: 'PERSON',
  title: '人员基本信息 · Person',
  department: 'CIVIL_AFFAIRS',
  subject: 'person',
  fields,
  check: ({ content: { diedOn }, subject, today }) => [
    ...(diedOn !== undefined && diedOn > today ? ([{ field: 'diedOn', code: 'FUTURE_DATE' }] as const) : []),
    ...(diedOn !== undefined && diedOn < (subject?.birthDate ?? '')
      ? ([{ field: 'diedOn', code: 'BAD_ORDER' }] as const)
      : []),
  ],
  writer: {
    rights: () => ({ person: { update: [...columns, 'died_on', ...VERSION] } }),
    async judge(tx, step) {
      const { delivery, preview } = step;
      await tx.query(JUDGE, [delivery.sourceSystem, delivery.asOf]);
      // Somebody whom a preview would create is in no table.
      await tx.query(`update intake_row set verdict = 'NEW' where verdict is null`);
      const { rowCount } = await tx.query(OTHER_DEATH);
      if ((rowCount ?? 0) > 0 && !preview) await reportDeaths(tx, step, ['CONFLICT']);
    },
    async write(tx, step) {
      const { delivery, at } = step;
      await keepOld(
        tx,
        step,
        'person',
        `t.id in (select i.person_id from intake_row i
          where i.verdict = 'CHANGED' or (i.verdict = 'NEW' and i.match <> 'CREATED'))`,
        [],
        'id',
      );
      await tx.query(
        `update person t set ${columns.map((column) => `${column} = now.${column}`).join(', ')},
           source_system = $1, source_key = now.source_key, as_of = $2, recorded_at = $3
         from (${PRESENT}) now where t.id = now.id`,
        [delivery.sourceSystem, delivery.asOf, at],
      );
      await reportDeaths(tx, step, ['NEW', 'CHANGED']);
    },
  },
};
