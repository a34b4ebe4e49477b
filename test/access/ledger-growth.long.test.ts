import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyLedger } from '../../src/access/ledger/index.ts';
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
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const found = await verifyLedger({
    pool: at.database.server,
    anchorDir: at.anchorDir,
    onProgress: (done, total) => {
      expect(total).toBe(ENTRIES);
      seen.push(done);
      most = Math.max(most, process.memoryUsage().heapUsed);
    },
  });
  expect(found).toMatchObject({ ok: true, entries: ENTRIES });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(ENTRIES);
  // Held at once they would be some 300 MB; what is seen here is mostly garbage that was not collected yet.
  expect((most - before) / MEGABYTE).toBeLessThan(120);
});
