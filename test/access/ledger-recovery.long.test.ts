/** What is left when a hub or its database dies in the middle of something. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedger, verifyLedger } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openPool } from '../../src/platform/database.ts';
import { startEmbedded } from '../../src/platform/embedded-postgres.ts';
import { silentLog } from '../../src/platform/log.ts';
import { prepareDatabase } from '../../src/server/prepare-database.ts';
import { aWrite, anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
beforeEach(async () => {
  at = await testLedgers();
});
afterEach(() => at.drop());

/** Runs a ledger in a process of its own, which kills itself or is killed once it has told so many ids; returns those. */
async function killed(mode: 'commit' | 'stream', ids: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'ledger-process.ts');
  const args = ['--import', '@swc-node/register/esm-register', script, mode, at.database.serverUrl, at.anchorDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (mode === 'stream' && output.split('\n').length > ids) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  // A line that was cut in the middle tells nothing.
  return output.split('\n').slice(0, -1);
}

const value = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => {
  const { rows } = await at.database.owner.query<{ value: T }>(sql, values);
  return rows.map((row) => row.value);
};
const isClosed = async (chain: number): Promise<boolean> =>
  (await value('select closing as value from ledger_seal where chain = $1 order by seq desc limit 1', [chain]))[0] ===
  true;
/** The chain of a process that is gone was taken over and closed. */
const closed = (chain: number): Promise<void> => until(() => isClosed(chain));

test('a process killed between commit and seal: the entry is reported, then adopted by the next process', async () => {
  const [id] = await killed('commit', 1);
  expect(await at.verify(undefined, 300)).toMatchObject({
    ok: false,
    firstFault: { kind: 'ENTRY_UNSEALED', chain: 1, entryId: id },
  });

  const next = await at.open({ sweepInterval: 50 });
  await closed(1);
  expect(await at.verify()).toEqual({ ok: true, chains: 2, seals: 4, entries: 1, checkpoints: 3 });
  expect(await value('select entry_id as value from ledger_sealed_write where chain = 1')).toEqual([id]);
  await next.close();
});

test('a process killed in the middle of reads and writes: nothing that it promised is lost', async () => {
  const promised = await killed('stream', 400);
  expect(promised.length).toBeGreaterThanOrEqual(400);
  const [one, two] = await Promise.all([at.open({ sweepInterval: 50 }), at.open({ sweepInterval: 50 })]);
  await closed(1);

  const known = new Set(await value<string>('select id::text as value from access_record'));
  expect(promised.filter((id) => !known.has(id))).toEqual([]);
  expect(await at.verify()).toMatchObject({ ok: true, chains: 3, entries: known.size });
  await Promise.all([one.close(), two.close()]);
  // All of it is signed, to the end of the chain that was killed.
  const { server: pool } = at.database;
  expect(await verifyLedger({ pool, anchorDir: at.anchorDir, checkpointGrace: 0 })).toMatchObject({ ok: true });
});

test('a transaction that outlives its process is sealed by the next one, and its chain is not closed before', async () => {
  const pool = openPool(at.database.serverUrl, { max: 1, name: 'test-doomed' });
  const doomed = await openLedger({ pool, clock: systemClock, anchorDir: at.anchorDir, log: silentLog });
  const client = await at.database.server.connect();
  await client.query('begin');
  const entry = aWrite();
  await doomed.recordIn(client, entry);
  // As if its process were gone: no connection, and no way to a new one.
  const ended = pool.end();
  await at.database.server.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-doomed' and datname = current_database()`,
  );
  await ended;

  const next = await at.open({ sweepInterval: 50 });
  await sleep(200);
  expect(await isClosed(1)).toBe(false);
  await client.query('commit');
  client.release();
  await closed(1);
  expect(await value('select entry_id as value from ledger_sealed_write where chain = 1')).toEqual([entry.id]);
  expect(await at.verify()).toMatchObject({ ok: true, entries: 1 });
  await Promise.all([next.close(), doomed.close()]);
});

test('a live process is left alone by others', async () => {
  const [one, two] = [await at.open(), await at.open({ sweepInterval: 20 })];
  await one.record(anEntry());
  await sleep(200);
  expect(await isClosed(1)).toBe(false);
  await one.record(anEntry());
  await Promise.all([one.close(), two.close()]);
  expect(await at.verify()).toMatchObject({ ok: true, chains: 2, entries: 2 });
});

test('a connection that breaks leaves no write unsealed', async () => {
  const ledger = await at.open();
  for (let round = 0; round < 3; round += 1) {
    await at.write(ledger);
    await at.database.server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-ledger' and datname = current_database()`,
    );
    await sleep(50);
    await ledger.record(anEntry());
  }
  await ledger.close();
  expect(await at.verify()).toMatchObject({ ok: true, chains: 4, entries: 6 });
});

test('PostgreSQL crashes in the middle and comes back: what was promised is there, and the ledger goes on', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hub-ledger-crash-'));
  chmodSync(dir, 0o755);
  const postgres = await startEmbedded({ dir, log: silentLog });
  const pool = openPool(postgres.serverUrl, { max: 4, name: 'test-crash' });
  try {
    await prepareDatabase({ ownerUrl: postgres.ownerUrl, serverUrl: postgres.serverUrl, log: silentLog });
    const anchorDir = join(dir, 'anchors');
    const ledger = await openLedger({ pool, clock: systemClock, anchorDir, log: silentLog });
    const promised: string[] = [];
    let [refused, stop] = [0, false];
    const busy = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const entry = anEntry();
        await ledger.record(entry).then(
          () => promised.push(entry.id),
          async () => {
            refused += 1;
            await sleep(20);
          },
        );
      }
    });
    await until(() => promised.length > 100);
    const [pid] = readFileSync(join(postgres.home, 'data', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGQUIT');
    await until(() => refused > 0);
    const before = promised.length;
    await until(() => promised.length > before + 100);
    stop = true;
    await Promise.all(busy);
    await ledger.close();

    const { rows } = await pool.query<{ id: string }>('select id from access_record');
    const known = new Set(rows.map(({ id }) => id));
    expect(promised.filter((id) => !known.has(id))).toEqual([]);
    expect(await verifyLedger({ pool, anchorDir })).toMatchObject({ ok: true, entries: known.size });
  } finally {
    await pool.end();
    await postgres.stop();
    for (const folder of [postgres.home, dir]) rmSync(folder, { recursive: true, force: true });
  }
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition()); await sleep(10)) {
    if (Date.now() > end) throw new Error('It did not happen in 30 s');
  }
}
