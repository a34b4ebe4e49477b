import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { exportLedger, listLedgerKeys, verifyExport, verifyLedger } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

const ENTRIES = 200_000;
const MEGABYTE = 2 ** 20;

let at: TestLedgers;
beforeAll(async () => {
  at = await testLedgers();
});
afterAll(() => at.drop());

test('a ledger of 200,000 entries is verified in little memory, and tells how far it is', async () => {
  const ledger = await at.open();
  let left = ENTRIES;
  const worker = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await ledger.record(anEntry());
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  await ledger.close();

  const seen: number[] = [];
  const before = held();
  let most = before;
  const found = await verifyLedger({
    pool: at.database.server,
    anchorDir: at.anchorDir,
    onProgress: (done, total) => {
      expect(total).toBe(ENTRIES);
      // Not each time: a collection takes longer than what is verified between two calls.
      if (seen.push(done) % 20 === 0) most = Math.max(most, held());
    },
  });
  expect(found).toMatchObject({ ok: true, entries: ENTRIES });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(ENTRIES);
  expect(seen.length).toBeGreaterThan(40);
  // Held at once they would be some 300 MB.
  expect((most - before) / MEGABYTE).toBeLessThan(40);
}, 300_000);

test('it is exported, and the export verified, in little memory as well', async () => {
  const { anchorDir } = at;
  const out = join(anchorDir, 'all.jsonl.gz');
  const before = held();
  let [most, calls] = [before, 0];
  const watch = (): void => {
    calls += 1;
    if (calls % 50 === 0) most = Math.max(most, held());
  };
  const pool = at.database.server;
  const written = await exportLedger({ pool, anchorDir, clock: systemClock, out, onProgress: watch });
  expect(written.entries).toBe(ENTRIES);
  const trust = (await listLedgerKeys(join(anchorDir, 'keys'))).map(({ fingerprint }) => fingerprint);
  expect(await verifyExport({ file: out, trust, onProgress: watch })).toMatchObject({ ok: true, entries: ENTRIES });
  expect(calls).toBeGreaterThan(300);
  expect((most - before) / MEGABYTE).toBeLessThan(40);
}, 300_000);

/** Bytes that are still held once garbage is collected. */
function held(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}
