/** The month that the intake is judged by: a quarter of a million rows (HUB_MONTH_ROWS) in a hub of its own, twice; and one that is killed twenty times. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileAccount, MonthAccount } from '../../seeds/month/account.ts';
import { writeMonth } from '../../seeds/month/write-month.ts';
import { Random } from '../../seeds/synthetic/random.ts';
import { beginHub, runHub, serveHub } from '../aid/hub-process.ts';
import type { ServingHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { contentOf, deliverMonth, digestOf, holdings } from './deliver-month.ts';
import type { Door, Outcome } from './deliver-month.ts';

const ROWS = Number(process.env['HUB_MONTH_ROWS'] ?? 250_000);
const ROWS_OF_KILLED = Number(process.env['HUB_MONTH_KILLED_ROWS'] ?? 10_000);
const SEED = Number(process.env['HUB_MONTH_SEED'] ?? 11);
const KILLS = 20;
/** MB. */
const MOST_MEMORY = 400;
/** Ten times and more the rows may cost so much more: buffers that grew to their size. */
const MOST_GROWTH = 100;

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

/** Most memory that a hub's process ever had, MB. */
function memoryOf({ running: { child } }: ServingHub): number {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1024;
}

const inSeconds = (since: number): number => (performance.now() - since) / 1_000;
const told = (account: MonthAccount, outcomes: readonly Pick<Outcome, 'counts' | 'findings'>[]): unknown =>
  account.files.map(({ file }, at) => ({ file, counts: outcomes[at]?.counts, findings: outcomes[at]?.findings }));

test(`${ROWS} rows: every count is the account's, the same rows again change nothing, and memory is flat`, async () => {
  const small = await openHub('small');
  const first = await writeMonth({ rows: Math.ceil(ROWS / 12), seed: SEED, dir: join(dir, 'files-small') });
  await deliverMonth(small.door, join(dir, 'files-small'), first, small.database.owner);
  const smallMemory = memoryOf(small.hub);
  await small.hub.kill();

  const files = join(dir, 'files');
  const began = performance.now();
  const account = await writeMonth({ rows: ROWS, seed: SEED, dir: files });
  const lines = [`${account.rows} rows in ${account.files.length} files written in ${inSeconds(began).toFixed(0)} s`];
  const { door, hub, database } = await openHub('large');
  const spent = new Map<string, { rows: number; seconds: number }>();
  const delivering = performance.now();
  let since = delivering;
  const onFile = ({ record, first: { counts } }: FileAccount): void => {
    const sum = spent.get(record) ?? { rows: 0, seconds: 0 };
    spent.set(record, { rows: sum.rows + counts.rows, seconds: sum.seconds + inSeconds(since) });
    since = performance.now();
  };
  const outcomes = await deliverMonth(door, files, account, database.owner, { onFile });
  const seconds = inSeconds(delivering);
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

  const memory = memoryOf(hub);
  lines.push(
    `most memory: ${smallMemory.toFixed(0)} MB with ${first.rows} rows, ${memory.toFixed(0)} MB with ${account.rows} twice`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  expect(memory).toBeLessThan(MOST_MEMORY);
  expect(memory - smallMemory).toBeLessThan(MOST_GROWTH);
}, 1_800_000);

test(`the hub is killed ${KILLS} times, the commands are run again, and the end is what it is without`, async () => {
  const files = join(dir, 'files-killed');
  const account = await writeMonth({ rows: ROWS_OF_KILLED, seed: SEED, dir: files });
  const quiet = await openHub('undisturbed');
  await deliverMonth(quiet.door, files, account, quiet.database.owner);
  await quiet.hub.kill();

  const world = await openHub('killed');
  const plan = killsOf(account);
  const states = new Map<string, number>();
  for (const [at, file] of account.files.entries()) {
    const args = importArgs(files, file);
    const env = { ...world.env, HUB_TOKEN: world.tokens.get(file.department) ?? '' };
    for (const { phase, delay } of plan.get(at) ?? []) {
      const command = beginHub(args, env);
      const ended = Promise.race([command.done.then(() => true), sleep(30_000, true, { ref: false })]);
      while ((await stateOf(world.database, file)) < phase && !(await Promise.race([ended, sleep(5, false)])));
      await sleep(delay);
      const state = await stateOf(world.database, file);
      states.set(state, (states.get(state) ?? 0) + 1);
      await world.hub.kill();
      world.hub = await serveHub(world.env);
      opened.push({ hub: world.hub, database: { ...world.database, drop: () => Promise.resolve() } });
      command.child.kill('SIGKILL');
      await command.done;
    }
    for (let tries = 0; (await stateOf(world.database, file)) !== '4 APPLIED'; tries += 1) {
      const { code, err } = await runHub(args, env);
      if (tries > 5) throw new Error(`${file.file}: ${String(code)} ${err}`);
    }
  }
  process.stdout.write(`killed while: ${[...states].map(([state, n]) => `${state} ${n}`).join(', ')}\n`);
  const working = [...states].reduce((sum, [state, n]) => sum + (state === '4 APPLIED' ? 0 : n), 0);
  expect(working).toBeGreaterThan(KILLS / 2);
  const { tables, ended, personsByCounty, dead } = account;
  expect(await holdings(world.database.owner, account)).toEqual({ tables, ended, personsByCounty, dead });
  expect(await contentOf(world.database.owner, account)).toEqual(await contentOf(quiet.database.owner, account));
}, 1_800_000);

const importArgs = (files: string, { file, record, mode, asOf, region }: FileAccount): string[] => [
  ...['records', 'import', join(files, file), '--record', record, '--mode', mode, '--as-of', asOf],
  ...(region === undefined ? [] : ['--region', region]),
  ...['--case', 'MONTH-2026-11', '--yes', '--out', join(files, `${file}.result.csv`)],
];

/** How far a delivery is, in an order that sorts. */
const PHASES = ['0 not there', '1 STAGING', '2 STAGED', '3 APPLYING', '4 APPLIED'] as const;
type Phase = (typeof PHASES)[number];

/** How far the delivery of a file is. What was abandoned is not there. */
async function stateOf({ owner }: TestDatabase, { file }: FileAccount): Promise<Phase> {
  const { rows } = await owner.query<{ state: string }>(
    `select state from delivery where file_name = $1 order by opened_at desc limit 1`,
    [file],
  );
  return PHASES.find((phase) => phase.endsWith(` ${rows[0]?.state ?? ''}`)) ?? PHASES[0];
}

/** When to kill: so many ms after a delivery came into a phase. */
interface Kill {
  readonly phase: Phase;
  readonly delay: number;
}

/** Kills by file: drawn from the seed, more for files with more rows. */
function killsOf({ files, rows }: MonthAccount): ReadonlyMap<number, readonly Kill[]> {
  const random = new Random(SEED, 'kills');
  const plan = new Map<number, Kill[]>();
  for (let n = 0; n < KILLS; n += 1) {
    let left = random.fraction() * rows;
    const at = files.findIndex(({ first }) => (left -= first.counts.rows) < 0);
    const phase = random.pick(PHASES.slice(0, 4));
    // Before the file is there a command starts and sends; the other phases of a few thousand rows are short.
    const delay = random.whole(0, phase === PHASES[0] ? 800 : 150);
    plan.set(at, [...(plan.get(at) ?? []), { phase, delay }]);
  }
  return plan;
}
