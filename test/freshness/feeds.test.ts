/** Feeds by department, record and region: what a delivery moves, and what is late. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '../../src/platform/database.ts';
import { noteDelivered } from '../../src/registry/index.ts';
import type { Delivered } from '../../src/registry/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { rowsIn } from '../registry/rows.ts';

// It is 2026-11-22, ten in the morning in China.
let db: TestDatabase;
let hub: TestEngine;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
}, 60_000);
afterAll(() => db.drop());
afterEach(() => db.owner.query('truncate feed'));

const anybody = callerOf('HOUSING', 'SYSTEM');
const deliver = (given: Partial<Delivered> & Pick<Delivered, 'asOf'>): Promise<void> =>
  inTransaction(db.server, (tx) =>
    noteDelivered(tx, { sourceSystem: 'yibao', department: 'MEDICAL_SECURITY', record: 'AID_GRANT', ...given }),
  );
const at = (day: string): Date => new Date(`${day}T10:00:00+08:00`);

const FIELDS = 'sourceSystem regionCode asOf stale hoursLate rhythmsLate rhythmHours';
type Feed = Readonly<Record<string, unknown>>;
async function feeds(args = '', fields = FIELDS): Promise<readonly Feed[]> {
  const { data, errors } = await hub.ask(`{ feedStatus${args} { ${fields} } }`, anybody);
  expect(errors).toEqual([]);
  return (data as { feedStatus: readonly Feed[] }).feedStatus;
}

const [GANSU, LANZHOU, CHENGGUAN, QILIHE, JIANGXI] = [
  '620000000000',
  '620100000000',
  '620102000000',
  '620103000000',
  '360000000000',
];

test('a feed that should come daily and is three days late says so in hours and in rhythms', async () => {
  await deliver({ asOf: at('2026-11-18'), rhythmHours: 24 });
  expect(await feeds()).toEqual([
    {
      sourceSystem: 'yibao',
      regionCode: null,
      asOf: '2026-11-18T02:00:00.000Z',
      stale: true,
      hoursLate: 72,
      rhythmsLate: '3.0',
      rhythmHours: 24,
    },
  ]);
});

test('on the very hour it is in time, and a moment later it is not', async () => {
  await deliver({ asOf: at('2026-11-21'), rhythmHours: 24 });
  expect(await feeds('', 'stale hoursLate')).toEqual([{ stale: false, hoursLate: 0 }]);
  await db.owner.query(`update feed set as_of = as_of - interval '1 millisecond'`);
  expect(await feeds('', 'stale hoursLate')).toEqual([{ stale: true, hoursLate: 0 }]);
});

test('what was expected and never delivered is listed as such, and is stale', async () => {
  await rowsIn(db.owner).insert('feed', {
    source_system: 'canlian',
    department: 'HEALTH',
    record: 'DISABILITY',
    as_of: null,
    rhythm_hours: 744,
  });
  expect(await feeds('', 'asOf stale hoursLate rhythmsLate')).toEqual([
    { asOf: null, stale: true, hoursLate: null, rhythmsLate: null },
  ]);
  expect(await feeds('(staleOnly: true)', 'record')).toEqual([{ record: 'DISABILITY' }]);
  expect(await feeds('(staleOnly: false)', 'record')).toHaveLength(1);
  expect(await feeds('(department: HOUSING)', 'record')).toEqual([]);
  expect(await feeds('(record: "DISABILITY", department: HEALTH)', 'record')).toHaveLength(1);
});

test('a delivery moves the feed of its region and those below it, neither the one above nor the one beside', async () => {
  for (const regionCode of [null, GANSU, LANZHOU, CHENGGUAN, QILIHE, JIANGXI])
    await deliver({ asOf: at('2026-11-01'), regionCode, rhythmHours: 168 });
  await deliver({ asOf: at('2026-11-20'), regionCode: LANZHOU });
  const moved = async () =>
    (await feeds('', 'regionCode asOf'))
      .filter(({ asOf }) => asOf === '2026-11-20T02:00:00.000Z')
      .map((f) => f['regionCode']);
  expect(await moved()).toEqual([LANZHOU, CHENGGUAN, QILIHE]);
  // An older one, come late, takes nothing back.
  await deliver({ asOf: at('2026-11-10'), regionCode: GANSU });
  expect(await moved()).toEqual([LANZHOU, CHENGGUAN, QILIHE]);
  await deliver({ asOf: at('2026-11-20') });
  expect(await moved()).toHaveLength(6);
});

test('a region that delivers for the first time has the rhythm of its like', async () => {
  await deliver({ asOf: at('2026-11-01'), regionCode: CHENGGUAN, rhythmHours: 24 });
  await deliver({ asOf: at('2026-11-01'), regionCode: QILIHE });
  await deliver({ asOf: at('2026-11-01'), record: 'INSURED' });
  expect((await feeds('', 'regionCode rhythmHours')).map((f) => f['rhythmHours'])).toEqual([24, 24, 744]);
});

test('thirty deliveries at once, of parts and the whole, end in the newest and wait for no one', async () => {
  const regions = [null, GANSU, LANZHOU, CHENGGUAN, QILIHE];
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      deliver({ asOf: at(`2026-11-${String((i % 20) + 1).padStart(2, '0')}`), regionCode: regions[i % 5] ?? null }),
    ),
  );
  const all = await feeds('', 'regionCode');
  expect(all).toHaveLength(5);
});

test('beside a feed stand the counts of its last delivery and the share of rows that were sent back in thirty days', async () => {
  await deliver({ asOf: at('2026-11-20'), regionCode: GANSU });
  const { insert } = rowsIn(db.owner);
  const delivery = (finished: string, counts: Readonly<Record<string, number>>, change: object = {}) =>
    insert('delivery', {
      department: 'MEDICAL_SECURITY',
      source_system: 'yibao',
      record: 'AID_GRANT',
      mode: 'DELTA',
      state: 'APPLIED',
      as_of: finished,
      region_code: GANSU,
      format: 'CSV',
      opened_by: 'test',
      opened_at: finished,
      seen_at: finished,
      finished_at: finished,
      ...counts,
      ...change,
    });
  await delivery('2026-10-20T00:00:00Z', { row_count: 1_000, rejected_count: 1_000 });
  await delivery('2026-11-01T00:00:00Z', { row_count: 300, faulty_count: 5, rejected_count: 10 });
  await delivery('2026-11-20T00:00:00Z', {
    row_count: 100,
    recorded_count: 60,
    changed_count: 30,
    unchanged_count: 5,
    faulty_count: 3,
    rejected_count: 2,
  });
  // Given up, of another region, of another kind: none of its business.
  await delivery('2026-11-21T00:00:00Z', { row_count: 7, rejected_count: 7 }, { state: 'WITHDRAWN' });
  await delivery('2026-11-21T00:00:00Z', { row_count: 7, rejected_count: 7 }, { region_code: null });
  await delivery('2026-11-21T00:00:00Z', { row_count: 7, rejected_count: 7 }, { record: 'INSURED' });
  expect(await feeds('', 'lastRows lastRecorded lastRejected errorRate')).toEqual([
    { lastRows: 100, lastRecorded: 90, lastRejected: 5, errorRate: '0.0500' },
  ]);
  await db.owner.query('truncate delivery cascade');
  expect(await feeds('', 'lastRows errorRate')).toEqual([{ lastRows: null, errorRate: null }]);
});
