/** `hub feeds expect` as a registrar runs it: a process of its own. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runHub } from '../aid/hub-process.ts';
import type { Done } from '../aid/hub-process.ts';
import { registrar } from '../corrections/world.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
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

const asHousing = (...args: string[]): Promise<Done> =>
  runHub(['feeds', ...args, '--url', hub.url], {
    HUB_TOKEN: hub.headersOf(registrar('HOUSING'))['authorization']?.slice('Bearer '.length) ?? '',
  });
const WHAT = { department: 'HOUSING', record: 'AID_GRANT', region: '620102', hours: '48' };
const declare = (change: Partial<typeof WHAT> = {}, ...more: string[]): Promise<Done> =>
  asHousing(
    'expect',
    ...Object.entries({ ...WHAT, ...change }).flatMap(([name, value]) => [`--${name}`, value]),
    ...['--case', 'DQ-1', ...more],
  );

test('a feed is declared, listed as one that never came, given another rhythm, and ended', async () => {
  expect(await declare()).toEqual({
    ...{ code: 0, err: '', out: 'HOUSING:*  AID_GRANT  620102000000  48 h  从未报送 never\n' },
  });
  const listed = await asHousing('--stale', '--department', 'HOUSING');
  expect([listed.code, listed.err]).toEqual([0, '']);
  expect(listed.out).toMatch(/AID_GRANT +HOUSING +HOUSING:\* +620102000000 +从未报送 never +48 h +逾期 overdue/u);
  expect((await declare({ hours: '168', region: '620102000000' })).out).toMatch(/ {2}168 h {2}/u);
  const named = await declare({}, '--source', 'zulin', '--json');
  expect(JSON.parse(named.out)).toMatchObject({ sourceSystem: 'zulin', ended: false });
  expect((await declare({}, '--ends')).out).toMatch(/已终止 ended\n$/u);
  expect((await asHousing('--department', 'HOUSING', '--json')).out.trim().split('\n')).toHaveLength(1);
});

test('what is wrong is said with its option and what to do, by the command or by the hub', async () => {
  const refused = async (change: Partial<typeof WHAT>, code: number): Promise<string> => {
    const done = await declare(change);
    expect([done.code, done.out]).toEqual([code, '']);
    return done.err;
  };
  expect(await refused({ hours: 'weekly' }, 1)).toMatch(/^--hours .*1 to 8784.*168/u);
  expect(await refused({ region: '62' }, 1)).toMatch(/^--region .*620102/u);
  expect(await refused({ department: 'HEALTH' }, 2)).toMatch(/yours is HOUSING/u);
  expect(await refused({ department: 'HOUSNG' }, 2)).toMatch(/^--department: .*hub feeds/u);
  expect(await refused({ record: 'STUDENTS' }, 2)).toMatch(/record: .*it delivers .*AID_GRANT/u);
  expect(await refused({ region: '110101' }, 2)).toMatch(/region/u);
  const without = await asHousing('expect', '--department', 'HOUSING');
  expect([without.code, without.err]).toEqual([1, expect.stringMatching(/--record/u)]);
});
