/**
 * A hub process reduced to its ledger, for tests that kill it: `commit` ends itself right after the commit of a business
 * transaction, before any seal; `stream` records reads and writes until it is killed, and prints the id of each entry
 * that became durable.
 */
import { writeSync } from 'node:fs';
import { openLedger } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { inTransaction, openPool } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { aWrite, anEntry } from './ledger-entries.ts';

const [mode, url = '', anchorDir = ''] = process.argv.slice(2);
const pool = openPool(url, { max: 8, name: 'test-process' });
const ledger = await openLedger({ pool, clock: systemClock, anchorDir, log: silentLog });
const say = (id: string): number => writeSync(1, `${id}\n`);

if (mode === 'commit') {
  const entry = aWrite();
  await inTransaction(pool, (client) => ledger.recordIn(client, entry));
  say(entry.id);
  process.kill(process.pid, 'SIGKILL');
}

const forever = async (record: () => Promise<string>): Promise<never> => {
  for (;;) say(await record());
};
await Promise.all([
  ...Array.from({ length: 8 }, () =>
    forever(async () => {
      const entry = anEntry();
      await ledger.record(entry);
      return entry.id;
    }),
  ),
  ...Array.from({ length: 3 }, () =>
    forever(async () => {
      const entry = aWrite();
      await inTransaction(pool, (client) => ledger.recordIn(client, entry));
      return entry.id;
    }),
  ),
]);
