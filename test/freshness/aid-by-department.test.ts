/** Stale means unknown, never "no": what may be said of aid that is not there. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { rowsIn } from '../registry/rows.ts';

// It is 2026-11-22, ten in the morning in China.
let db: TestDatabase;
let hub: TestEngine;
let rows: ReturnType<typeof rowsIn>;
let personId: string;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
  rows = rowsIn(db.owner);
  // Four at home who receive 低保; one was helped with school, and one was in hospital for 38,000 yuan of their own.
  const people = [await rows.person(), await rows.person(), await rows.person(), await rows.person()];
  personId = people[0] ?? '';
  const household = await rows.household({ head_person_id: personId, member_count: 4 });
  for (const person of people) await rows.membership({ household_id: household, person_id: person });
  const enrolment = await rows.enrolment({ household_id: household, applicant_id: personId });
  for (const person of people)
    await rows.recipient({ enrolment_id: enrolment, person_id: person, household_id: household });
  await rows.settlement({ person_id: personId, total_fen: 3_800_000, self_fen: 3_800_000 });
  await rows.grant({ person_id: personId, household_id: household, decided_on: '2026-09-01' });
  for (const department of ['EDUCATION', 'AUDIT'])
    await rows.insert('caseload', {
      department,
      person_id: personId,
      case_no: `${department}-1`,
      opened_on: '2026-01-01',
    });
}, 60_000);
afterAll(() => db.drop());
afterEach(() => db.owner.query('truncate feed'));

const civilAffairs = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1', purpose: 'DYNAMIC_MONITORING' });

interface Aid {
  readonly department: string;
  readonly answer: string;
  readonly asOf: string | null;
  readonly stale: boolean;
  readonly feedRegion: string | null;
}
async function aid(caller: Bound = civilAffairs, args = ''): Promise<Readonly<Record<string, Aid>>> {
  const query = `query($id: ID!) { person(id: $id) { aidByDepartment${args} { department answer asOf stale feedRegion } } }`;
  const { data, errors } = await hub.ask(query, caller, { variables: { id: personId } });
  expect(errors).toEqual([]);
  const { person } = data as { person: { aidByDepartment: readonly Aid[] } };
  return Object.fromEntries(person.aidByDepartment.map((one) => [one.department, one]));
}

const feed = (department: string, asOf: string | null, regionCode: string | null = null, sourceSystem = department) =>
  rows.insert('feed', {
    source_system: sourceSystem,
    department,
    record: 'AID_GRANT',
    region_code: regionCode,
    as_of: asOf === null ? null : `${asOf}T10:00:00+08:00`,
    rhythm_hours: 24,
  });
const [LATE, FRESH] = ['2026-11-18', '2026-11-22'];
// The county of the test's persons, its prefecture, its province, and a county elsewhere.
const [COUNTY, PREFECTURE, PROVINCE, ELSEWHERE] = ['620199000000', '620100000000', '620000000000', '360102000000'];

test('a grant is told whatever the feed; without one a fresh feed says no, and a stale or a missing one unknown', async () => {
  await feed('MEDICAL_SECURITY', LATE);
  await feed('HOUSING', FRESH);
  await feed('LABOUR', null);
  const told = await aid();
  expect(Object.keys(told)).toEqual(['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'HOUSING', 'LABOUR', 'MEDICAL_SECURITY']);
  // Nobody delivers for education, and yet it has granted.
  expect(told['EDUCATION']).toEqual({
    department: 'EDUCATION',
    answer: 'HAS_AID',
    asOf: null,
    stale: true,
    feedRegion: null,
  });
  expect(told['MEDICAL_SECURITY']).toMatchObject({ answer: 'UNKNOWN', asOf: '2026-11-18T02:00:00.000Z', stale: true });
  expect(told['HOUSING']).toMatchObject({ answer: 'NO_AID', asOf: '2026-11-22T02:00:00.000Z', stale: false });
  expect(told['LABOUR']).toMatchObject({ answer: 'UNKNOWN', asOf: null, stale: true });
  expect(told['HEALTH']).toMatchObject({ answer: 'UNKNOWN', asOf: null, stale: true });
});

test('the feed of the finest division that covers the person decides', async () => {
  const housing = async () => (await aid())['HOUSING'];
  await feed('HOUSING', FRESH, ELSEWHERE);
  expect(await housing()).toMatchObject({ answer: 'UNKNOWN', feedRegion: null });
  await feed('HOUSING', LATE, PROVINCE);
  expect(await housing()).toMatchObject({ answer: 'UNKNOWN', feedRegion: PROVINCE });
  await feed('HOUSING', FRESH, PREFECTURE);
  expect(await housing()).toMatchObject({ answer: 'NO_AID', feedRegion: PREFECTURE });
  await feed('HOUSING', LATE, COUNTY);
  expect(await housing()).toMatchObject({ answer: 'UNKNOWN', feedRegion: COUNTY });
});

test('of somebody whose township is not known the feed of the county decides before that of everywhere', async () => {
  const { rows: before } = await db.owner.query<{ code: string }>(
    'select township_code as code from person where id = $1',
    [personId],
  );
  await db.owner.query('update person set township_code = null, region_code = county_code where id = $1', [personId]);
  await feed('HOUSING', LATE);
  await feed('HOUSING', FRESH, COUNTY);
  expect((await aid())['HOUSING']).toMatchObject({ answer: 'NO_AID', feedRegion: COUNTY });
  await db.owner.query('update person set township_code = $2 where id = $1', [personId, before[0]?.code]);
});

test('of two sources of a department both must be fresh', async () => {
  await feed('HOUSING', FRESH, null, 'gongzufang');
  expect((await aid())['HOUSING']).toMatchObject({ answer: 'NO_AID' });
  await feed('HOUSING', LATE, null, 'weifang');
  expect((await aid())['HOUSING']).toMatchObject({ answer: 'UNKNOWN', asOf: '2026-11-18T02:00:00.000Z' });
});

test('a grant that was reversed or came before the day asked about is none', async () => {
  await feed('EDUCATION', FRESH);
  expect((await aid(civilAffairs, '(since: "2026-09-01")'))['EDUCATION']).toMatchObject({ answer: 'HAS_AID' });
  expect((await aid(civilAffairs, '(since: "2026-09-02")'))['EDUCATION']).toMatchObject({ answer: 'NO_AID' });
  await db.owner.query(`update aid_grant set state = 'REVERSED'`);
  expect((await aid())['EDUCATION']).toMatchObject({ answer: 'NO_AID' });
  await db.owner.query(`update aid_grant set state = 'CURRENT'`);
});

test('a department sees its own row, an auditor those of the case, and an analyst of another place nobody', async () => {
  expect(Object.keys(await aid(callerOf('EDUCATION', 'SYSTEM', { caseNo: 'EDUCATION-1' })))).toEqual(['EDUCATION']);
  expect(Object.keys(await aid(callerOf('AUDIT', 'AUDITOR', { caseNo: 'AUDIT-1' })))).toHaveLength(6);
  const elsewhere = callerOf('CIVIL_AFFAIRS', 'WINDOW', { caseNo: 'CA-1', regions: [ELSEWHERE] });
  const query = 'query($id: ID!) { person(id: $id) { aidByDepartment { answer } } }';
  expect((await hub.ask(query, elsewhere, { variables: { id: personId } })).data).toEqual({ person: null });
});

test('it is on record as told of the person', async () => {
  hub.entries.length = 0;
  await aid();
  expect(hub.entries).toHaveLength(1);
  const [entry] = hub.entries;
  const nodes = (entry?.persons ?? []).filter(({ id }) => id === personId).map(({ node }) => entry?.coordinates[node]);
  expect(nodes.flat()).toContain('DepartmentAid.answer');
});
