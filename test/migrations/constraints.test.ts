import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/id.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { delivered, rowsIn } from '../registry/rows.ts';
import type { Values } from '../registry/rows.ts';

let database: TestDatabase;
let rows: ReturnType<typeof rowsIn>;
beforeAll(async () => {
  database = await testDatabase();
  rows = rowsIn(database.owner);
});
afterAll(() => database.drop());

test('nobody benefits twice from one programme on the same day, yet may the day after it ended', async () => {
  const [personId, householdId] = [await rows.person(), await rows.household()];
  const enrolmentId = await rows.enrolment({ household_id: householdId, applicant_id: personId });
  const recipient = (values: Values) =>
    rows.recipient({ enrolment_id: enrolmentId, person_id: personId, household_id: householdId, ...values });

  await recipient({ valid_from: '2026-01-01', valid_to: '2026-06-30' });
  await expect(recipient({ valid_from: '2026-06-30' })).rejects.toThrow('ex_recipient__one_programme_at_a_time');
  await recipient({ valid_from: '2026-07-01' });
  await recipient({ valid_from: '2026-01-01', programme: 'RELAPSE_MONITORED' });
});

test('one number stands for one person until it is superseded', async () => {
  const identifier = async (values: Values = {}) =>
    rows.insert('person_identifier', {
      person_id: await rows.person(),
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

test('a grant has one head at a time, and keeps the versions that it had', async () => {
  const key = { person_id: await rows.person(), source_key: newId() };
  await rows.grant(key);
  await expect(rows.grant({ ...key, version: 2 })).rejects.toThrow('uq_aid_grant__department_source_key');
  await database.owner.query(`update aid_grant set state = 'SUPERSEDED' where source_key = $1`, [key.source_key]);
  await rows.grant({ ...key, version: 2 });
  await expect(rows.grant({ ...key, version: 2, state: 'SUPERSEDED' })).rejects.toThrow(
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
  await rows.grant({ state: 'PENDING', ...unknown });
  await expect(rows.grant({ ...unknown })).rejects.toThrow('ck_aid_grant__known_person');
  await expect(rows.grant({ person_id: await rows.person(), county_code: null })).rejects.toThrow(
    'ck_aid_grant__known_person',
  );
});

test('a period is two months in order, or none', async () => {
  const personId = await rows.person();
  await rows.grant({ person_id: personId, period_from: '2026-09', period_to: '2027-01' });
  await rows.grant({ person_id: personId });
  for (const [from, to] of [
    ['2026-09', '2026-08'],
    ['2026-13', '2027-01'],
    ['2026-09', '2026-9 '],
  ]) {
    await expect(rows.grant({ person_id: personId, period_from: from, period_to: to })).rejects.toThrow(
      'ck_aid_grant__period',
    );
  }
});

test('a code outside its closed list is refused by the table itself', async () => {
  await expect(rows.grant({ person_id: await rows.person(), programme: 'LOTTERY' })).rejects.toThrow(
    'ck_aid_grant__programme',
  );
  await expect(rows.household({ urban_rural: 'SUBURBAN' })).rejects.toThrow('ck_household__urban_rural');
});

test('a validity ends on or after the day on which it begins', async () => {
  const one = { household_id: await rows.household(), person_id: await rows.person() };
  const membership = (from: string, to: string | null) => rows.membership({ ...one, valid_from: from, valid_to: to });
  await membership('2026-01-01', '2026-01-01');
  await membership('2026-01-01', null);
  await expect(membership('2026-01-02', '2026-01-01')).rejects.toThrow('ck_membership__validity');
});
