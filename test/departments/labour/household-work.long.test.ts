/** 零就业家庭: a household of whom nobody works is told from one of whom it is not known. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { callerOf, openEngine } from '../../harness/engine.ts';
import type { TestEngine } from '../../harness/engine.ts';
import { PLACE, delivered, rowsIn } from '../../registry/rows.ts';
import type { Values } from '../../registry/rows.ts';

const CASE = 'T-1';
const civilAffairs = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: CASE });
const labour = callerOf('LABOUR', 'SYSTEM', { caseNo: CASE });
const education = callerOf('EDUCATION', 'SYSTEM', { caseNo: CASE });

let database: TestDatabase;
let hub: TestEngine;
let rows: ReturnType<typeof rowsIn>;

beforeAll(async () => {
  database = await testDatabase();
  hub = await openEngine(database);
  rows = rowsIn(database.owner);
});
afterAll(() => database.drop());
beforeEach(() => feed('2026-11-21T00:00:00Z'));

/** When registrations were delivered last; they are expected every week. */
async function feed(asOf: string): Promise<void> {
  await database.owner.query(`delete from feed where record = 'EMPLOYMENT'`);
  const source = { source_system: 'labour', department: 'LABOUR', record: 'EMPLOYMENT', rhythm_hours: 168 };
  await rows.insert('feed', { ...source, as_of: asOf });
}

const ADULT: Values = { birth_date: '1985-03-01', labour_ability: 'ABLE' };

/** A household of these persons in a case of labour; the ids of the persons. */
async function household(...members: readonly Values[]): Promise<{ id: string; persons: readonly string[] }> {
  const id = await rows.household({ member_count: members.length });
  const persons: string[] = [];
  for (const member of members) {
    const person = await rows.person({ sex: '1', ...member });
    await rows.membership({ household_id: id, person_id: person });
    for (const department of ['LABOUR', 'EDUCATION'])
      await rows.insert('caseload', {
        department,
        person_id: person,
        household_id: id,
        case_no: CASE,
        opened_on: '2026-01-01',
      });
    persons.push(person);
  }
  return { id, persons };
}

const registered = (person: string | undefined, status: string, values: Values = {}) =>
  rows.insert('employment_record', {
    person_id: person,
    status,
    registered_on: '2026-03-01',
    ...delivered(),
    ...values,
  });

async function workOf(id: string, caller = civilAffairs): Promise<unknown> {
  const { data, errors } = await hub.ask('query H($id: ID!) { household(id: $id) { work } }', caller, {
    variables: { id },
  });
  expect(errors).toEqual([]);
  return (data as { household: { work: unknown } }).household.work;
}

test('all who could work are jobless: a household of zero employment, until one of them is hired', async () => {
  const { id, persons } = await household(ADULT, ADULT);
  await registered(persons[0], 'REGISTERED_JOBLESS');
  await registered(persons[1], 'HARD_TO_EMPLOY');
  expect(await workOf(id)).toBe('ZERO_EMPLOYMENT');

  await registered(persons[1], 'EMPLOYED', { registered_on: '2026-10-01' });
  expect(await workOf(id)).toBe('HAS_WORKER');
});

test('a public-interest post is work while it is held', async () => {
  const { id, persons } = await household(ADULT);
  await registered(persons[0], 'HARD_TO_EMPLOY');
  const post = (from: string, to: string | null) =>
    rows.insert('public_post', {
      person_id: persons[0],
      post: '保洁员',
      employer_uscc: '91620199MA00000000',
      valid_from: from,
      valid_to: to,
      ...delivered(),
    });
  await post('2025-01-01', '2026-11-21');
  await post('2026-11-23', null);
  expect(await workOf(id)).toBe('ZERO_EMPLOYMENT');
  await post('2026-11-01', '2026-11-22');
  expect(await workOf(id)).toBe('HAS_WORKER');
});

test('a member who is not registered, or of whom it is not known whether they can work, makes it unknown', async () => {
  const unregistered = await household(ADULT, ADULT);
  await registered(unregistered.persons[0], 'REGISTERED_JOBLESS');
  expect(await workOf(unregistered.id)).toBe('UNKNOWN');

  const unclear = await household({ ...ADULT, labour_ability: null });
  await registered(unclear.persons[0], 'REGISTERED_JOBLESS');
  expect(await workOf(unclear.id)).toBe('UNKNOWN');
});

test('with registrations overdue it is unknown, and never "nobody works"', async () => {
  const { id, persons } = await household(ADULT);
  await registered(persons[0], 'REGISTERED_JOBLESS');
  await feed('2026-11-10T00:00:00Z');
  expect(await workOf(id)).toBe('UNKNOWN');
  await database.owner.query(`delete from feed where record = 'EMPLOYMENT'`);
  expect(await workOf(id)).toBe('UNKNOWN');
});

test('a county that is late makes its own households unknown, and nobody else’s', async () => {
  const late = await household(ADULT);
  const elsewhere = await household(ADULT);
  await database.owner.query(
    `update household set county_code = '620198000000', region_code = '620198001001', township_code = '620198001000' where id = $1`,
    [elsewhere.id],
  );
  for (const { persons } of [late, elsewhere]) await registered(persons[0], 'REGISTERED_JOBLESS');
  await rows.insert('feed', {
    ...{ source_system: 'labour', department: 'LABOUR', record: 'EMPLOYMENT', rhythm_hours: 168 },
    ...{ region_code: PLACE['county_code'], as_of: '2026-10-01T00:00:00Z' },
  });
  expect(await workOf(late.id)).toBe('UNKNOWN');
  expect(await workOf(elsewhere.id)).toBe('ZERO_EMPLOYMENT');
});

test('children, the aged, the dead, those unable to work and those who seek none do not count', async () => {
  const { id, persons } = await household(
    { ...ADULT, birth_date: '2012-01-01' },
    { ...ADULT, birth_date: '1950-01-01' },
    { ...ADULT, died_on: '2026-01-01' },
    { ...ADULT, labour_ability: 'TOTAL_LOSS' },
    ADULT,
  );
  expect(await workOf(id)).toBe('UNKNOWN');
  await registered(persons[4], 'NOT_IN_LABOUR_FORCE');
  expect(await workOf(id)).toBe('NOBODY_AVAILABLE');
});

test('until when somebody is of working age is a dated rule, which a division may have of its own', async () => {
  // On 2026-11-22: men until 60 years and 6 months, women until 55 years and 6 months.
  const { id } = await household(
    { ...ADULT, birth_date: '1966-05-23' },
    { ...ADULT, birth_date: '1971-05-23', sex: '2' },
  );
  const older = await household(
    { ...ADULT, birth_date: '1966-05-22' },
    { ...ADULT, birth_date: '1971-05-22', sex: '2' },
  );
  expect(await workersOf(id)).toHaveLength(2);
  expect(await workersOf(older.id)).toEqual([]);

  const elsewhere = await household({ ...ADULT, birth_date: '1966-05-22', county_code: '620198000000' });
  expect(await workersOf(elsewhere.id)).toEqual([]);
  await database.owner.query(
    `insert into labour_rule (rule, region_code, valid_from, value, source)
     values ('WORKING_AGE_TO_MEN', '620198000000', '2026-01-01', 780, '某县试点')`,
  );
  expect(await workersOf(elsewhere.id)).toHaveLength(1);
  expect(await workersOf(older.id)).toEqual([]);
});

async function workersOf(id: string, caller = civilAffairs): Promise<unknown> {
  const text = 'query H($id: ID!) { household(id: $id) { workers { state since person { id } } } }';
  const { data, errors } = await hub.ask(text, caller, { variables: { id } });
  expect(errors).toEqual([]);
  return (data as { household: { workers: unknown } }).household.workers;
}

test('civil affairs and labour see what it rests on, and whom they were told of is on record', async () => {
  const { id, persons } = await household(ADULT, { ...ADULT, birth_date: '2015-01-01' });
  await registered(persons[0], 'REGISTERED_JOBLESS');
  hub.entries.length = 0;
  for (const caller of [civilAffairs, labour])
    expect(await workersOf(id, caller)).toEqual([
      { state: 'JOBLESS', since: '2026-03-01', person: { id: persons[0] } },
    ]);
  for (const { persons: told, households } of hub.entries) {
    expect(new Set(told.map((one) => one.id))).toEqual(new Set([persons[0]]));
    expect(new Set(households.map((one) => one.id))).toEqual(new Set([id]));
  }
});

test('nobody else is told whether a household works', async () => {
  const { id } = await household(ADULT);
  for (const field of ['work', 'workers { state }']) {
    const { errors } = await hub.ask(`query H($id: ID!) { household(id: $id) { ${field} } }`, education, {
      variables: { id },
    });
    expect(errors).toMatchObject([{ code: 'FIELD_DENIED' }]);
    expect(errors[0]?.extensions['denied']).toContainEqual(expect.objectContaining({ owner: 'LABOUR' }));
  }
});

test('a window of another county is told nothing of it', async () => {
  const { id } = await household(ADULT);
  const window = callerOf('CIVIL_AFFAIRS', 'WINDOW', { caseNo: CASE, regions: ['620102000000'] });
  const { data } = await hub.ask('query H($id: ID!) { household(id: $id) { work } }', window, { variables: { id } });
  expect(data).toEqual({ household: null });
  expect(PLACE['county_code']).not.toBe('620102000000');
});
