/** `hub ledger months` and `hub ledger archive`, as an operator sees them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addToMonth, makeMonths, partitionOf } from '../../src/access/ledger/months.ts';
import { addLedger } from '../../src/cli/ledger.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { runCommand } from '../harness/command.ts';
import type { CommandDone } from '../harness/command.ts';
import { testFolder } from '../harness/folder.ts';
import { anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
beforeEach(async () => {
  at = await testLedgers();
});
afterEach(() => at.drop());

const present = systemClock.today().slice(0, 7);

const hub = (...args: readonly string[]): Promise<CommandDone> =>
  runCommand(addLedger, ['ledger', ...args], {
    DATABASE_URL: at.database.ownerUrl,
    HUB_DATABASE_URL: at.database.serverUrl,
    HUB_ANCHOR_DIR: at.anchorDir,
    HUB_LEDGER_KEYS_DIR: join(at.anchorDir, 'keys'),
  });

async function recordOld(): Promise<void> {
  const ledger = await at.open();
  const made = new Date('2022-10-05T00:00:00Z');
  const hex = made.getTime().toString(16).padStart(12, '0');
  await ledger.record(anEntry({ id: `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`, at: made }));
  await ledger.close();
  const next = await at.open();
  await next.record(anEntry());
  await next.close();
  const owner = await at.database.owner.connect();
  await makeMonths(owner, present);
  owner.release();
}

test('months lists what there is, and says when too few are ready', async () => {
  const ready = await hub('months');
  expect(ready).toMatchObject({ code: 0, err: '' });
  expect(ready.out).toContain(`${addToMonth(present, 12)}  约 about 0 entries`);
  await at.database.owner.query(`drop table ${partitionOf(addToMonth(present, 2))}`);
  const few = await hub('months');
  expect(few.code).toBe(2);
  expect(few.err).toContain('run hub migrate');
});

test('archive tells each month and its file; verify says where the month is', async () => {
  await recordOld();
  const dir = testFolder('archive');
  const done = await hub('archive', '--before', '2022-11', '--out', dir);
  expect(done).toMatchObject({ code: 0 });
  expect(done.out).toMatch(
    /^2022-10 {2}已归档 archived {2}1 entries {2}\S+ledger-2022-10\.jsonl\.gz {2}sha256 [0-9a-f]{64}\n$/,
  );
  expect(readdirSync(dir)).toEqual(['ledger-2022-10.jsonl.gz']);

  const verified = await hub('verify');
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.out).toContain('已归档 · Archived 2022-10: 1 entry in ');
  expect((await hub('months')).out).toContain('2022-10  已归档 archived  1 entries');
  const { rows } = await at.database.owner.query<{ fingerprint: string }>('select fingerprint from ledger_key');
  const file = join(dir, 'ledger-2022-10.jsonl.gz');
  expect(await hub('verify', '--file', file, '--trust', rows[0]?.fingerprint ?? '')).toMatchObject({ code: 0 });
});

test('archive refuses months that have not come and ends with 2', async () => {
  const refused = await hub('archive', '--before', '2099-01', '--out', testFolder('archive'));
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('has not come yet');
});
