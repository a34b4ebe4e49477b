import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { civilAffairs } from '../../../src/departments/civil-affairs/index.ts';
import { readTemplates, templateKindOf } from '../../../src/intake/files/index.ts';
import { line, LONGXI, openCivilAffairs, person, WEIYUAN } from './world.ts';
import type { Cells, CivilAffairsWorld } from './world.ts';

let world: CivilAffairsWorld;
beforeAll(async () => {
  world = await openCivilAffairs();
});
afterEach(() => world.forget());
afterAll(() => world.close());

const one = async (text: string): Promise<Record<string, unknown> | undefined> => (await world.rows(text))[0];

test('each kind has a template with several headers of the field, all of them understood', () => {
  const kinds = civilAffairs.records.map((kind) => templateKindOf(kind));
  const templates = readTemplates({ own: 'seeds/templates', installed: undefined }, kinds);
  for (const { record, fields } of kinds) {
    const columns = templates.get(record)?.columns ?? [];
    expect([record, columns.map(({ field }) => field).sort()]).toEqual([record, fields.map(({ name }) => name).sort()]);
    expect(columns.flatMap(({ headers }) => headers).length).toBeGreaterThan(columns.length * 1.8);
  }
});

describe('master data of persons', () => {
  const known = {
    sourceKey: 'P1',
    ...person(1),
    phone: '0932-1',
    ethnicity: '回',
    disabilityType: '肢体',
    disabilityGrade: '二级',
  };

  test('what a row says is the registry’s, what it leaves empty stays, and the old version is kept', async () => {
    expect((await world.deliver('PERSON', [known], { asOf: '2026-10-01' })).counts).toMatchObject({ recorded: 1 });
    const { counts } = await world.deliver('PERSON', [
      { ...known, phone: '0932-2', ethnicity: '', labourAbility: '有' },
    ]);
    expect(counts).toMatchObject({ changed: 1 });
    expect(
      await one(
        'select name, ethnicity, phone, disability_type, disability_grade, labour_ability, county_code from person',
      ),
    ).toEqual({
      name: '张乙',
      ethnicity: '03',
      phone: '0932-2',
      disability_type: 'PHYSICAL',
      disability_grade: 2,
      labour_ability: 'ABLE',
      county_code: LONGXI,
    });
    expect(await world.rows(`select content->>'phone' as phone from record_history where record = 'PERSON'`)).toEqual([
      { phone: '0932-1' },
    ]);
    const again = await world.deliver('PERSON', [{ ...known, phone: '0932-2', labourAbility: '有' }]);
    expect(again.counts).toMatchObject({ unchanged: 1, changed: 0 });
  });

  test('an older list never takes the place of a newer one, nor a different birth date that of the registry', async () => {
    await world.deliver('PERSON', [known]);
    const older = await world.deliver('PERSON', [{ ...known, phone: '0932-9' }], { asOf: '2026-09-01' });
    expect(await world.findings(older.id)).toEqual([[1, 'sourceKey', 'OLDER_THAN_HELD']]);
    await world.deliver('PERSON', [{ ...known, birthDate: '1971-01-01' }]);
    expect(await one('select phone, birth_date from person')).toEqual({ phone: '0932-1', birth_date: '1970-05-06' });
  });

  test('a death that comes late: benefits go on until somebody reviews them, and a second date is a conflict', async () => {
    await world.deliver('ENROLMENT', [line('D1', 1)], { asOf: '2026-08-01' });
    await world.deliver('PERSON', [{ ...known, diedOn: '2026-08-15' }]);
    expect(await one('select died_on from person')).toEqual({ died_on: '2026-08-15' });
    expect(await one('select valid_to from recipient')).toEqual({ valid_to: null });
    const other = await world.deliver('PERSON', [{ ...known, diedOn: '2026-08-16' }]);
    expect(other.counts).toMatchObject({ conflicts: 1 });
    expect(await one('select kind, registered, delivered from registry_conflict')).toEqual({
      kind: 'DEATH_DATE',
      registered: '2026-08-15',
      delivered: '2026-08-16',
    });
    expect(await one('select died_on from person')).toEqual({ died_on: '2026-08-15' });
  });
});

test('a certificate of former times is imported with what it counts as and why; rural hardship is never Tekun', async () => {
  const certificate = (n: number, kind: string): Cells => ({
    sourceKey: `L${n}`,
    ...person(n),
    kind,
    certificateNo: `N${n}`,
  });
  await world.deliver('LEGACY_CERTIFICATE', [
    certificate(1, '五保'),
    certificate(2, '三无'),
    certificate(3, '农村特困户'),
  ]);
  const rows = await world.rows('select kind, programme, mapping_basis from legacy_certificate order by source_key');
  expect(rows.map(({ kind, programme }) => [kind, programme])).toEqual([
    ['WUBAO', 'TEKUN'],
    ['SANWU', 'TEKUN'],
    ['RURAL_HARDSHIP', 'LEGACY_RURAL_HARDSHIP'],
  ]);
  for (const { mapping_basis } of rows) expect(mapping_basis).toMatch(/第14条|二\(四\)/u);
  expect(await world.rows('select id from recipient')).toEqual([]);
  await expect(
    world.rows(`update legacy_certificate set programme = 'TEKUN' where kind = 'RURAL_HARDSHIP'`),
  ).rejects.toThrow('ck_legacy_certificate__hardship');
});

test('related statuses keep their amount apart, whatever the words of the list', async () => {
  const status = (n: number, kind: string, amount = ''): Cells => ({
    sourceKey: `S${n}`,
    ...person(n),
    kind,
    amount,
    validFrom: '2026-01-01',
  });
  await world.deliver('RELATED_STATUS', [
    status(1, '护理补贴', '110'),
    status(2, '社会散居孤儿', '1500'),
    status(3, '660'),
  ]);
  expect(await world.rows('select kind, amount_fen from related_status order by source_key')).toEqual([
    { kind: 'SEVERE_DISABLED_CARE_SUBSIDY', amount_fen: '11000' },
    { kind: 'ORPHAN', amount_fen: '150000' },
    { kind: 'OTHER_LOW_INCOME', amount_fen: null },
  ]);
});

describe('temporary aid', () => {
  const fire: Cells = {
    sourceKey: 'LJ1',
    ...person(1),
    kind: '急难型',
    cause: '家中失火',
    decidedOn: '2026-10-12',
    aidFirst: '是',
    acceptedRegion: '621123100000',
  };

  test('aid comes first, its papers are due by the rule, and an outsider is helped where it happened', async () => {
    await world.deliver('TEMPORARY_AID_CASE', [fire]);
    expect(
      await one('select kind, aid_first, fast_track, papers_due_on, papers_on, county_code from temporary_aid_case'),
    ).toEqual({
      kind: 'URGENT',
      aid_first: true,
      fast_track: false,
      // Ten working days after Monday 12 October.
      papers_due_on: '2026-10-26',
      papers_on: null,
      county_code: WEIYUAN,
    });
    expect(await one('select county_code from person')).toEqual({ county_code: LONGXI });
    await world.deliver('TEMPORARY_AID_CASE', [{ ...fire, papersOn: '2026-10-17' }]);
    expect(await one('select papers_on from temporary_aid_case')).toEqual({ papers_on: '2026-10-17' });
  });

  test('aid for expenses does not come first', async () => {
    const { id } = await world.deliver('TEMPORARY_AID_CASE', [{ ...fire, kind: '支出型' }]);
    expect(await world.findings(id)).toEqual([[1, 'aidFirst', 'BAD_COMBINATION']]);
  });
});

test('the third version of a loss report supersedes, and the first stays readable', async () => {
  const report = (reportVersion: string, cash: string): Cells => ({
    sourceKey: 'ZH1',
    ...person(1),
    eventCode: 'ZQ-2026-07',
    familySize: '4',
    needyCount: '3',
    cash,
    reportVersion,
    reportedOn: '2026-07-20',
  });
  for (const [version, cash] of [
    ['1', '1000'],
    ['3', '900'],
    ['2', '1200'],
  ] as const)
    await world.deliver('DISASTER_RELIEF', [report(version, cash)]);
  const held = 'select report_version, superseded, cash_fen, phase from disaster_relief order by 1';
  const versions = [
    { report_version: 1, superseded: true, cash_fen: '100000', phase: 'EMERGENCY' },
    { report_version: 2, superseded: true, cash_fen: '120000', phase: 'EMERGENCY' },
    { report_version: 3, superseded: false, cash_fen: '90000', phase: 'EMERGENCY' },
  ];
  expect(await world.rows(held)).toEqual(versions);
  const { counts } = await world.deliver('DISASTER_RELIEF', [report('2', '1200')]);
  expect(counts).toMatchObject({ unchanged: 1 });
  expect(await world.rows(held)).toEqual(versions);
  const { id } = await world.deliver('DISASTER_RELIEF', [{ ...report('4', '1'), needyCount: '9' }]);
  expect(await world.findings(id)).toEqual([[1, 'needyCount', 'BAD_COMBINATION']]);
});

describe('shelters', () => {
  const stay: Cells = {
    sourceKey: 'JZ1',
    name: '无名氏',
    idType: '无证件',
    sex: '男',
    station: '市救助管理站',
    enteredOn: '2026-10-12',
    entryMode: '公安护送',
    stationRegion: '621122000000',
  };

  test('nobody has to be known: a temporary number, no origin, and the same person with the next delivery', async () => {
    expect((await world.deliver('SHELTER_STAY', [stay], { region: LONGXI })).counts).toMatchObject({ recorded: 1 });
    await world.deliver('SHELTER_STAY', [{ ...stay, leftOn: '2026-10-20', exitMode: '护送返乡', health: '良好' }], {
      region: LONGXI,
    });
    expect(await world.rows('select type from person_identifier')).toEqual([{ type: 'TEMPORARY' }]);
    expect(
      await one('select origin_known, origin_region, health, exit_mode, home_due_on, county_code from shelter_stay'),
    ).toEqual({
      origin_known: false,
      origin_region: null,
      health: 'HEALTHY',
      exit_mode: 'ESCORTED',
      home_due_on: null,
      county_code: LONGXI,
    });
  });

  test('neither a name nor a kind of document has to be made up: the row comes without, and is named once it is known', async () => {
    const { name: _name, idType: _idType, ...unknown } = stay;
    expect((await world.deliver('SHELTER_STAY', [unknown], { region: LONGXI })).counts).toMatchObject({ recorded: 1 });
    expect(await world.rows('select type from person_identifier')).toEqual([{ type: 'TEMPORARY' }]);
    expect(await one('select p.name, s.county_code from shelter_stay s join person p on p.id = s.person_id')).toEqual({
      name: '无名氏',
      county_code: LONGXI,
    });
    const nameless = await world.deliver(
      'SHELTER_STAY',
      [{ ...unknown, sourceKey: 'JZ3', idType: '无证件', idNumber: '7' }],
      {
        region: LONGXI,
      },
    );
    expect(await world.findings(nameless.id)).toEqual([[1, 'name', 'MISSING_FIELD']]);
  });

  test('a home county that was asked has a day to answer by', async () => {
    await world.deliver('SHELTER_STAY', [{ ...stay, originRegion: '360199', homeAskedOn: '2026-10-12' }], {
      region: LONGXI,
    });
    expect(await one('select origin_known, origin_region, home_due_on from shelter_stay')).toEqual({
      origin_known: true,
      origin_region: '360199000000',
      home_due_on: '2026-10-26',
    });
  });

  test('who left without a way to leave, or answered without being asked, is a mistake', async () => {
    const { id } = await world.deliver('SHELTER_STAY', [
      { ...stay, leftOn: '2026-10-20' },
      { ...stay, sourceKey: 'JZ2', homeAnsweredOn: '2026-10-20', homeAnswer: '接收' },
    ]);
    expect(await world.findings(id)).toEqual([
      [1, 'exitMode', 'BAD_COMBINATION'],
      [2, 'homeAnsweredOn', 'BAD_ORDER'],
    ]);
  });
});

test('what a charity gave in kind has a value, and a code that fails its check is kept with a warning', async () => {
  const { id, counts } = await world.deliver('CHARITY_AID', [
    {
      sourceKey: 'C1',
      ...person(1),
      donor: '县慈善协会',
      donorUscc: '53620000MB0000000X',
      givenOn: '2026-01-15',
      kindDescription: '大米',
      kindValue: '150',
    },
    { sourceKey: 'C2', ...person(2), donor: '县慈善协会', givenOn: '2026-01-15' },
  ]);
  expect(counts).toMatchObject({ recorded: 1, faulty: 1 });
  expect(await world.findings(id)).toEqual([
    [1, 'donorUscc', 'BAD_USCC'],
    [2, 'kindDescription', 'MISSING_FIELD'],
  ]);
  expect(await one('select kind_value_fen, cash_fen from charity_aid')).toEqual({
    kind_value_fen: '15000',
    cash_fen: null,
  });
});

test('a place that nobody knows is the home’s', async () => {
  const helped = { ...person(1), kind: '急难', decidedOn: '2026-10-12' };
  await world.deliver('TEMPORARY_AID_CASE', [
    { sourceKey: 'A', ...helped, acceptedRegion: '999999000000' },
    { sourceKey: 'B', ...helped, acceptedRegion: '' },
    { sourceKey: 'C', ...helped, acceptedRegion: '621123100201' },
  ]);
  expect(
    await world.rows('select region_code, township_code, county_code from temporary_aid_case order by source_key'),
  ).toEqual([
    { region_code: LONGXI, township_code: null, county_code: LONGXI },
    { region_code: LONGXI, township_code: null, county_code: LONGXI },
    { region_code: '621123100201', township_code: '621123100000', county_code: WEIYUAN },
  ]);
});
