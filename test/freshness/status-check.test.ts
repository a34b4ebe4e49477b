/** A status check of somebody who is no recipient: unknown while any feed of enrolments is overdue, whoever it is. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { mergeInto } from '../../src/matching/move-persons.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { nameKey } from '../../src/registry/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { rowsIn } from '../registry/rows.ts';

// It is 2026-11-22, ten in the morning in China.
let db: TestDatabase;
let hub: TestEngine;
let rows: ReturnType<typeof rowsIn>;
let known: string;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
  rows = rowsIn(db.owner);
  known = await rows.residentId(await rows.person(), '1980-02-29', 1);
}, 60_000);
afterAll(() => db.drop());
afterEach(() => db.owner.query('truncate feed'));

const nobody = makeResidentId('360199', '1980-08-08', 901);
const feed = (regionCode: string | null, asOf: string | null) =>
  rows.insert('feed', {
    source_system: 'minzheng',
    department: 'CIVIL_AFFAIRS',
    record: 'ENROLMENT',
    region_code: regionCode,
    as_of: asOf,
    rhythm_hours: 24,
  });

interface Check {
  readonly result: string;
  readonly freshness: { readonly asOf: string | null; readonly stale: boolean } | null;
}
/** The same of a number that the hub knows and of one that it does not. */
async function check(): Promise<Check> {
  const { data, errors } = await hub.ask(
    'query($checks: [StatusCheckInput!]!) { checkStatus(checks: $checks) { result freshness { asOf stale } } }',
    callerOf('HOUSING', 'SYSTEM', { caseNo: 'HOUSING-1' }),
    { variables: { checks: [known, nobody].map((idNumber) => ({ idNumber })) } },
  );
  expect(errors).toEqual([]);
  const [one, other] = (data as { checkStatus: readonly Check[] }).checkStatus;
  expect(one).toEqual(other);
  return one as Check;
}

const FRESH = '2026-11-22T01:00:00.000Z';

test('all feeds in time: no recipient', async () => {
  await feed(null, FRESH);
  await feed('360000000000', FRESH);
  expect(await check()).toEqual({ result: 'NOT_RECIPIENT', freshness: { asOf: FRESH, stale: false } });
});

test('one county overdue, one that never delivered, or no feed at all: unknown, and the feed that is told says why', async () => {
  await feed(null, FRESH);
  await feed('620102000000', '2026-11-20T00:00:00.000Z');
  expect(await check()).toEqual({ result: 'UNKNOWN', freshness: { asOf: '2026-11-20T00:00:00.000Z', stale: true } });
  await db.owner.query('truncate feed');
  await feed(null, FRESH);
  await feed('620102000000', null);
  expect(await check()).toEqual({ result: 'UNKNOWN', freshness: { asOf: null, stale: true } });
  await db.owner.query('truncate feed');
  expect(await check()).toEqual({ result: 'UNKNOWN', freshness: null });
});

test('the number and the name of somebody who was merged into another are answered as the one who stands', async () => {
  const [kept, absorbed] = [await rows.person(), await rows.person({ name: '张叁', name_key: nameKey('张叁') })];
  const idNumber = await rows.residentId(absorbed, '1980-02-29', 2);
  const householdId = await rows.household();
  const enrolmentId = await rows.enrolment({ household_id: householdId, applicant_id: kept });
  await rows.recipient({ household_id: householdId, person_id: kept, enrolment_id: enrolmentId });
  await inTransaction(db.owner, (tx) =>
    mergeInto(tx, kept, absorbed, {
      ...{ by: 'test', regions: ['620000000000'], at: new Date('2026-11-01T00:00:00Z'), reason: '同一人' },
    }),
  );
  const { data, errors } = await hub.ask(
    'query($checks: [StatusCheckInput!]!) { checkStatus(checks: $checks) { result nameAgrees } }',
    callerOf('HOUSING', 'SYSTEM', { caseNo: 'HOUSING-1' }),
    { variables: { checks: ['张三', '张叁', '李四'].map((name) => ({ idNumber, name })) } },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    checkStatus: [true, true, false].map((nameAgrees) => ({ result: 'RECIPIENT', nameAgrees })),
  });
});
