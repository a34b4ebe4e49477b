/** What health and medical security deliver and report, as their offices do: files of their templates, and aid over the report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let desk: Delivering;
let patient: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  desk = await openDelivering();
  patient = await desk.somebody('王建国', '1970-03-05', 11);
});
afterAll(() => desk.close());

test('insurance comes with its type and the premium aid of the rate of that day; another sum is refused by name', async () => {
  const insured = { ...patient.who, insuredType: '城乡居民', validTo: '2026-12-31', premium: '400' };
  const { counts, findings } = await desk.deliverFile('MEDICAL_SECURITY', 'INSURED', [
    { ...insured, sourceKey: 'C1', aidedAs: '特困', validFrom: '2026-01-01' },
    { ...insured, sourceKey: 'C2', aidedAs: '低保', validFrom: '2026-02-01' },
    { ...insured, sourceKey: 'C3', aidedAs: '低保', validFrom: '2024-03-01' },
    { ...insured, sourceKey: 'C4', aidedAs: '低保', validFrom: '2026-04-01', premiumAid: '300' },
    { ...insured, sourceKey: 'C5', insuredType: '职工', validFrom: '2020-01-01', premium: '' },
    { ...insured, sourceKey: 'C6', insuredType: '职工医保', aidedAs: '低保', validFrom: '2020-01-01' },
  ]);
  expect(counts).toMatchObject({ recorded: 4, rejected: 1, faulty: 1 });
  expect(findings).toEqual([
    [5, '资助金额', 'RATE_DIFFERS'],
    [7, '资助参保身份', 'BAD_COMBINATION'],
  ]);
  const fields = 'insuredRecords { insuredType validFrom premium aidedAs premiumAidMode premiumAid }';
  expect(await desk.read(patient.personId, fields, 'MEDICAL_SECURITY')).toEqual({
    insuredRecords: [
      ['RESIDENT', '2026-02-01', '400.00', 'DIBAO', 'FIXED', '280.00'],
      ['RESIDENT', '2026-01-01', '400.00', 'TEKUN', 'FULL', '400.00'],
      ['RESIDENT', '2024-03-01', '400.00', 'DIBAO', 'FIXED', '250.00'],
      ['EMPLOYEE', '2020-01-01', null, null, null, null],
    ].map(([insuredType, validFrom, premium, aidedAs, premiumAidMode, premiumAid]) => ({
      insuredType,
      validFrom,
      premium,
      aidedAs,
      premiumAidMode,
      premiumAid,
    })),
  });
});

test('a bill is split to the fen; parts that do not add up lose that row alone, and civil affairs learns no diagnosis', async () => {
  const bill = {
    ...patient.who,
    insuredType: '城乡居民基本医疗保险',
    visit: '住院',
    admittedOn: '2026/3/1',
    dischargedOn: '2026-03-08',
    diagnosis: '肺癌',
    diagnosisCode: 'C34.9',
    total: '38,000.01',
    inPolicy: '32000',
    basic: '18000.00',
    major: '5000',
    aid: '6000',
    self: '9000.01',
  };
  const { counts, findings } = await desk.deliverFile('MEDICAL_SECURITY', 'MEDICAL_SETTLEMENT', [
    { ...bill, sourceKey: 'B1', self: '9000.00' },
    { ...bill, sourceKey: 'B2' },
    { ...bill, sourceKey: 'B3', visit: '门诊', other: '0.01' },
  ]);
  expect(counts).toMatchObject({ recorded: 1, faulty: 2 });
  expect(findings).toEqual([
    [2, '费用总额', 'SPLIT_DIFFERS'],
    [4, '费用总额', 'SPLIT_DIFFERS'],
  ]);
  const split = 'total inPolicy basic major aid other self seriousIllness';
  const paid = {
    total: '38000.01',
    inPolicy: '32000.00',
    basic: '18000.00',
    major: '5000.00',
    aid: '6000.00',
    other: '0.00',
    self: '9000.01',
    seriousIllness: true,
  };
  const told = `medicalSettlements { visit admittedOn diagnosis ${split} }`;
  expect(await desk.read(patient.personId, told, 'MEDICAL_SECURITY')).toEqual({
    medicalSettlements: [{ visit: 'INPATIENT', admittedOn: '2026-03-01', diagnosis: '肺癌', ...paid }],
  });
  expect(await desk.read(patient.personId, `medicalSettlements { ${split} }`)).toEqual({ medicalSettlements: [paid] });
  const asked = `{ person(id: "${patient.personId}") { medicalSettlements { diagnosis } } }`;
  expect(JSON.stringify((await desk.ask(asked, 'CIVIL_AFFAIRS', 'SYSTEM')).data)).not.toContain('肺癌');
});

test('an unknown patient of the emergency fund comes without name and number, and is known later under the same key', async () => {
  const emergency = {
    sourceKey: 'JZ-1',
    region: '621122',
    hospital: '某县人民医院',
    arrivedOn: '2026-03-01',
    total: '12000',
    insurance: '0',
    aid: '0',
    self: '0',
    fund: '10000',
    unpaid: '2000',
    fundPaidOn: '2026-06-30',
  };
  const unknown = { ...emergency, identityKnown: '否', foundAt: '某县汽车站', description: '男，约60岁' };
  const first = await desk.deliverFile('HEALTH', 'EMERGENCY_CASE', [
    unknown,
    { ...unknown, sourceKey: 'JZ-2', description: '' },
    { ...unknown, sourceKey: 'JZ-3', fund: '9999.99' },
  ]);
  expect(first.counts).toMatchObject({ recorded: 1, faulty: 2 });
  expect(first.findings).toEqual([
    [3, '体貌特征', 'MISSING_FIELD'],
    [4, '费用总额', 'SPLIT_DIFFERS'],
  ]);
  expect(await desk.read(patient.personId, 'emergencyCases { hospital }', 'HEALTH')).toEqual({ emergencyCases: [] });
  const known = { ...emergency, ...patient.who, identityKnown: '是' };
  const later = await desk.deliverFile('HEALTH', 'EMERGENCY_CASE', [known]);
  expect(later).toMatchObject({ counts: { changed: 1 }, findings: [] });
  expect(
    await desk.read(
      patient.personId,
      'emergencyCases { hospital arrivedOn identityKnown total fund unpaid }',
      'HEALTH',
    ),
  ).toEqual({
    emergencyCases: [
      {
        hospital: '某县人民医院',
        arrivedOn: '2026-03-01',
        identityKnown: true,
        total: '12000.00',
        fund: '10000.00',
        unpaid: '2000.00',
      },
    ],
  });
  const { rows } = await desk.database.owner.query(`select from emergency_case where source_key like 'JZ-%'`);
  expect(rows).toHaveLength(1);
});

test('medical aid, premium aid and what the fund paid are reported as aid by those who grant it', async () => {
  const aid = (sourceKey: string, change: Item): Item => ({
    ...patient.who,
    sourceKey,
    mode: 'CASH',
    amountYuan: '6000.01',
    decidedOn: '2026-03-08',
    ...change,
  });
  expect(
    await desk.reportAid('MEDICAL_SECURITY', [
      aid('A1', { programme: '医疗救助', item: '住院救助' }),
      aid('A2', { programme: '医疗救助', item: '大病救助' }),
      aid('A3', { programme: '参保资助', item: '全额资助', mode: 'PREMIUM', amountYuan: '400' }),
    ]),
  ).toEqual([recorded, recorded, recorded]);
  expect(
    await desk.reportAid('HEALTH', [
      aid('F1', { programme: '疾病应急救助', item: '疾病应急救助', amountYuan: '10000', reference: 'JZ-1' }),
    ]),
  ).toEqual([recorded]);
  const { aidGrants } = (await desk.read(patient.personId, 'aidGrants { nodes { item mode amount } }')) as {
    aidGrants: { readonly nodes: readonly Item[] };
  };
  expect(aidGrants.nodes.map(({ item, mode, amount }) => [item, mode, amount]).sort()).toEqual([
    ['EMERGENCY_FUND', 'CASH', '10000.00'],
    ['FULL_PREMIUM', 'PREMIUM', '400.00'],
    ['INPATIENT_AID', 'CASH', '6000.01'],
    ['MAJOR_ILLNESS_AID', 'CASH', '6000.01'],
  ]);
});
