/** kill -9 of the hub and of PostgreSQL in the middle of a hundred calls: none lost, none doubled. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { Random } from '../../seeds/synthetic/random.ts';
import { verifyLedger } from '../../src/access/ledger/index.ts';
import type { AidItem, AidReceipt } from '../../src/aid/index.ts';
import { openPool } from '../../src/platform/database.ts';
import { startEmbedded } from '../../src/platform/embedded-postgres.ts';
import { silentLog } from '../../src/platform/log.ts';
import { runHub, serveHub } from './hub-process.ts';
import type { ServingHub } from './hub-process.ts';
import { statesOf } from './versions.ts';
import type { Version } from './versions.ts';

const CALLS = 100;
const WORKERS = 4;
/** After so many acknowledged calls the hub or PostgreSQL is killed while others are under way. */
const KILLS: ReadonlyMap<number, 'hub' | 'postgres'> = new Map([
  [10, 'hub'],
  [25, 'postgres'],
  [40, 'hub'],
  [55, 'postgres'],
  [70, 'hub'],
  [85, 'postgres'],
]);

let dir: string;
let env: Record<string, string>;
let hub: ServingHub;
let token: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hub-kills-'));
  chmodSync(dir, 0o755); // as root PostgreSQL runs as another user, who must enter
  env = { HUB_DATA_DIR: dir, HUB_DEMO_PERSONS: '1000', DATABASE_URL: '', HUB_DATABASE_URL: '' };
  hub = await serveHub(env);
  env = { ...env, HUB_PORT: new URL(hub.url).port };
  token = (await runHub(['token', '--client', 'education.demo'], env)).out.trim();
}, 180_000);
afterAll(async () => {
  await hub.stop();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

/** Grants, corrections and reversals, reversals of corrected grants among them. */
const versions: readonly Version[] = [
  ...Array.from({ length: 600 }, (_, n) => ({ key: `k${n}`, version: 1, reverses: null, person: n % 3 })),
  ...Array.from({ length: 200 }, (_, n) => ({ key: `k${n * 2}`, version: 2, reverses: null, person: (n * 2) % 3 })),
  ...Array.from({ length: 150 }, (_, n) => ({ key: `r${n}`, version: 1, reverses: `k${n * 4}`, person: (n * 4) % 3 })),
];

/** Each version in two or three calls, in no order. */
function dealt(random: Random): readonly (readonly Version[])[] {
  const calls = Array.from({ length: CALLS }, (): Version[] => []);
  for (const version of versions) {
    const into = new Set([random.whole(0, CALLS - 1), random.whole(0, CALLS - 1), random.whole(0, CALLS - 1)]);
    for (const call of into) calls[call]?.push(version);
  }
  return calls;
}

const slot = ({ key, version }: Version): string => `${key}/${version}`;

test('a hundred calls with three kills of the hub and three of PostgreSQL lose nothing and double nothing', async () => {
  const people = parse<Record<string, string>>(readFileSync(join(dir, 'demo', 'education-grants.csv'), 'utf8'), {
    columns: true,
    bom: true,
  });
  const itemOf = ({ key, version, reverses, person }: Version): AidItem => ({
    sourceKey: key,
    version,
    reversalOf: reverses,
    idNumber: people[person]?.['身份证号'],
    name: people[person]?.['姓名'],
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amountYuan: String(100 + version),
    decidedOn: '2026-09-01',
  });
  const send = async (call: readonly Version[]): Promise<readonly AidReceipt[]> => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'hub-purpose': 'AID_REPORTING',
        'hub-case': 'ED-2026-000001',
      },
      body: JSON.stringify({
        query: `mutation Report($input: ReportAidInput!) {
          reportAid(input: $input) { results { index sourceKey version outcome code grantId } } }`,
        variables: { input: { items: call.map(itemOf) } },
      }),
      signal: AbortSignal.timeout(30_000),
    });
    const { data } = (await response.json()) as { data?: { reportAid: { results: AidReceipt[] } | null } | null };
    if (data?.reportAid == null) throw new Error(`Not acknowledged: HTTP ${response.status}`);
    return data.reportAid.results;
  };

  const random = new Random(1, 'kills');
  const calls = dealt(random);
  const queue = calls.map((_, n) => n);
  const acknowledged = new Map<string, string>();
  const failures: string[] = [];
  let done = 0;
  let restarting: Promise<void> | undefined;
  const killed = { hub: 0, postgres: 0 };

  const kill = async (victim: 'hub' | 'postgres'): Promise<void> => {
    await sleep(random.whole(0, 30));
    killed[victim] += 1;
    if (victim === 'postgres') process.kill(postmaster(), 'SIGKILL');
    else {
      await hub.kill();
      hub = await serveHub(env);
    }
  };
  const work = async (): Promise<void> => {
    for (let n = queue.shift(); n !== undefined; n = queue.shift()) {
      const call = calls[n] ?? [];
      for (let tries = 0; ; tries += 1) {
        try {
          const receipts = await send(call);
          receipts.forEach(({ outcome, code, grantId }, i) => {
            const version = call[i];
            if (version === undefined || grantId === null) return failures.push(`${outcome} ${code ?? ''}`);
            const before = acknowledged.get(slot(version)) ?? grantId;
            if (before !== grantId) failures.push(`${slot(version)} has two grants`);
            return acknowledged.set(slot(version), grantId);
          });
          break;
        } catch (error) {
          if (tries === 300) throw new Error(`No answer in time:\n${hub.running.written.err}`, { cause: error });
          await sleep(100);
        }
      }
      done += 1;
      const victim = KILLS.get(done);
      if (victim !== undefined) restarting = (restarting ?? Promise.resolve()).then(() => kill(victim));
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  await restarting;
  expect(killed).toEqual({ hub: 3, postgres: 3 });
  expect(failures).toEqual([]);
  expect(acknowledged.size).toBe(versions.length);

  for (const call of calls.toReversed()) {
    for (const [i, { outcome, grantId }] of (await send(call)).entries()) {
      const version = call[i];
      expect([outcome, grantId]).toEqual(['UNCHANGED', version && acknowledged.get(slot(version))]);
    }
  }

  expect(await hub.stop()).toBe(0);
  const embedded = await startEmbedded({ dir, log: silentLog });
  const pool = openPool(embedded.ownerUrl, { max: 2, name: 'test' });
  try {
    const { rows } = await pool.query<{ slot: string; is: string; id: string }>(
      `select source_key || '/' || version as slot, id,
              concat_ws(' ', state, superseded_by_version, reversed_by_key) as is
       from aid_grant where department = 'EDUCATION' and source_key ~ '^[kr][0-9]+$'`,
    );
    expect(rows).toHaveLength(versions.length);
    expect(Object.fromEntries(rows.map((row) => [row.slot, row.is]))).toEqual(statesOf(versions));
    expect(new Map(rows.map((row) => [row.slot, row.id]))).toEqual(acknowledged);
    const verification = await verifyLedger({ pool, anchorDir: join(dir, 'anchors') });
    expect(verification).toMatchObject({ ok: true });
    const { rows: records } = await pool.query<{ n: number }>(
      `select count(*)::int as n from access_record r join access_operation o on o.number = r.operation
       where r.client = 'education.demo' and o.kind = 'WRITE' and r.decision = 'ALLOWED'`,
    );
    // Each committed call has its entry: the hundred, their replay, and those whose answer a kill cut off.
    expect(records[0]?.n).toBeGreaterThanOrEqual(2 * CALLS);
  } finally {
    await pool.end();
    await embedded.stop();
  }
}, 300_000);

/** Process id of the embedded server. */
function postmaster(): number {
  const up = hub.running.written.err.split('\n').filter((line) => line.includes('PostgreSQL is up'));
  const { home } = JSON.parse(up.at(-1) ?? '{}') as { home: string };
  return Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
