/** Aid that is reported over the API is heard of: it moves the feed of the department's grants for its divisions. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { fixedClock } from '../../src/platform/clock.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { noteReported } from '../../src/registry/index.ts';
import { education, grantTo, openAidWorld } from '../aid/aid-world.ts';
import type { AidWorld, Report } from '../aid/aid-world.ts';
import { callerOf, openEngine } from '../harness/engine.ts';

let world: AidWorld;
beforeAll(async () => {
  world = await openAidWorld();
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.db.owner.query('truncate feed'));

const NINE = '2026-11-22T09:00:00+08:00';
const reporterAt = (at: string): Report => world.reporter({ clock: fixedClock(at) });
const feeds = async (): Promise<readonly (readonly [string, string | null, string | null])[]> => {
  const { rows } = await world.db.owner.query<{ source: string; region: string | null; at: Date | null }>(
    `select source_system as source, region_code as region, as_of as at from feed where record = 'AID_GRANT' order by 1, 2`,
  );
  return rows.map(({ source, region, at }) => [source, region, at?.toISOString() ?? null] as const);
};

/** What civil affairs is told of the aid of education to somebody, days after. */
async function toldOn(on: string): Promise<unknown> {
  const engine = await openEngine(world.db, { clock: fixedClock(`${on}T10:00:00+08:00`) });
  const caller = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1', purpose: 'DYNAMIC_MONITORING' });
  const query = 'query($id: ID!) { person(id: $id) { aidByDepartment { department answer stale } } }';
  const { data, errors } = await engine.ask(query, caller, { variables: { id: world.people[1].personId } });
  expect(errors).toEqual([]);
  const { person } = data as { person: { aidByDepartment: readonly { readonly department: string }[] } };
  return person.aidByDepartment.find(({ department }) => department === 'EDUCATION');
}

test('whoever reports is known to be fresh for its division, and stale again a rhythm later', async () => {
  const answer = { department: 'EDUCATION', answer: 'NO_AID', stale: false };
  const unknown = { ...answer, answer: 'UNKNOWN', stale: true };
  expect(await toldOn('2026-11-22')).toEqual(unknown);
  await reporterAt(NINE)([grantTo(world.people[0])]);
  expect(await feeds()).toEqual([['education.test', '620000000000', new Date(NINE).toISOString()]]);
  expect(await toldOn('2026-11-22')).toEqual(answer);
  // 31 days, where nobody agreed another rhythm.
  expect(await toldOn('2026-12-22')).toEqual(answer);
  expect(await toldOn('2026-12-24')).toEqual(unknown);
});

test('a report of nothing counts; one of which nothing is taken, a rehearsal and a refusal do not', async () => {
  const report = reporterAt(NINE);
  await report([{ ...grantTo(world.people[0]), amountYuan: 'much' }]);
  await report([grantTo(world.people[0])], { dryRun: true });
  await expect(report([grantTo(world.people[0])], {}, { ...education, role: 'WINDOW' })).rejects.toThrow();
  expect(await feeds()).toEqual([]);
  await report([]);
  expect(await feeds()).toHaveLength(1);
});

test('a feed never goes back, is exact to a minute, and those above, beside and of others stay', async () => {
  const { owner } = world.db;
  const insert = (source: string, department: string, region: string | null): Promise<unknown> =>
    owner.query(
      `insert into feed (id, source_system, department, record, region_code, as_of, rhythm_hours)
       values (gen_random_uuid(), $1, $2, 'AID_GRANT', $3, null, 24)`,
      [source, department, region],
    );
  await insert('education.test', 'EDUCATION', null);
  await insert('education.test', 'EDUCATION', world.offices.gansu);
  await insert('education.test', 'EDUCATION', world.offices.jiangxi);
  await insert('EDUCATION:*', 'EDUCATION', '620000000000');
  await insert('HOUSING:*', 'HOUSING', '620000000000');
  const report = reporterAt(NINE);
  await report([]);
  const nine = new Date(NINE).toISOString();
  const expected = [
    ['HOUSING:*', '620000000000', null],
    ['EDUCATION:*', '620000000000', nine],
    ['education.test', '620000000000', nine],
    ['education.test', world.offices.gansu, nine],
    ['education.test', world.offices.jiangxi, null],
    ['education.test', null, null],
  ];
  const sorted = (all: readonly unknown[]): readonly string[] => all.map((one) => JSON.stringify(one)).sort();
  expect(sorted(await feeds())).toEqual(sorted(expected));
  await reporterAt('2026-11-21T09:00:00+08:00')([]);
  expect(sorted(await feeds())).toEqual(sorted(expected));
  const { rows } = await owner.query('select rhythm_hours from feed where source_system = $1 and region_code = $2', [
    'education.test',
    '620000000000',
  ]);
  expect(rows).toEqual([{ rhythm_hours: 24 }]);
});

test('twenty at once wait for nobody, and make one feed', async () => {
  const reports = Array.from({ length: 20 }, () => reporterAt(NINE));
  await Promise.all(reports.map((report) => report([])));
  expect(await feeds()).toHaveLength(1);
  const later = new Date('2026-11-22T09:05:00+08:00');
  const reported = {
    sourceSystem: 'education.test',
    department: 'EDUCATION',
    record: 'AID_GRANT',
    asOf: later,
  } as const;
  const note = (tx: PoolClient): Promise<void> => noteReported(tx, { ...reported, regions: ['620000000000'] });
  const held = await world.db.server.connect();
  try {
    await held.query('begin');
    await note(held);
    // Would wait until the other ends, were it not passed by.
    await inTransaction(world.db.server, note);
    await held.query('rollback');
  } finally {
    held.release();
  }
});

test('a busy reporter writes to its feed once a minute, in one statement', async () => {
  let writes = 0;
  const { server } = world.db;
  const pool: typeof server = new Proxy(server, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'connect') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async () => {
        const client = await target.connect();
        return new Proxy(client, {
          get: (inner, key) => {
            const member: unknown = Reflect.get(inner, key);
            if (key !== 'query') return typeof member === 'function' ? (member.bind(inner) as unknown) : member;
            return (...given: Parameters<PoolClient['query']>) => {
              if (String(given[0]).includes('insert into feed')) writes += 1;
              return inner.query(...given);
            };
          },
        });
      };
    },
  });
  let at = new Date(NINE);
  const clock = { ...fixedClock(NINE), now: () => at };
  const report = world.reporter({ pool, clock });
  for (let i = 0; i < 5; i += 1) await report([]);
  expect(writes).toBe(1);
  at = new Date(at.getTime() + 60_000);
  await report([]);
  expect(writes).toBe(2);
  expect((await feeds()).map(([, , told]) => told)).toEqual([at.toISOString()]);
});
