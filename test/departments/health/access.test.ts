/** Who sees what of health and medical security: the access matrix, and nobody beside it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering } from '../delivering.ts';
import type { Delivering } from '../delivering.ts';

let desk: Delivering;
let personId: string;
beforeAll(async () => {
  desk = await openDelivering();
  ({ personId } = await desk.somebody('王建国', '1970-03-05', 11));
  const record = { person_id: personId, source_system: 'test', source_key: 'K', as_of: '2026-09-01T00:00:00Z' };
  await desk.rows.settlement({ person_id: personId, diagnosis: '肺炎', diagnosis_code: 'J18.9' });
  await desk.rows.insert('insured_record', {
    ...record,
    insured_type: 'RESIDENT',
    valid_from: '2026-01-01',
    premium_fen: 40000,
    aided_as: 'TEKUN',
    premium_aid_mode: 'FULL',
    premium_aid_fen: 40000,
  });
  const parts = { insurance_fen: 0, aid_fen: 0, self_fen: 0, fund_fen: 100, unpaid_fen: 0 };
  await desk.rows.insert('emergency_case', {
    ...record,
    ...parts,
    hospital: '某县精神卫生中心',
    arrived_on: '2026-03-01',
    identity_known: false,
    found_at: '县汽车站',
    description: '灰色外套',
    total_fen: 100,
  });
  await desk.rows.insert('death_report', {
    ...record,
    died_on: '2026-03-02',
    certified_by: 'HOSPITAL',
    institution: '某县精神卫生中心',
    certificate_no: 'SW-1',
  });
});
afterAll(() => desk.close());

const CIVIL = ['CIVIL_AFFAIRS', 'ANALYST', 'WINDOW'];

test.each([
  ['medicalSettlements { diagnosis }', ['HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['medicalSettlements { diagnosisCode }', ['HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['medicalSettlements { seriousIllness }', ['CIVIL_AFFAIRS', 'WINDOW', 'HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['medicalSettlements { total self dischargedOn }', [...CIVIL, 'HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['insuredRecords { insuredType validFrom aidedAs }', [...CIVIL, 'HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['insuredRecords { premium premiumAid }', [...CIVIL, 'HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['emergencyCases { arrivedOn identityKnown }', [...CIVIL, 'HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['emergencyCases { total fund unpaid }', [...CIVIL, 'HEALTH', 'MEDICAL_SECURITY', 'AUDITOR']],
  ['emergencyCases { hospital foundAt description }', ['CIVIL_AFFAIRS', 'HEALTH', 'AUDITOR']],
  ['deathReports { diedOn }', [...CIVIL, 'HEALTH', 'AUDITOR']],
  ['deathReports { institution certificateNo }', ['CIVIL_AFFAIRS', 'WINDOW', 'HEALTH', 'AUDITOR']],
])('%s is open to those of the matrix, and to nobody else', async (selection, wanted) => {
  expect(await desk.openTo(personId, selection)).toEqual(wanted);
});

test('civil affairs learns that an unknown patient was described, and neither how nor at which hospital', async () => {
  const { data } = await desk.ask(
    `{ person(id: "${personId}") { emergencyCases { hospital foundAt description } } }`,
    'CIVIL_AFFAIRS',
    'SYSTEM',
  );
  expect(data).toEqual({ person: { emergencyCases: [{ hospital: '***', foundAt: '***', description: '***' }] } });
});

test('a hospital sees how a patient looked within its own cases only', async () => {
  const query = `{ person(id: "${personId}") { emergencyCases { arrivedOn description } } }`;
  expect((await desk.ask(query, 'HEALTH', 'SYSTEM')).data).toEqual({
    person: { emergencyCases: [{ arrivedOn: '2026-03-01', description: '灰色外套' }] },
  });
  const { personId: stranger } = await desk.somebody('钱某', '1971-03-05', 12);
  const { data } = await desk.ask(
    `{ person(id: "${stranger}") { emergencyCases { description } } }`,
    'HEALTH',
    'SYSTEM',
  );
  expect(data).toEqual({ person: null });
});
