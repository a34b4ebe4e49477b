/** The month that the intake is judged by: a million rows in a hub of its own, twice; and one that is killed twenty times. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileAccount, MonthAccount } from '../../seeds/month/account.ts';
import { writeMonth } from '../../seeds/month/write-month.ts';
import { beginHub, runHub, serveHub } from '../aid/hub-process.ts';
import type { ServingHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { contentOf, deliverMonth, digestOf, holdings, outcomeOf } from './deliver-month.ts';
import type { Door, Outcome } from './deliver-month.ts';
import { killsOf, letTimePass, phaseOf, reach } from './kills.ts';
import { openSlowWay } from './slow-way.ts';

const ROWS = Number(process.env['HUB_MONTH_ROWS'] ?? 1_000_000);
const ROWS_OF_KILLED = Number(process.env['HUB_MONTH_KILLED_ROWS'] ?? 60_000);
const SEED = Number(process.env['HUB_MONTH_SEED'] ?? 11);
const KILLS = 20;
/** MB. */
const MOST_MEMORY = 400;
/** Ten times and more the rows may cost so much more: buffers that grew to their size. */
const MOST_GROWTH = 100;
/** Rows after which the memory of the hub itself is looked at first: a tenth of them. */
const FIRST_LOOK = ROWS / 10;

const CLIENTS: Readonly<Record<string, string>> = {
  CIVIL_AFFAIRS: 'civil-affairs.demo',
  EDUCATION: 'education.demo',
  MEDICAL_SECURITY: 'medical-security.demo',
  HEALTH: 'health.demo',
  HOUSING: 'housing.demo',
  LABOUR: 'labour.demo',
};

let dir: string;
const opened: { hub?: ServingHub; database: TestDatabase }[] = [];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'hub-month-'));
});
afterAll(async () => {
  for (const { hub, database } of opened) {
    if (hub !== undefined) await hub.kill();
    await database.drop();
  }
  rmSync(dir, { recursive: true, force: true });
});

interface World {
  readonly database: TestDatabase;
  readonly env: Record<string, string>;
  readonly tokens: ReadonlyMap<string, string>;
  hub: ServingHub;
  readonly door: Door;
}

/** A hub in a process of its own, over a database that has reference data and nobody in it. */
async function openHub(name: string): Promise<World> {
  const database = await testDatabase();
  const env = {
    DATABASE_URL: database.ownerUrl,
    HUB_DATABASE_URL: database.serverUrl,
    HUB_DATA_DIR: join(dir, name),
    HUB_DEMO_PERSONS: '0',
    HUB_PORT: String(await freePort()),
  };
  const hub = await serveHub(env);
  opened.push({ hub, database });
  const tokens = new Map<string, string>();
  for (const [department, client] of Object.entries(CLIENTS)) {
    const { out } = await runHub(['token', '--client', client, '--expires', '8h'], env);
    tokens.set(department, out.trim());
  }
  const headersOf = (department: string): Record<string, string> => ({
    authorization: `Bearer ${tokens.get(department) ?? ''}`,
    'hub-purpose': 'DATA_SUPPLY',
    'hub-case': 'MONTH-2026-11',
  });
  return { database, env: { ...env, HUB_URL: hub.url }, tokens, hub, door: { url: hub.url, headersOf } };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a hub's process has in memory now, and the most that it ever had; MB. */
function memoryOf({ running: { child } }: ServingHub): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  const read = (line: RegExp): number => Number(line.exec(status)?.[1] ?? NaN) / 1024;
  return { now: read(/VmRSS:\s+(\d+) kB/), most: read(/VmHWM:\s+(\d+) kB/) };
}

const inSeconds = (since: number): number => (performance.now() - since) / 1_000;
const told = (account: MonthAccount, outcomes: readonly Pick<Outcome, 'counts' | 'findings'>[]): unknown =>
  account.files.map(({ file }, at) => ({ file, counts: outcomes[at]?.counts, findings: outcomes[at]?.findings }));

test(`${ROWS} rows: every count is the account's, the same rows again change nothing, and memory is flat`, async () => {
  const small = await openHub('small');
  const first = await writeMonth({ rows: Math.ceil(ROWS / 12), seed: SEED, dir: join(dir, 'files-small') });
  const files = join(dir, 'files');
  const began = performance.now();
  // Both at once: the one is written by this process, the other is worked through by the hub and the database.
  const [account] = await Promise.all([
    writeMonth({ rows: ROWS, seed: SEED, dir: files }),
    deliverMonth(small.door, join(dir, 'files-small'), first, small.database.owner),
  ]);
  const lines = [`${account.rows} rows in ${account.files.length} files written in ${inSeconds(began).toFixed(0)} s`];
  const { most: smallMemory } = memoryOf(small.hub);
  await small.hub.kill();

  const { door, hub, database } = await openHub('large');
  const spent = new Map<string, { rows: number; seconds: number }>();
  const delivering = performance.now();
  let since = delivering;
  let rowsSoFar = 0;
  let early = 0;
  const onFile = ({ record, first: { counts } }: FileAccount): void => {
    rowsSoFar += counts.rows;
    if (early === 0 && rowsSoFar >= FIRST_LOOK) early = memoryOf(hub).now;
    const sum = spent.get(record) ?? { rows: 0, seconds: 0 };
    spent.set(record, { rows: sum.rows + counts.rows, seconds: sum.seconds + inSeconds(since) });
    since = performance.now();
  };
  const outcomes = await deliverMonth(door, files, account, database.owner, { onFile });
  const seconds = inSeconds(delivering);
  const { now: late } = memoryOf(hub);
  lines.push(`delivered in ${seconds.toFixed(0)} s: ${(account.rows / seconds).toFixed(0)} rows/s`);
  for (const [record, sum] of spent)
    lines.push(
      `  ${record}: ${sum.rows} rows, ${sum.seconds.toFixed(1)} s, ${(sum.rows / sum.seconds).toFixed(0)} rows/s`,
    );
  expect(told(account, outcomes)).toEqual(
    told(
      account,
      account.files.map((file) => file.first),
    ),
  );
  const { tables, ended, personsByCounty, dead } = account;
  expect(await holdings(database.owner, account)).toEqual({ tables, ended, personsByCounty, dead });

  const before = await digestOf(database.owner, account);
  const resending = performance.now();
  const again = await deliverMonth(door, files, account, database.owner, { onceMore: true });
  lines.push(`delivered again in ${inSeconds(resending).toFixed(0)} s`);
  const isNew = (_: unknown, at: number): boolean => again[at]?.known === false;
  const expected = told(
    account,
    account.files.map((file) => file.again),
  ) as unknown[];
  expect((told(account, again) as unknown[]).filter(isNew)).toEqual(expected.filter(isNew));
  expect(await digestOf(database.owner, account)).toEqual(before);

  const { now: last, most: memory } = memoryOf(hub);
  lines.push(
    `most memory: ${smallMemory.toFixed(0)} MB with ${first.rows} rows, ${memory.toFixed(0)} MB with ${account.rows} twice`,
    `memory: ${early.toFixed(0)} MB after ${FIRST_LOOK} rows, ${late.toFixed(0)} MB after all, ${last.toFixed(0)} MB after all twice`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  expect(memory).toBeLessThan(MOST_MEMORY);
  expect(memory - smallMemory).toBeLessThan(MOST_GROWTH);
  expect(Math.max(late, last) - early).toBeLessThan(MOST_GROWTH);
}, 1_800_000);

test(`the hub is killed ${KILLS} times, the commands are run again, and each time the end is what it is without`, async () => {
  const files = join(dir, 'files-killed');
  const account = await writeMonth({ rows: ROWS_OF_KILLED, seed: SEED, dir: files });
  const quiet = await openHub('undisturbed');
  const world = await openHub('killed');
  const { owner } = world.database;
  const way = await openSlowWay(world.hub.url);
  const plan = killsOf(account, SEED, KILLS);
  const during = new Map<string, number>();
  const outcomes: Outcome[] = [];
  let waited = false;
  for (const [at, file] of account.files.entries()) {
    const one = { ...account, files: [file] };
    const undisturbed = deliverMonth(quiet.door, files, one, quiet.database.owner);
    undisturbed.catch(() => undefined);
    const args = importArgs(files, file);
    const env = { ...world.env, HUB_TOKEN: world.tokens.get(file.department) ?? '' };
    const begin = (url = world.hub.url) => beginHub(args, { ...env, HUB_URL: url });
    const kills = plan.get(at) ?? [];
    for (const kill of kills) {
      const found = await reach(kill, file, { begin, owner, way, dir: files });
      during.set(found.during, (during.get(found.during) ?? 0) + 1);
      await world.hub.kill();
      // Once the time is waited for; what comes of it is the same.
      if (waited || found.during !== 'APPLYING') await letTimePass(owner);
      else waited = true;
      world.hub = await serveHub(world.env);
      opened.push({ hub: world.hub, database: { ...world.database, drop: () => Promise.resolve() } });
      found.command.child.kill('SIGKILL');
      await found.command.done;
    }
    for (let tries = 0; (await phaseOf(owner, file)) !== 'APPLIED'; tries += 1) {
      const { code, err } = await begin().done;
      if (tries > 5) throw new Error(`${file.file}: ${String(code)} ${err}`);
    }
    await undisturbed;
    outcomes.push(await outcomeOf(world.door, file, owner));
    if (kills.length === 0) continue;
    const [is, without] = await Promise.all([contentOf(owner, account), contentOf(quiet.database.owner, account)]);
    expect({ file: file.file, kills, content: is }).toEqual({ file: file.file, kills, content: without });
  }
  way.close();
  process.stdout.write(`killed while: ${[...during].map(([phase, n]) => `${phase} ${n}`).join(', ')}\n`);
  for (const phase of ['UPLOADING', 'STAGING', 'APPLYING'])
    expect([phase, (during.get(phase) ?? 0) >= 3]).toEqual([phase, true]);
  const working = [...during].reduce((sum, [phase, n]) => sum + (phase === 'APPLIED' ? 0 : n), 0);
  expect(working).toBeGreaterThan(KILLS / 2);
  expect(told(account, outcomes)).toEqual(
    told(
      account,
      account.files.map((file) => file.first),
    ),
  );
  const { tables, ended, personsByCounty, dead } = account;
  expect(await holdings(owner, account)).toEqual({ tables, ended, personsByCounty, dead });
  expect(await contentOf(owner, account)).toEqual(await contentOf(quiet.database.owner, account));
}, 1_800_000);

const importArgs = (files: string, { file, record, mode, asOf, region }: FileAccount): string[] => [
  ...['records', 'import', join(files, file), '--record', record, '--mode', mode, '--as-of', asOf],
  ...(region === undefined ? [] : ['--region', region]),
  ...['--case', 'MONTH-2026-11', '--yes', '--out', join(files, `${file}.result.csv`)],
];
