/** Every bound on a running hub: what goes beyond it is refused, named and counted; who leaves is waited for no longer. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import type { RecordKind } from '../../src/intake/index.ts';
import { BOUNDS, BOUND_NAMES, TURNS } from '../../src/platform/bounds.ts';
import type { BoundName } from '../../src/platform/bounds.ts';
import { recordKinds } from '../../src/server/department-modules.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { callerOf } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { HttpAnswer, TestHub } from '../harness/hub.ts';

const { education, housing, labour, civilAffairs } = CALLERS;
const SUPPLY = { purposes: ['DATA_SUPPLY'], purpose: 'DATA_SUPPLY' } as const;
/** Any kind of record that is delivered here. */
const [RECORD] = recordKinds as readonly [RecordKind];
const MODERN = { accept: 'application/graphql-response+json' };

let world: Neighbours;
/** Bounds so small that a few lines go beyond them; a second statement waits. */
let small: TestHub;
/** One operation runs at a time, and two wait. */
let door: TestHub;
/** One request a second, four at once. */
let slow: TestHub;
beforeAll(async () => {
  world = await openNeighbours();
  small = await openHub(world.database, {
    settings: {
      HUB_MAX_BODY: '20000',
      HUB_MAX_FILE: '1024',
      HUB_MAX_TOKENS: '400',
      HUB_MAX_DEPTH: '6',
      HUB_MAX_ROOT_FIELDS: '3',
      HUB_MAX_ALIASES: '4',
      HUB_MAX_SELECTIONS: '100',
      HUB_MAX_PAGE: '50',
      HUB_MAX_CHECKS: '2',
      HUB_MAX_GRANTS: '1',
      HUB_MAX_COST: '20000',
      HUB_MAX_STATEMENT_MS: '1000',
      HUB_MAX_ROWS: '3',
      HUB_MAX_ANSWER: '1024',
      HUB_MAX_WAIT_MS: '200',
      HUB_MAX_RUNNING_PER_CLIENT: '1',
    },
  });
  door = await openHub(world.database, {
    settings: {
      HUB_MAX_RUNNING: '1',
      HUB_MAX_RUNNING_PER_CLIENT: '1',
      HUB_MAX_WAITING: '2',
      HUB_MAX_WAITING_PER_CLIENT: '1',
      HUB_MAX_WAIT_MS: '60000',
    },
  });
  slow = await openHub(world.database, { settings: { HUB_RATE_PER_SECOND: '1' } });
});
afterAll(async () => {
  await Promise.all([small.close(), door.close(), slow.close()]);
  await world.close();
});

const ask = (hub: TestHub, query: string, caller: Bound = civilAffairs, variables?: Record<string, unknown>) =>
  hub.ask(query, caller, { headers: MODERN, ...(variables === undefined ? {} : { variables }) });

/** A statement that PostgreSQL cannot answer while the table is locked. */
const BLOCKED = '{ regions(first: 1) { code } }';

const held = new Set<() => Promise<void>>();
afterEach(() => Promise.all([...held].map((release) => release())));

/** Holds a table that statements want to read, until it is released. */
async function lock(): Promise<() => Promise<void>> {
  const client = await world.database.owner.connect();
  await client.query('begin; lock table region in access exclusive mode');
  const release = async (): Promise<void> => {
    if (!held.delete(release)) return;
    await client.query('rollback');
    client.release();
  };
  held.add(release);
  return release;
}

async function metric(hub: TestHub, name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );
}

/** Resolves once the figure is what it is to become. */
async function until(figure: () => Promise<number>, expected: number): Promise<void> {
  while ((await figure()) !== expected) await sleep(10);
}

const inFlight = (): Promise<number> => metric(door, 'hub_operations_in_flight');
const waiting = (): Promise<number> => metric(door, 'hub_operations_waiting');

/** Statements of hubs that wait for the locked table; only their own role sees them. */
async function blockedStatements(): Promise<number> {
  const { rows } = await world.database.server.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and application_name = 'hub' and state = 'active' and wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
}

const names = (n: number): string => Array.from({ length: n }, (_, i) => `a${String(i)}: code`).join(' ');
const checks = (n: number): Record<string, unknown> => ({ c: Array.from({ length: n }, () => ({ idNumber: 'x' })) });
const CHECK = 'query ($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result } }';
const REPORT = 'mutation ($i: ReportAidInput!) { reportAid(input: $i) { recorded } }';
const grants = (n: number) => ({ i: { items: Array.from({ length: n }, (_, i) => ({ sourceKey: `k${String(i)}` })) } });

/** A request beyond each bound. */
const BEYOND = {
  rate: async () => {
    for (;;) {
      const answer = await ask(slow, '{ __typename }');
      if (answer.status !== 200) return answer;
    }
  },
  body: () => ask(small, `{ feedStatus { asOf } } # ${'x'.repeat(20_000)}`),
  file: () =>
    small.send(`/records/${RECORD.name}`, 'x'.repeat(2_000), {
      ...small.headersOf(callerOf(RECORD.department, 'SYSTEM', { ...SUPPLY, caseNo: 'DATA-1' })),
      'content-type': 'text/csv',
    }),
  tokens: () => ask(small, `{ ${'a '.repeat(500)} }`),
  depth: () => ask(small, '{ regions { children { children { children { children { children { code } } } } } } }'),
  rootFields: () => ask(small, `{ ${['a', 'b', 'c', 'd'].map((name) => `${name}: regions { code }`).join(' ')} }`),
  aliases: () => ask(small, `{ regions { ...F } } fragment F on Region { ${names(3)} children { code b: code } }`),
  selections: () => ask(small, `{ regions { ${'code '.repeat(101)} } }`),
  page: () => ask(small, '{ regions(first: 51) { code } }'),
  checks: () => ask(small, CHECK, education, checks(3)),
  grants: () => ask(small, REPORT, { ...education, purposes: ['AID_REPORTING'], purpose: 'AID_REPORTING' }, grants(2)),
  cost: () => ask(small, '{ regions(first: 50) { children(first: 50) { children(first: 50) { code } } } }'),
  rows: () => ask(small, '{ recipients(first: 50) { nodes { id } } }'),
  answer: () => ask(small, '{ regions(first: 50) { code name } }'),
  time: async () => {
    const release = await lock();
    const answer = await ask(small, BLOCKED);
    await release();
    return answer;
  },
  wait: async () => {
    const release = await lock();
    const running = ask(small, BLOCKED);
    await until(blockedStatements, 1);
    const answer = await ask(small, BLOCKED);
    await release();
    await running;
    return answer;
  },
  waitingPerClient: async () => {
    const release = await lock();
    const crowd = [ask(door, BLOCKED, education)];
    await until(inFlight, 1);
    crowd.push(ask(door, BLOCKED, education));
    await until(waiting, 1);
    const answer = await ask(door, BLOCKED, education);
    await release();
    expect((await Promise.all(crowd)).map(({ status }) => status)).toEqual([200, 200]);
    return answer;
  },
  waiting: async () => {
    const release = await lock();
    const crowd = [ask(door, BLOCKED, education)];
    await until(inFlight, 1);
    crowd.push(ask(door, BLOCKED, education), ask(door, BLOCKED, housing));
    await until(waiting, 2);
    const answer = await ask(door, BLOCKED, labour);
    await release();
    expect((await Promise.all(crowd)).map(({ status }) => status)).toEqual([200, 200, 200]);
    return answer;
  },
} as const satisfies Record<BoundName, () => Promise<HttpAnswer>>;

const STATUS: Partial<Record<BoundName, number>> = {
  rate: 429,
  body: 413,
  file: 413,
  waitingPerClient: 429,
  waiting: 503,
  wait: 503,
  time: 504,
};

describe('beyond the bound of', () => {
  test.each(BOUND_NAMES)('%s a request is refused by its code, and the refusal is counted', async (bound) => {
    const hub = bound === 'rate' ? slow : bound === 'waiting' || bound === 'waitingPerClient' ? door : small;
    const counted = `hub_refused_total{bound="${bound}"}`;
    const before = await metric(hub, counted);
    const { status, json, headers } = await BEYOND[bound]();
    const [error] = json.errors ?? [];
    expect([status, json.data]).toEqual([STATUS[bound] ?? 400, undefined]);
    expect(error?.extensions).toMatchObject({ code: BOUNDS[bound].code, bound });
    expect(headers['retry-after']).toBe({ rate: '1', waitingPerClient: '1', waiting: '2', wait: '2' }[bound as string]);
    expect(await metric(hub, counted)).toBe(before + 1);
  });

  test('cost the list that costs most is named, and what helps', async () => {
    const { json } = await BEYOND.cost();
    expect(json.errors?.[0]?.extensions).toMatchObject({ cost: 127_550, limit: 20_000, coordinate: 'Region.children' });
    expect(json.errors?.[0]?.message).toMatch(/127550.*20000.*Region\.children.*fewer/);
  });

  test.each(['checks', 'cost', 'rows', 'answer', 'time'] as const)('%s the refusal is on record', async (bound) => {
    await BEYOND[bound]();
    const { rows } = await world.database.owner.query(
      'select decision, reason from access_log order by at desc, id desc limit 1',
    );
    expect(rows).toEqual([{ decision: 'REFUSED', reason: BOUNDS[bound].code }]);
  });
});

test('up to its bounds a request is answered', async () => {
  const answers = await Promise.all([
    ask(world.hub, '{ regions(first: 1000) { code name } }'),
    ask(world.hub, CHECK, education, checks(1_000)),
    ask(world.hub, '{ recipients(first: 1000) { nodes { id programme } } }'),
    ask(world.hub, readFileSync('schema/operations/recipients.graphql', 'utf8'), civilAffairs, { first: 50 }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const nested = 'members(first: 100) { person { recipientOf(first: 100) { programme } } }';
  const crowd = `{ recipients(first: 1000) { nodes { household { ${nested} } } } }`;
  expect((await ask(world.hub, crowd)).json.errors?.[0]?.extensions).toMatchObject({ code: 'TOO_COSTLY' });
});

describe('a client that leaves', () => {
  /** A request that can be given up. */
  const begin = (caller: Bound): { leave: () => void; ended: Promise<unknown> } => {
    const leaving = new AbortController();
    const ended = fetch(`${door.url}/graphql`, {
      method: 'POST',
      headers: door.headersOf(caller),
      body: JSON.stringify({ query: BLOCKED }),
      signal: leaving.signal,
    }).catch((error: unknown) => error);
    return {
      leave: () => {
        leaving.abort();
      },
      ended,
    };
  };

  test('waits no longer, and the statement that runs for it is cancelled in PostgreSQL', async () => {
    const release = await lock();
    const running = begin(education);
    await until(blockedStatements, 1);
    const second = begin(housing);
    await until(waiting, 1);
    second.leave();
    await until(waiting, 0);

    const third = begin(labour);
    await until(waiting, 1);
    running.leave();
    // The one that left is gone from the database while the table is still locked, and the next one has its place.
    await until(waiting, 0);
    await until(blockedStatements, 1);
    third.leave();
    await until(blockedStatements, 0);
    await until(inFlight, 0);
    await release();
    await Promise.all([running.ended, second.ended, third.ended]);

    expect((await ask(door, BLOCKED, education)).status).toBe(200);
    const { rows } = await world.database.owner.query(
      `select client, decision, reason from access_log where reason = 'CANCELLED' order by at, id`,
    );
    expect(rows).toEqual(
      [education, labour].map(({ client }) => ({ client, decision: 'REFUSED', reason: 'CANCELLED' })),
    );
    expect(
      await metric(door, 'hub_operations_total{department="LABOUR",role="SYSTEM",kind="query",outcome="CANCELLED"}'),
    ).toBe(1);
  });
});

test('the documented table of bounds is the table in the code', () => {
  const rows = Object.entries({ ...BOUNDS, ...TURNS }).map(([name, row]) => [
    `\`${row.setting}\``,
    row.of,
    row.default.toLocaleString('en'),
    'code' in row ? `\`${row.code}\`` : 'waits',
    `\`${name}\``,
  ]);
  const documented = readFileSync('docs/limits.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `HUB_'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(documented).toEqual(rows);
});
