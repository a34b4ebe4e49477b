import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/id.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

type Values = Readonly<Record<string, unknown>>;

const PLACE: Values = {
  region_code: '620199001001',
  township_code: '620199001000',
  county_code: '620199000000',
  prefecture_code: '620100000000',
  province_code: '620000000000',
};
const delivered = (): Values => ({ source_system: 'test', source_key: newId(), as_of: '2026-09-01T00:00:00Z' });

/** Writes a row and gives back its id. */
async function insert(table: string, values: Values): Promise<string> {
  const row: Values = { id: newId(), ...values };
  const names = Object.keys(row);
  await database.owner.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
  return String(row['id']);
}

const person = () => insert('person', { name: '张三', name_key: '张三', sex: '1', ...PLACE, ...delivered() });
const household = () => insert('household', { urban_rural: 'RURAL', member_count: 1, ...PLACE, ...delivered() });
const enrolment = async (of: { householdId: string; applicantId: string }) =>
  insert('enrolment', {
    household_id: of.householdId,
    applicant_id: of.applicantId,
    programme: 'DIBAO',
    urban_rural: 'RURAL',
    amount_fen: 60000,
    top_up_fen: 0,
    causes: ['ILLNESS'],
    status: 'ACTIVE',
    valid_from: '2026-01-01',
    ...PLACE,
    ...delivered(),
  });

const settlement = async (parts: Values) =>
  insert('medical_settlement', {
    person_id: await person(),
    insured_type: 'RESIDENT',
    visit: 'INPATIENT',
    admitted_on: '2026-03-01',
    discharged_on: '2026-03-08',
    serious_illness: true,
    in_policy_fen: 0,
    basic_fen: 0,
    major_fen: 0,
    aid_fen: 0,
    other_fen: 0,
    ...parts,
    ...delivered(),
  });

const grant = (values: Values) =>
  insert('aid_grant', {
    department: 'EDUCATION',
    source_key: newId(),
    version: 1,
    digest: Buffer.alloc(32),
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amount_fen: 150000,
    decided_on: '2026-09-01',
    state: 'CURRENT',
    reported_by: 'education.demo',
    reported_at: '2026-09-02T00:00:00Z',
    source_system: 'education.demo',
    as_of: '2026-09-02T00:00:00Z',
    ...PLACE,
    ...values,
  });

test('nobody benefits twice from one programme on the same day, yet may the day after it ended', async () => {
  const [personId, householdId] = [await person(), await household()];
  const enrolmentId = await enrolment({ householdId, applicantId: personId });
  const recipient = (values: Values) =>
    insert('recipient', {
      enrolment_id: enrolmentId,
      person_id: personId,
      household_id: householdId,
      programme: 'DIBAO',
      urban_rural: 'RURAL',
      ...PLACE,
      ...delivered(),
      ...values,
    });

  await recipient({ valid_from: '2026-01-01', valid_to: '2026-06-30' });
  await expect(recipient({ valid_from: '2026-06-30' })).rejects.toThrow('ex_recipient__one_programme_at_a_time');
  await recipient({ valid_from: '2026-07-01' });
  await recipient({ valid_from: '2026-01-01', programme: 'RELAPSE_MONITORED' });
});

test('one number stands for one person until it is superseded', async () => {
  const identifier = async (values: Values = {}) =>
    insert('person_identifier', {
      person_id: await person(),
      type: 'TEMPORARY',
      value: 'T-1',
      match_key: 'T-1',
      verified: false,
      ...delivered(),
      ...values,
    });
  const first = await identifier();
  await expect(identifier()).rejects.toThrow('uq_person_identifier__match_key_type');
  const heir = await identifier({ match_key: 'T-2', value: 'T-2' });
  await database.owner.query('update person_identifier set superseded_by_id = $2 where id = $1', [first, heir]);
  await identifier();
});

test('the parts of a medical bill add up to its total to the fen', async () => {
  await settlement({ total_fen: 3800001, basic_fen: 1, self_fen: 3800000 });
  await expect(settlement({ total_fen: 3800001, self_fen: 3800000 })).rejects.toThrow('ck_medical_settlement__split');
});

test('a grant has one head at a time, and keeps the versions that it had', async () => {
  const key = { person_id: await person(), source_key: newId() };
  await grant(key);
  await expect(grant({ ...key, version: 2 })).rejects.toThrow('uq_aid_grant__department_source_key');
  await database.owner.query(`update aid_grant set state = 'SUPERSEDED' where source_key = $1`, [key.source_key]);
  await grant({ ...key, version: 2 });
  await expect(grant({ ...key, version: 2, state: 'SUPERSEDED' })).rejects.toThrow(
    'uq_aid_grant__department_source_key_version',
  );
});

test('only a grant that waits may lack its person and place', async () => {
  const unknown = {
    region_code: null,
    township_code: null,
    county_code: null,
    prefecture_code: null,
    province_code: null,
  };
  await grant({ state: 'PENDING', ...unknown });
  await expect(grant({ ...unknown })).rejects.toThrow('ck_aid_grant__known_person');
  await expect(grant({ person_id: await person(), county_code: null })).rejects.toThrow('ck_aid_grant__known_person');
});

test('a period is two months in order, or none', async () => {
  const personId = await person();
  await grant({ person_id: personId, period_from: '2026-09', period_to: '2027-01' });
  await grant({ person_id: personId });
  for (const [from, to] of [
    ['2026-09', '2026-08'],
    ['2026-13', '2027-01'],
    ['2026-09', '2026-9 '],
  ]) {
    await expect(grant({ person_id: personId, period_from: from, period_to: to })).rejects.toThrow(
      'ck_aid_grant__period',
    );
  }
});

test('a code outside its closed list is refused by the table itself', async () => {
  await expect(grant({ person_id: await person(), programme: 'LOTTERY' })).rejects.toThrow('ck_aid_grant__programme');
  await expect(
    insert('household', { urban_rural: 'SUBURBAN', member_count: 1, ...PLACE, ...delivered() }),
  ).rejects.toThrow('ck_household__urban_rural');
});

test('a validity ends on or after the day on which it begins', async () => {
  const membership = async (from: string, to: string | null) =>
    insert('membership', {
      household_id: await household(),
      person_id: await person(),
      relation: '01',
      role: 'APPLICANT',
      valid_from: from,
      valid_to: to,
      ...delivered(),
    });
  await membership('2026-01-01', '2026-01-01');
  await membership('2026-01-01', null);
  await expect(membership('2026-01-02', '2026-01-01')).rejects.toThrow('ck_membership__validity');
});
