/** Guessing in a hurry is answered slowly, and those who must look are told; an honest department notices nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { openGuessWatch } from '../../src/access/index.ts';
import type { Bound, GuessWatch, GuessingAlert } from '../../src/access/index.ts';
import { openHub } from '../harness/hub.ts';
import type { HttpAnswer, TestHub } from '../harness/hub.ts';
import { CALLERS, openNeighbours, publishAmended } from './attacks/neighbours.ts';
import type { Neighbours } from './attacks/neighbours.ts';

describe('a watch', () => {
  const at = { now: 0 };
  const asking = { client: 'a.test', department: 'EDUCATION', role: 'SYSTEM' } as const;
  let alerts: GuessingAlert[];
  let watch: GuessWatch;
  beforeEach(() => {
    at.now = 7_000_000;
    alerts = [];
    watch = openGuessWatch({ slowAfter: 100, onAlert: (alert) => alerts.push(alert), now: () => at.now });
  });
  const note = (asked: number, fruitless: number, nobody = fruitless) => {
    watch.note(asking, { asked, fruitless, nobody });
  };

  test('slows nobody down below the count, nor whoever finds as many as a whole school roll has', () => {
    note(99, 99);
    expect(watch.admit('a.test', 1_000)).toBe(0);
    expect(watch.admit('a.test', 1_000)).toBe(0);
    note(4_900, 4_753); // three in a hundred are recipients
    for (let i = 0; i < 10; i += 1) expect(watch.admit('a.test', 1_000)).toBe(0);
    expect(alerts).toEqual([]);
  });

  test('lets the questions of one who finds nobody be paid for one after the other, and dearer as they add up', () => {
    note(100, 100);
    expect([watch.admit('a.test', 10), watch.admit('a.test', 10), watch.admit('a.test', 1)]).toEqual([0, 50, 100]);
    note(300, 300);
    at.now += 1_000;
    expect([watch.admit('a.test', 10), watch.admit('a.test', 1)]).toEqual([0, 200]);
    expect(watch.admit('b.test', 1_000)).toBe(0);
  });

  test('never makes anybody wait for more than ten seconds: beyond, it says when to come back', () => {
    note(1_000_000, 1_000_000);
    expect(watch.admit('a.test', 105)).toBe(0);
    expect(() => watch.admit('a.test', 1)).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_MISSES', extensions: { retryAfter: 1 } }),
    );
    at.now += 1_000;
    expect(watch.admit('a.test', 1)).toBe(9_500);
  });

  test('forgets what is ten minutes old', () => {
    note(200, 200);
    at.now += 5 * 60_000;
    watch.admit('a.test', 1_000);
    expect(watch.admit('a.test', 1)).toBeGreaterThan(0);
    at.now += 6 * 60_000;
    expect([watch.admit('a.test', 1_000), watch.admit('a.test', 1_000)]).toEqual([0, 0]);
  });

  test('raises one alert a client and hour, with counts and nothing else', () => {
    note(60, 60, 10);
    note(60, 60, 20);
    note(60, 60, 30);
    expect(alerts).toEqual([{ ...asking, asked: 120, fruitless: 120, nobody: 30 }]);
    at.now += 59 * 60_000;
    note(100, 100);
    expect(alerts).toHaveLength(1);
    at.now += 60_000;
    note(100, 100);
    expect(alerts).toHaveLength(2);
  });

  test('goes by what the answers tell, not by whether a number is known: both are slowed alike', () => {
    const waits = (nobody: number): number[] => {
      const other = openGuessWatch({ slowAfter: 100, onAlert: () => undefined, now: () => at.now });
      other.note(asking, { asked: 250, fruitless: 250, nobody });
      return [1, 2, 3].map(() => other.admit('a.test', 10));
    };
    expect(waits(0)).toEqual(waits(250));
  });
});

describe('a hub', () => {
  let world: Neighbours;
  let hub: TestHub;
  let round = 0;
  let caller: Bound;
  beforeAll(async () => {
    world = await openNeighbours();
    hub = await openHub(world.database, { settings: { HUB_SLOW_AFTER_MISSES: '20', HUB_MAX_RUNNING: '1' } });
  });
  afterAll(async () => {
    await hub.close();
    await world.close();
  });
  beforeEach(() => {
    round += 1;
    caller = { ...CALLERS.education, client: `hurry-${round}.test` };
  });

  const guesses = (count: number): { idNumber: string }[] =>
    Array.from({ length: count }, (_, i) => ({ idNumber: makeResidentId('360199', '1975-05-05', i) }));
  const check = (c: readonly { idNumber: string }[], by = caller, at = hub): Promise<HttpAnswer> =>
    at.ask('query($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result } }', by, { variables: { c } });
  const notices = async (): Promise<unknown[]> => {
    const { rows } = await world.database.owner.query<{ department: string; text: string }>(
      'select department, kind, text from notice where reference = $1 order by department',
      [caller.client],
    );
    return rows;
  };
  const slow = async (): Promise<void> => {
    for (let i = 0; i < 4; i += 1) await check(guesses(20));
  };

  /** A hundred and twenty questions at 20 ms and more are still to be paid for afterwards. */
  const owe = async (): Promise<void> => {
    await check(guesses(120));
  };

  test('answers whoever finds nobody later and later, and as before where it is asked for other things', async () => {
    await slow();
    await owe();
    const begun = performance.now();
    const late = await check([{ idNumber: world.known.idNumber }]);
    expect(performance.now() - begun).toBeGreaterThan(500);
    expect(late.json.data).toEqual({ checkStatus: [{ result: 'RECIPIENT' }] });
    // What is no question waits for none of it.
    await owe();
    const before = performance.now();
    expect((await hub.ask('{ feedStatus { record } }', caller)).status).toBe(200);
    expect(performance.now() - before).toBeLessThan(1_500);
  });

  test('keeps no place in the house and no connection of the database for one who waits', async () => {
    await slow();
    await owe();
    const waiting = check(guesses(1));
    await sleep(50);
    // One operation runs at a time in this hub, and this one comes in while the other one waits.
    const other = await check([{ idNumber: world.known.idNumber }], CALLERS.housing);
    let done = false;
    void waiting.then(() => (done = true));
    expect([other.status, done]).toEqual([200, false]);
    expect((await waiting).status).toBe(200);
  });

  test('lets a client that leaves while it waits go, and has its place free afterwards', async () => {
    await slow();
    await owe();
    const leaving = new AbortController();
    const body = JSON.stringify({ query: `{ checkStatus(checks: [{ idNumber: "${world.nobody}" }]) { result } }` });
    const gone = fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: hub.headersOf(caller),
      body,
      signal: leaving.signal,
    }).catch((error: unknown) => error);
    await sleep(50);
    leaving.abort();
    await gone;
    for (let i = 0; i < 3; i += 1) expect((await check(guesses(1), CALLERS.labour)).status).toBe(200);
  });

  test('tells civil affairs and the auditors once, counts the alert, and logs a warning without any number', async () => {
    const metric = async (): Promise<number> => {
      const text = await (await fetch(`${hub.url}/metrics`)).text();
      return Number(/^hub_guessing_suspected_total (\d+)$/m.exec(text)?.[1]);
    };
    const before = await metric();
    await slow();
    while ((await notices()).length === 0) await sleep(20);
    expect(await notices()).toEqual(
      ['AUDIT', 'CIVIL_AFFAIRS'].map((department) => ({
        department,
        kind: 'GUESSING_SUSPECTED',
        text: expect.stringContaining(caller.client),
      })),
    );
    expect(await metric()).toBe(before + 1);
    const warnings = hub
      .logged()
      .split('\n')
      .filter((line) => line.includes('seems to be guessing') && line.includes(caller.client));
    expect(warnings).toHaveLength(1);
    const told = JSON.stringify([warnings, await notices()]);
    for (const { idNumber } of guesses(20)) expect(told).not.toContain(idNumber);
    expect(told).not.toContain(world.known.idNumber);
  });

  test('tells it once a client and hour, however many processes notice', async () => {
    const other = await openHub(world.database, { settings: { HUB_SLOW_AFTER_MISSES: '20' } });
    await Promise.all([check(guesses(25)), check(guesses(25), caller, other)]);
    while ((await notices()).length === 0) await sleep(20);
    await other.close();
    await sleep(100);
    expect(await notices()).toHaveLength(2);
  });

  test('counts numbers of reports that match nobody as well', async () => {
    const item = (i: number) => ({
      sourceKey: `hurry-${i}`,
      idNumber: guesses(i + 1)[i]?.idNumber,
      name: '张三',
      programme: 'EDUCATION_AID',
      mode: 'CASH',
      amountYuan: '100',
      decidedOn: '2026-09-01',
    });
    await hub.ask(
      'mutation($i: ReportAidInput!) { reportAid(input: $i) { rejected } }',
      { ...caller, purpose: 'AID_REPORTING', purposes: ['AID_REPORTING'] },
      { variables: { i: { dryRun: true, items: Array.from({ length: 25 }, (_, i) => item(i)) } } },
    );
    while ((await notices()).length === 0) await sleep(20);
    expect(await notices()).toHaveLength(2);
  });
});

describe('the budget of an agreement', () => {
  let world: Neighbours;
  let hub: TestHub;
  beforeAll(async () => {
    world = await openNeighbours();
    hub = await openHub(world.database, { missesPerDay: 5 });
  });
  afterAll(async () => {
    await hub.close();
    await world.close();
  });

  const spent = async (caller: Bound): Promise<number> => {
    const query = `{ checkStatus(checks: [{ idNumber: "${world.nobody}" }]) { result } }`;
    for (let calls = 0; ; calls += 1) if ((await hub.ask(query, caller)).status === 429) return calls;
  };

  test('goes before that of the settings, for its department alone, from the next request on', async () => {
    expect(await spent(CALLERS.education)).toBe(5);
    await publishAmended(world.database, 'education', (agreement) => {
      agreement.missesPerDay = 12;
    });
    // The one that was refused was counted.
    expect(await spent(CALLERS.education)).toBe(6);
    expect(await spent({ ...CALLERS.education, client: 'another.test' })).toBe(12);
    expect(await spent(CALLERS.health)).toBe(5);
  });
});
