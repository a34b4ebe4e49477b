/** What civil affairs delivers and reports, as its offices do: files of its templates, and aid over the report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let office: Delivering;
let somebody: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  office = await openDelivering();
  somebody = await office.somebody('李安', '1970-05-06', 7);
});
afterAll(() => office.close());

const deliver = (record: string, items: readonly Item[]) =>
  office.deliverFile(
    'CIVIL_AFFAIRS',
    record,
    items.map((item) => ({ region: '621122100000', ...item })),
  );
const sorted = (of: readonly Item[], field: string): readonly Item[] =>
  [...of].sort((a, b) => (String(a[field]) < String(b[field]) ? -1 : 1));

test('Dibao, Tekun with support mode and grade, edge and rigid-expenditure families are read back as listed', async () => {
  const people = await Promise.all(
    ['甲', '乙', '丙', '丁', '戊', '己'].map((name, n) => office.somebody(`张${name}`, '1950-01-02', 40 + n)),
  );
  const line = (n: number, change: Item): Item => ({
    ...(people[n]?.who ?? {}),
    sourceKey: `MC-${String(n)}`,
    certificateNo: `ZH-${String(n)}`,
    relation: '户主',
    startMonth: '2026-01',
    ...change,
  });
  const { counts, findings } = await deliver('ENROLMENT', [
    line(0, { scheme: '农村低保', amount: '800.00', topUp: '60', category: '二类', causes: '因病、因残' }),
    line(1, { scheme: '特困集中供养', selfCare: '全护理', amount: '1500' }),
    line(2, { scheme: '特困人员', supportMode: '分散', failedIndicators: '2', amount: '1006' }),
    line(3, { scheme: '低保边缘家庭' }),
    line(4, { scheme: '刚性支出困难家庭' }),
    line(5, { scheme: '农村低保', supportMode: '集中供养' }),
  ]);
  expect(counts).toMatchObject({ recorded: 5, faulty: 1 });
  expect(findings).toEqual([[7, '供养方式', 'BAD_COMBINATION']]);
  const fields = 'recipientOf { category enrolment { programme supportMode amount topUp validFrom status causes } }';
  const held = await Promise.all(people.slice(0, 5).map(({ personId }) => office.read(personId, fields)));
  const listed = (category: string | null, enrolment: object): object => ({
    recipientOf: [
      expect.objectContaining({
        category,
        enrolment: expect.objectContaining({ validFrom: '2026-01-01', status: 'ACTIVE', ...enrolment }),
      }),
    ],
  });
  expect(held).toEqual([
    listed('B', {
      programme: 'DIBAO',
      supportMode: null,
      amount: '800.00',
      topUp: '60.00',
      causes: ['DISABILITY', 'ILLNESS'],
    }),
    listed('FULL_LOSS', { programme: 'TEKUN', supportMode: 'CENTRALISED', amount: '1500.00' }),
    listed('PARTIAL_LOSS', { programme: 'TEKUN', supportMode: 'SCATTERED', amount: '1006.00' }),
    listed(null, { programme: 'DIBAO_EDGE' }),
    listed(null, { programme: 'RIGID_EXPENDITURE' }),
  ]);
});

test('temporary aid: aid first and its papers later; aid for expenses never comes first', async () => {
  const fire = { ...somebody.who, kind: '急难型', cause: '家中失火', decidedOn: '2026-10-12', aidFirst: '是' };
  const { findings } = await deliver('TEMPORARY_AID_CASE', [
    { ...fire, sourceKey: 'LJ-1' },
    { ...fire, sourceKey: 'LJ-2', kind: '支出型' },
    { ...fire, sourceKey: 'LJ-3', papersOn: '2026-10-11' },
  ]);
  expect(findings).toEqual([
    [3, '先行救助', 'BAD_COMBINATION'],
    [4, '手续补齐日期', 'BAD_ORDER'],
  ]);
  const told = 'temporaryAidCases { kind cause aidFirst papersDueOn papersOn papersOverdue }';
  const held = { kind: 'URGENT', cause: '家中失火', aidFirst: true, papersDueOn: '2026-10-26' };
  expect(await office.read(somebody.personId, told)).toEqual({
    temporaryAidCases: [{ ...held, papersOn: null, papersOverdue: true }],
  });
  const later = await deliver('TEMPORARY_AID_CASE', [{ ...fire, sourceKey: 'LJ-1', papersOn: '2026-10-17' }]);
  expect(later).toMatchObject({ counts: { changed: 1 }, findings: [] });
  expect(await office.read(somebody.personId, told)).toEqual({
    temporaryAidCases: [{ ...held, papersOn: '2026-10-17', papersOverdue: false }],
  });
});

test('every related status is delivered by its Chinese name and told with whether it is income', async () => {
  const kinds = [
    ['孤儿', 'ORPHAN', false],
    ['事实无人抚养儿童', 'DE_FACTO_UNATTENDED_CHILD', false],
    ['困境儿童', 'CHILD_IN_DIFFICULTY', false],
    ['留守儿童', 'LEFT_BEHIND_CHILD', false],
    ['困难残疾人生活补贴', 'DISABLED_LIVING_SUBSIDY', true],
    ['重度残疾人护理补贴', 'SEVERE_DISABLED_CARE_SUBSIDY', true],
    ['老年人补贴', 'ELDERLY_ALLOWANCE', false],
    ['优抚对象', 'ENTITLED_VETERAN', true],
    ['建档立卡', 'FILED_POOR', false],
    ['其他', 'OTHER_LOW_INCOME', false],
  ] as const;
  const { personId, who } = await office.somebody('王小', '2015-05-06', 9);
  const { findings } = await deliver('RELATED_STATUS', [
    ...kinds.map(([kind], n) => ({
      ...who,
      sourceKey: `GL-${String(n)}`,
      kind,
      amount: '110.00',
      validFrom: '2026-01-01',
    })),
    { ...who, sourceKey: 'GL-X', kind: '孤儿', validFrom: '2026-02-01', validTo: '2026-01-01' },
  ]);
  expect(findings).toEqual([[12, '终止日期', 'BAD_ORDER']]);
  const { relatedStatuses } = (await office.read(personId, 'relatedStatuses { kind amount excludedFromIncome }')) as {
    relatedStatuses: readonly Item[];
  };
  expect(sorted(relatedStatuses, 'kind')).toEqual(
    sorted(
      kinds.map(([, kind, excludedFromIncome]) => ({ kind, amount: '110.00', excludedFromIncome })),
      'kind',
    ),
  );
});

test('what is no income is a rule of a division: the finest one that has a row decides', async () => {
  const rule = (kind: string, region: string, value: string) =>
    office.database.owner.query(
      `insert into civil_affairs_rule (rule, region_code, valid_from, value, source) values ($1, $2, '2020-01-01', $3, '某省规定')`,
      [`INCOME_EXCLUDED:${kind}`, region, value],
    );
  const { rows } = await office.database.owner.query<{ county: string; province: string }>(
    'select county_code as county, province_code as province from person where id = $1',
    [somebody.personId],
  );
  const { county = '', province = '' } = rows[0] ?? {};
  await rule('ELDERLY_ALLOWANCE', province, 'YES');
  await rule('ORPHAN', '360000000000', 'YES');
  await rule('DISABLED_LIVING_SUBSIDY', county, 'NO');
  await rule('CHARITY_AID', county, 'NO');
  const status = (n: number, kind: string): Item => ({
    ...somebody.who,
    sourceKey: `GY-${String(n)}`,
    kind,
    validFrom: '2026-01-01',
  });
  await deliver('RELATED_STATUS', [status(1, '高龄津贴'), status(2, '孤儿'), status(3, '残疾人生活补贴')]);
  const given = { ...somebody.who, donor: '县慈善协会', givenOn: '2026-01-15' };
  const { findings } = await deliver('CHARITY_AID', [
    { ...given, sourceKey: 'CS-1', kindDescription: '大米25公斤', kindValue: '150' },
    { ...given, sourceKey: 'CS-2' },
  ]);
  expect(findings).toEqual([[3, '物资或服务', 'MISSING_FIELD']]);
  const told = `relatedStatuses { kind excludedFromIncome } charityAid { donor kindDescription kindValue excludedFromIncome }`;
  const { relatedStatuses, charityAid } = (await office.read(somebody.personId, told)) as {
    relatedStatuses: readonly Item[];
    charityAid: readonly Item[];
  };
  expect(sorted(relatedStatuses, 'kind')).toEqual([
    { kind: 'DISABLED_LIVING_SUBSIDY', excludedFromIncome: false },
    { kind: 'ELDERLY_ALLOWANCE', excludedFromIncome: true },
    { kind: 'ORPHAN', excludedFromIncome: false },
  ]);
  expect(charityAid).toEqual([
    { donor: '县慈善协会', kindDescription: '大米25公斤', kindValue: '150.00', excludedFromIncome: false },
  ]);
});

test('certificates of former times keep what they were and why they count as what they count', async () => {
  const certificate = (n: number, kind: string): Item => ({
    ...somebody.who,
    sourceKey: `LS-${String(n)}`,
    kind,
    certificateNo: `N-${String(n)}`,
    issuer: '某县民政局',
    issuedOn: '2005-06-01',
    validTo: '2014-04-30',
  });
  const { findings } = await deliver('LEGACY_CERTIFICATE', [
    { ...certificate(1, '五保'), supportMode: '分散' },
    certificate(2, '三无'),
    certificate(3, '特困户'),
    { ...certificate(4, '五保'), validTo: '2004-01-01' },
  ]);
  expect(findings).toEqual([[5, '失效日期', 'BAD_ORDER']]);
  const told =
    'legacyCertificates { kind certificateNo issuer issuedOn validTo supportMode programme mappingBasis sourceSystem }';
  const { legacyCertificates } = (await office.read(somebody.personId, told)) as {
    legacyCertificates: readonly Item[];
  };
  const kept = {
    issuer: '某县民政局',
    issuedOn: '2005-06-01',
    validTo: '2014-04-30',
    sourceSystem: expect.any(String),
  };
  expect(sorted(legacyCertificates, 'certificateNo')).toEqual([
    {
      ...kept,
      kind: 'WUBAO',
      certificateNo: 'N-1',
      supportMode: 'SCATTERED',
      programme: 'TEKUN',
      mappingBasis: expect.stringContaining('第14条'),
    },
    {
      ...kept,
      kind: 'SANWU',
      certificateNo: 'N-2',
      supportMode: null,
      programme: 'TEKUN',
      mappingBasis: expect.stringContaining('第14条'),
    },
    {
      ...kept,
      kind: 'RURAL_HARDSHIP',
      certificateNo: 'N-3',
      supportMode: null,
      programme: 'LEGACY_RURAL_HARDSHIP',
      mappingBasis: expect.stringContaining('二(四)'),
    },
  ]);
});

test('a loss report has its versions, and somebody whom nobody knows has a stay at a shelter', async () => {
  const loss = {
    ...somebody.who,
    sourceKey: 'ZH-1',
    eventCode: 'ZQ-2026-07',
    familySize: '4',
    needyCount: '3',
    phase: '冬春救助',
    mode: '现金和实物',
    reportedOn: '2026-07-20',
  };
  await deliver('DISASTER_RELIEF', [{ ...loss, reportVersion: '1', cash: '1000' }]);
  const { findings } = await deliver('DISASTER_RELIEF', [
    { ...loss, reportVersion: '3', cash: '900.50', kindValue: '300' },
    { ...loss, sourceKey: 'ZH-2', needyCount: '5' },
  ]);
  expect(findings).toEqual([[3, '需救助人口', 'BAD_COMBINATION']]);
  const told = 'disasterRelief { reportVersion superseded phase mode cash kindValue needyCount }';
  const { disasterRelief } = (await office.read(somebody.personId, told)) as { disasterRelief: readonly Item[] };
  const same = { phase: 'WINTER_SPRING', mode: 'BOTH', needyCount: 3 };
  expect(sorted(disasterRelief, 'reportVersion')).toEqual([
    { ...same, reportVersion: 1, superseded: true, cash: '1000.00', kindValue: null },
    { ...same, reportVersion: 3, superseded: false, cash: '900.50', kindValue: '300.00' },
  ]);

  const stay = {
    station: '市救助管理站',
    enteredOn: '2026-10-12',
    entryMode: '公安护送',
    stationRegion: '621122000000',
  };
  const stays = await office.deliverFile('CIVIL_AFFAIRS', 'SHELTER_STAY', [
    { ...stay, sourceKey: 'QZ-1', sex: '男', health: '疾病' },
    { ...stay, sourceKey: 'QZ-2', leftOn: '2026-10-20' },
  ]);
  expect(stays.counts).toMatchObject({ recorded: 1, faulty: 1 });
  expect(stays.findings).toEqual([[3, '离站方式', 'BAD_COMBINATION']]);
  // A minor is who was not of age on the day of entry, by the rule of that day; what the station says counts before it.
  const young = { ...stay, health: '健康', idType: '无证件' };
  await office.deliverFile('CIVIL_AFFAIRS', 'SHELTER_STAY', [
    { ...young, sourceKey: 'QZ-3', name: '某少年', birthDate: '2008-10-13' },
    { ...young, sourceKey: 'QZ-4', name: '某青年', birthDate: '2008-10-12' },
    { ...young, sourceKey: 'QZ-5', name: '某人', birthDate: '2008-10-12', minor: '是' },
  ]);
  const minors = await office.database.owner.query(
    `select source_key as key, minor from shelter_stay where source_key > 'QZ-2' order by 1`,
  );
  expect(minors.rows).toEqual([
    { key: 'QZ-3', minor: true },
    { key: 'QZ-4', minor: false },
    { key: 'QZ-5', minor: true },
  ]);
  const { rows } = await office.database.owner.query<{ id: string; county_code: string }>(
    `select p.id, p.county_code from shelter_stay s join person p on p.id = s.person_id where s.source_key = 'QZ-1'`,
  );
  expect(rows).toMatchObject([{ county_code: '621122000000' }]);
  expect(
    await office.read(rows[0]?.id ?? '', 'name shelterStays { station entryMode health originKnown leftOn }'),
  ).toEqual({
    name: '无名氏',
    shelterStays: [{ station: '市救助管理站', entryMode: 'POLICE', health: 'ILL', originKnown: false, leftOn: null }],
  });
});

test('temporary aid, small fast aid and price subsidies are reported as items; a price subsidy once a month', async () => {
  const aid = (sourceKey: string, change: Item): Item => ({
    ...somebody.who,
    sourceKey,
    mode: 'CASH',
    amountYuan: '800.00',
    decidedOn: '2026-10-12',
    ...change,
  });
  const price = { programme: 'PRICE_SUBSIDY', item: '物价补贴', amountYuan: '40', periodFrom: '2026-03' };
  expect(
    await office.reportAid('CIVIL_AFFAIRS', [
      aid('A1', { programme: '临时救助', item: '急难型临时救助' }),
      aid('A2', { programme: '临时救助', item: '支出型临时救助' }),
      aid('A3', { programme: '临时救助', item: '小额快救' }),
      aid('A4', price),
      aid('A5', price),
    ]),
  ).toEqual([recorded, recorded, recorded, recorded, rejected('item', 'ALREADY_GRANTED')]);
});
