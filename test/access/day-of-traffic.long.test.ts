/**
 * A day of mixed traffic on two hub processes, with clients that leave, kills -9 of hubs and of PostgreSQL: whoever was
 * told something is on record with exactly that, and the ledger verifies.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../seeds/synthetic/random.ts';
import { unpackDisclosed, verifyLedger } from '../../src/access/ledger/index.ts';
import { openDemoKey } from '../../src/access/tokens/index.ts';
import type { DemoKey } from '../../src/access/tokens/index.ts';
import { openPool } from '../../src/platform/database.ts';
import type { Pool } from '../../src/platform/database.ts';
import { startEmbedded } from '../../src/platform/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { silentLog } from '../../src/platform/log.ts';
import { serveHub } from '../aid/hub-process.ts';
import type { ServingHub } from '../aid/hub-process.ts';
import { KINDS, draw } from './day/asking.ts';
import type { Ask } from './day/asking.ts';
import { pairsIn } from './day/pairs.ts';
import { readPeople } from './day/people.ts';
import type { People } from './day/people.ts';
import { hangUp, send, tokenOf } from './day/wire.ts';

const SEED = 1;
const REQUESTS = 100_000;
/** Between two hours everything that was answered is held against the ledger. */
const HOURS = 20;
const WORKERS = 12;
/** Who is killed in the middle of which hour. */
const KILLS: ReadonlyMap<number, 'first' | 'second' | 'postgres'> = new Map([
  [3, 'first'],
  [7, 'second'],
  [11, 'postgres'],
  [15, 'first'],
]);

let dir: string;
let env: Record<string, string>;
let hubs: [ServingHub, ServingHub];
let embedded: EmbeddedPostgres;
let owner: Pool;
let people: People;
let key: DemoKey;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hub-day-'));
  chmodSync(dir, 0o755); // as root PostgreSQL runs as another user, who must enter
  env = { HUB_DATA_DIR: dir, HUB_DEMO_PERSONS: '2000', HUB_LOG_LEVEL: 'warn', DATABASE_URL: '', HUB_DATABASE_URL: '' };
  const first = await serveHub({ ...env, HUB_LOG_LEVEL: 'info' });
  hubs = [first, await serveHub(env)];
  embedded = await startEmbedded({ dir, log: silentLog });
  owner = openPool(embedded.ownerUrl, { max: 1, name: 'test' });
  people = await readPeople(owner);
  key = await openDemoKey(dir);
}, 180_000);
afterAll(async () => {
  hangUp();
  await Promise.all(hubs.map((hub) => hub.stop()));
  await owner.end();
  await embedded.stop();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

/** What a client knows of its request. `pairs` is undefined where it cannot know what was told. */
interface Known {
  readonly ask: Ask;
  readonly pairs: ReadonlySet<string> | undefined;
}

/** What the ledger knows of a client. */
type Recorded = ReadonlyMap<string, ReadonlySet<string>>;

async function askOnce(n: number): Promise<Known> {
  const random = new Random(SEED, `day/${String(n)}`);
  const ask = draw(random, people, n);
  const leaves = random.chance(0.01) ? random.whole(0, 4) : undefined;
  const hub = hubs[n % 2] ?? hubs[0];
  const arrived = await send(hub.url, ask, tokenOf(key, clientOf(n), ask), leaves);
  if (!arrived.whole) return { ask, pairs: undefined };
  // The database was away: the entry may have been written before the hub learned that it could not be sure.
  if (arrived.status >= 500) return { ask, pairs: undefined };
  const { data, errors = [] } = JSON.parse(arrived.text) as {
    readonly data?: Parameters<typeof pairsIn>[1];
    readonly errors?: readonly {
      readonly extensions?: { readonly denied?: readonly { readonly coordinate: string }[] };
    }[];
  };
  const denied = new Set(
    errors.flatMap(({ extensions }) => extensions?.denied?.map(({ coordinate }) => coordinate) ?? []),
  );
  return { ask, pairs: data == null ? new Set() : pairsIn(ask, data, people, denied) };
}

const clientOf = (n: number): string => `day.r${String(n)}`;

/** The pairs on record for these clients. */
async function recorded(clients: readonly string[]): Promise<Recorded> {
  interface Row {
    readonly client: string;
    readonly persons: readonly string[];
    readonly personNodes: string;
    readonly nodes: readonly (readonly string[])[];
  }
  const { rows } = await owner.query<Row>(
    `select r.client, r.persons, r.person_nodes as "personNodes", o.nodes
     from access_record r join access_operation o on o.number = r.operation
     where r.client = any($1::text[]) and r.decision = 'ALLOWED' and r.persons is not null`,
    [clients],
  );
  const found = new Map<string, Set<string>>();
  for (const { client, persons, personNodes, nodes } of rows) {
    const pairs = found.get(client) ?? new Set();
    found.set(client, pairs);
    for (const { id, node } of unpackDisclosed({ ids: persons, nodes: personNodes })) {
      for (const coordinate of nodes[node] ?? []) pairs.add(`${id} ${coordinate}`);
    }
  }
  return found;
}

async function kill(victim: 'first' | 'second' | 'postgres'): Promise<void> {
  if (victim === 'postgres')
    process.kill(Number(readFileSync(join(embedded.home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
  else {
    const place = victim === 'first' ? 0 : 1;
    await hubs[place].kill();
    hubs[place] = await serveHub({ ...env, HUB_LOG_LEVEL: 'info' });
  }
}

test(`of ${String(REQUESTS)} requests each that was answered in full is on record with exactly what it told`, async () => {
  const met = new Map(KINDS.map((kind) => [kind, 0]));
  const told = new Map(KINDS.map((kind) => [kind, 0]));
  const wrong: string[] = [];
  let unknown = 0;
  for (let hour = 0; hour < HOURS; hour += 1) {
    const from = (hour * REQUESTS) / HOURS;
    const upTo = ((hour + 1) * REQUESTS) / HOURS;
    const asked = new Map<string, Known>();
    let next = from;
    let killing: Promise<void> | undefined;
    const work = async (): Promise<void> => {
      for (let n = next++; n < upTo; n = next++) {
        const victim = n === Math.floor((from + upTo) / 2) ? KILLS.get(hour) : undefined;
        if (victim !== undefined) killing = kill(victim);
        const known = await askOnce(n);
        asked.set(clientOf(n), known);
        // Somebody whose hub is away waits a moment, as people do.
        if (known.pairs === undefined) await sleep(20);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    await killing;
    const ledger = await recordedWhenBack([...asked.keys()]);
    for (const [client, { ask, pairs }] of asked) {
      if (pairs === undefined) unknown += 1;
      else {
        met.set(ask.kind, (met.get(ask.kind) ?? 0) + 1);
        if (pairs.size > 0) told.set(ask.kind, (told.get(ask.kind) ?? 0) + 1);
        const difference = differenceOf(pairs, ledger.get(client) ?? new Set());
        if (difference !== undefined) wrong.push(`${ask.kind} ${client}: ${difference}`);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  }
  // The day was one: every kind was answered, those who may be told something were, and few answers were lost.
  expect([...met].filter(([, answers]) => answers < REQUESTS / 500)).toEqual([]);
  const silent = new Set(['denied', 'no purpose', 'stranger', 'malformed', 'nobody', 'statistics']);
  expect([...told].filter(([kind, answers]) => answers === 0 && !silent.has(kind))).toEqual([]);
  expect([...told].filter(([kind, answers]) => answers > 0 && silent.has(kind))).toEqual([]);
  expect(unknown).toBeLessThan(REQUESTS / 10);
  expect(unknown).toBeGreaterThan(REQUESTS / 500);
  expect(await verifyLedger({ pool: owner, anchorDir: join(dir, 'anchors') })).toMatchObject({ ok: true });
}, 1_200_000);

/** PostgreSQL may just be coming back. */
async function recordedWhenBack(clients: readonly string[]): Promise<Recorded> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await recorded(clients);
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(200);
    }
  }
}

function differenceOf(answered: ReadonlySet<string>, onRecord: ReadonlySet<string>): string | undefined {
  const missing = [...answered].filter((pair) => !onRecord.has(pair));
  const beyond = [...onRecord].filter((pair) => !answered.has(pair));
  if (missing.length === 0 && beyond.length === 0) return undefined;
  return `not on record ${missing.slice(0, 3).join(', ') || 'nothing'}; on record and not told ${beyond.slice(0, 3).join(', ') || 'nothing'}`;
}
