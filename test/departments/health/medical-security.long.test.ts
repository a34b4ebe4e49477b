/** Medical security: settlements at the hospital desk, serious illness by the list of the day, premiums by the rate. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let desk: Delivering;
let patient: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  desk = await openDelivering();
  patient = await desk.somebody('王建国', '1970-03-05', 11);
});
afterAll(() => desk.close());

const bill = (change: Item): Item => ({
  ...patient.who,
  insuredType: '城乡居民基本医疗保险',
  visit: '住院',
  admittedOn: '2026/3/1',
  dischargedOn: '2026年3月8日',
  diagnosis: '肺炎',
  total: '38,000.01',
  inPolicy: '32000',
  basic: '18000',
  major: '5000',
  aid: '6000',
  other: '0',
  self: '9000.01',
  ...change,
});

const settled = async (sourceKey: string): Promise<unknown> =>
  (
    await desk.database.owner.query(
      `select total_fen, major_fen, self_fen, serious_illness as serious from medical_settlement where source_key = $1`,
      [sourceKey],
    )
  ).rows;

test('a bill is settled to the fen; one fen off rejects that row alone, naming the total', async () => {
  expect(
    await desk.submit('MEDICAL_SECURITY', 'MEDICAL_SETTLEMENT', [
      bill({ sourceKey: 'B1' }),
      bill({ sourceKey: 'B2', self: '9000.00' }),
      bill({ sourceKey: 'B3', self: '9000.02' }),
    ]),
  ).toEqual([recorded, rejected('total', 'SPLIT_DIFFERS'), rejected('total', 'SPLIT_DIFFERS')]);
  expect(await settled('B1')).toEqual([
    { total_fen: '3800001', major_fen: '500000', self_fen: '900001', serious: false },
  ]);
  expect([await settled('B2'), await settled('B3')]).toEqual([[], []]);
});

test('parts that are left out are zero', async () => {
  const { major: _, aid: __, other: ___, ...rest } = bill({ sourceKey: 'B4', self: '20000.01' });
  expect(await desk.submit('MEDICAL_SECURITY', 'MEDICAL_SETTLEMENT', [rest])).toEqual([recorded]);
  expect(await settled('B4')).toEqual([{ total_fen: '3800001', major_fen: '0', self_fen: '2000001', serious: false }]);
});

test('an illness is serious by the list in force on the day of discharge, and not by today’s', async () => {
  // Lung cancer is on the list of twenty, in force since 2013, and was not on that of eight before.
  const before = { admittedOn: '2012-12-20', diagnosis: '右肺上叶恶性肿瘤', diagnosisCode: 'c34.1' };
  expect(
    await desk.submit('MEDICAL_SECURITY', 'MEDICAL_SETTLEMENT', [
      bill({ ...before, sourceKey: 'L1', dischargedOn: '2012-12-31' }),
      bill({ ...before, sourceKey: 'L2', dischargedOn: '2013-01-01' }),
      bill({ sourceKey: 'L3', diagnosis: '肺癌术后' }),
      bill({ sourceKey: 'L4', diagnosis: '肺癌术后', diagnosisCode: 'J18.9' }),
      // The list decides, and nobody else.
      bill({ sourceKey: 'L5', diagnosis: '感冒', seriousIllness: true }),
    ]),
  ).toEqual([recorded, recorded, recorded, recorded, rejected('', 'UNKNOWN_FIELD')]);
  const flags = await Promise.all(['L1', 'L2', 'L3', 'L4'].map(settled));
  expect(flags).toMatchObject([[{ serious: false }], [{ serious: true }], [{ serious: true }], [{ serious: false }]]);
});

test('a province’s own list holds for those who live there, from its first day', async () => {
  const listed = (region: string, list: string) =>
    desk.rows.insert('serious_illness', {
      region_code: region,
      list,
      disease: '布鲁氏菌病',
      codes: ['A23'],
      valid_from: '2026-03-08',
      source: '某文件',
    });
  await listed('360000000000', '别省目录');
  const brucellosis = { diagnosis: '布病', diagnosisCode: 'A23.1' };
  await desk.submit('MEDICAL_SECURITY', 'MEDICAL_SETTLEMENT', [bill({ ...brucellosis, sourceKey: 'P1' })]);
  await listed('620000000000', '本省目录');
  await desk.submit('MEDICAL_SECURITY', 'MEDICAL_SETTLEMENT', [
    bill({ ...brucellosis, sourceKey: 'P2' }),
    bill({ ...brucellosis, sourceKey: 'P3', dischargedOn: '2026-03-07' }),
  ]);
  expect(await Promise.all(['P1', 'P2', 'P3'].map(settled))).toMatchObject([
    [{ serious: false }],
    [{ serious: true }],
    [{ serious: false }],
  ]);
});

test('the desk learns whether a status held on the day of discharge, not today', async () => {
  const householdId = await desk.rows.household();
  const enrolment = { household_id: householdId, applicant_id: patient.personId, status: 'STOPPED' };
  const until = { valid_from: '2026-01-01', valid_to: '2026-03-08' };
  const enrolmentId = await desk.rows.enrolment({ ...enrolment, ...until });
  await desk.rows.recipient({
    enrolment_id: enrolmentId,
    person_id: patient.personId,
    household_id: householdId,
    ...until,
  });
  await desk.rows.insert('feed', {
    source_system: 'civil-affairs',
    department: 'CIVIL_AFFAIRS',
    record: 'ENROLMENT',
    as_of: '2026-11-20T00:00:00Z',
    rhythm_hours: 744,
  });
  const on = async (day: string): Promise<unknown> => {
    const query = `{ checkStatus(checks: [{ idNumber: "${String(patient.who['idNumber'])}" }], onDate: "${day}") {
      result programmes { programme validTo } } }`;
    return (await desk.ask(query, 'MEDICAL_SECURITY', 'SYSTEM')).data;
  };
  expect(await on('2026-03-08')).toEqual({
    checkStatus: [{ result: 'RECIPIENT', programmes: [{ programme: 'DIBAO', validTo: '2026-03-08' }] }],
  });
  expect(await on('2026-03-09')).toEqual({ checkStatus: [{ result: 'NOT_RECIPIENT', programmes: [] }] });
});

const insurance = (change: Item): Item => ({
  ...patient.who,
  insuredType: '居民',
  validFrom: '2026-03-01',
  validTo: '2026-12-31',
  premium: '400',
  ...change,
});

test('a premium is helped with in full or by the fixed amount of the day; another amount is refused by name', async () => {
  expect(
    await desk.submit('MEDICAL_SECURITY', 'INSURED', [
      insurance({ sourceKey: 'C1', aidedAs: '特困人员' }),
      insurance({ sourceKey: 'C2', aidedAs: '低保', premiumAid: '280' }),
      insurance({ sourceKey: 'C3', aidedAs: '低保', premiumAid: '400' }),
      insurance({ sourceKey: 'C4', aidedAs: '低保', premium: '200' }),
      insurance({ sourceKey: 'C5', aidedAs: '低保', validFrom: '2024-01-01', validTo: '2024-12-31' }),
      // No rate is known for them: what the department says stands.
      insurance({ sourceKey: 'C6', aidedAs: '其他', premiumAid: '100' }),
      insurance({ sourceKey: 'C7' }),
    ]),
  ).toEqual([recorded, recorded, rejected('premiumAid', 'RATE_DIFFERS'), ...Array<unknown>(4).fill(recorded)]);
  const { rows } = await desk.database.owner.query(
    `select source_key as key, premium_aid_mode as mode, premium_aid_fen as fen from insured_record order by 1`,
  );
  expect(rows).toEqual([
    { key: 'C1', mode: 'FULL', fen: '40000' },
    { key: 'C2', mode: 'FIXED', fen: '28000' },
    { key: 'C4', mode: 'FIXED', fen: '20000' },
    { key: 'C5', mode: 'FIXED', fen: '25000' },
    { key: 'C6', mode: null, fen: '10000' },
    { key: 'C7', mode: null, fen: null },
  ]);
});

test('a county’s own rate counts before the country’s', async () => {
  await desk.rows.insert('premium_aid_rate', {
    region_code: '620199000000',
    category: 'RELAPSE_MONITORED',
    mode: 'FULL',
    valid_from: '2026-01-01',
    source: '某县文件',
  });
  await desk.submit('MEDICAL_SECURITY', 'INSURED', [insurance({ sourceKey: 'C8', aidedAs: '监测对象' })]);
  const { rows } = await desk.database.owner.query(
    `select premium_aid_fen as fen from insured_record where source_key = 'C8'`,
  );
  expect(rows).toEqual([{ fen: '40000' }]);
});

test('civil affairs’ list of new recipients says what is paid of whose premium', async () => {
  const { personId } = await desk.somebody('李秀英', '1950-05-05', 22);
  const householdId = await desk.rows.household();
  const since = { household_id: householdId, programme: 'TEKUN', category: 'ABLE', valid_from: '2026-03-01' };
  const enrolmentId = await desk.rows.enrolment({ ...since, applicant_id: personId });
  await desk.rows.recipient({ ...since, enrolment_id: enrolmentId, person_id: personId });
  const answer = await desk.ask(
    `{ recipients(filter: { programme: TEKUN, onDate: "2026-03-31" }) { nodes {
      validFrom person { name } premiumAid(onDate: "2026-03-31") { category mode amount } } } }`,
    'CIVIL_AFFAIRS',
    'SYSTEM',
  );
  expect(answer.data).toEqual({
    recipients: {
      nodes: [
        {
          validFrom: '2026-03-01',
          person: { name: '李秀英' },
          premiumAid: { category: 'TEKUN', mode: 'FULL', amount: null },
        },
      ],
    },
  });
});
