/** A feed that is declared before anything came: what does not come is missing, and unknown. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { noteDelivered } from '../../src/registry/index.ts';
import { recordKinds } from '../../src/server/department-modules.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

let database: TestDatabase;
let hub: TestHub;
beforeAll(async () => {
  database = await testDatabase();
  hub = await openHub(database);
}, 60_000);
afterAll(async () => {
  await hub.close();
  await database.drop();
});
afterEach(() => database.owner.query('truncate feed'));

const regions = ['620100000000'];
const steward = (department: Bound['department']): Bound =>
  callerOf(department, 'STEWARD', { regions, purposes: ['GOVERNANCE'], purpose: 'GOVERNANCE', caseNo: 'GOV-1' });
const registrar = callerOf('HOUSING', 'REGISTRAR', {
  regions,
  purposes: ['DATA_QUALITY'],
  purpose: 'DATA_QUALITY',
  caseNo: 'DQ-1',
});
const DECLARED = { department: 'HOUSING', record: 'AID_GRANT', region: '620102000000', rhythmHours: 48 };

const MUTATION = `mutation Expect($input: ExpectFeedInput!) { expectFeed(input: $input) {
  sourceSystem record regionCode rhythmHours asOf ended } }`;
const declare = (caller: Bound, change: object = {}) =>
  hub.ask(MUTATION, caller, { variables: { input: { ...DECLARED, ...change } } });
const feeds = async (): Promise<unknown> =>
  (await hub.ask('{ feedStatus { sourceSystem regionCode asOf rhythmHours stale } }', steward('HOUSING'))).json.data?.[
    'feedStatus'
  ];
const deliver = (day: string): Promise<void> =>
  inTransaction(database.server, (tx) =>
    noteDelivered(tx, {
      sourceSystem: 'zulin',
      department: 'HOUSING',
      record: 'AID_GRANT',
      asOf: new Date(`${day}T10:00:00+08:00`),
      regionCode: '620102000000',
    }),
  );

const expected = { sourceSystem: 'HOUSING:*', regionCode: '620102000000', rhythmHours: 48 };

test('what is declared and never came is listed as never, and stale; the first delivery of any system meets it', async () => {
  const { json } = await declare(steward('HOUSING'));
  expect(json).toEqual({ data: { expectFeed: { ...expected, record: 'AID_GRANT', asOf: null, ended: false } } });
  expect(await feeds()).toEqual([{ ...expected, asOf: null, stale: true }]);
  await deliver('2026-11-21');
  const met = { asOf: '2026-11-21T02:00:00.000Z', stale: false };
  expect(await feeds()).toEqual([
    { ...expected, ...met },
    { ...expected, ...met, sourceSystem: 'zulin' },
  ]);
  // Again with another rhythm, by the registrar: the feed stays as fresh as it is.
  expect((await declare(registrar, { rhythmHours: 12 })).json.data?.['expectFeed']).toMatchObject({ rhythmHours: 12 });
  expect(await feeds()).toContainEqual({ ...expected, asOf: met.asOf, rhythmHours: 12, stale: true });
});

test('what was delivered before it was declared counts', async () => {
  await deliver('2026-11-21');
  expect((await declare(steward('HOUSING'))).json.data?.['expectFeed']).toMatchObject({
    asOf: '2026-11-21T02:00:00.000Z',
  });
});

test('what has ended is expected no longer, is no feed of anything, and begins anew with a delivery', async () => {
  await deliver('2026-11-01');
  const source = { sourceSystem: 'zulin' };
  expect((await declare(steward('HOUSING'), { ...source, ends: true })).json.data?.['expectFeed']).toMatchObject({
    ended: true,
  });
  expect(await feeds()).toEqual([]);
  await deliver('2026-11-20');
  expect(await feeds()).toMatchObject([{ sourceSystem: 'zulin', asOf: '2026-11-20T02:00:00.000Z' }]);
  const { json } = await declare(steward('HOUSING'), { sourceSystem: 'anjia', ends: true });
  expect(json.errors?.[0]?.message).toContain('there is no such feed');
});

test('a department declares its own records in its own divisions, by its steward or registrar, and it is on record', async () => {
  const refused = async (caller: Bound, change: object = {}) =>
    ((await declare(caller, change)).json.errors ?? []).map(
      ({ extensions, message }) => `${String(extensions['code'])} ${message}`,
    )[0];
  expect(await refused(steward('EDUCATION'))).toContain('a department declares its own feeds; yours is EDUCATION');
  const ofAnother = await refused(steward('HOUSING'), { record: 'STUDENT' });
  expect(ofAnother).toContain('it delivers AID_GRANT');
  for (const { name } of recordKinds.filter((kind) => kind.department === 'HOUSING')) expect(ofAnother).toContain(name);
  expect(await refused(steward('HOUSING'), { region: '360102000000' })).toContain('no division of those');
  expect(await refused(steward('HOUSING'), { region: '620000000000' })).toContain('no division of those');
  expect(await refused(steward('HOUSING'), { rhythmHours: 0 })).toContain('1 to 8784 hours');
  expect(await refused(steward('HOUSING'), { sourceSystem: 'HEALTH:*' })).toContain('sourceSystem');
  expect(await refused(callerOf('HOUSING', 'SYSTEM', { caseNo: 'HO-1' }))).toContain('OPERATION_DENIED');
  expect(await feeds()).toEqual([]);
  await declare(steward('HOUSING'));
  const { rows } = await database.owner.query(
    `select department, role, decision, kind from access_log where coordinates::text like '%Mutation.expectFeed%' order by at desc limit 1`,
  );
  expect(rows).toEqual([{ department: 'HOUSING', role: 'STEWARD', decision: 'ALLOWED', kind: 'WRITE' }]);
});
