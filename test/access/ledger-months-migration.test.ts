/** A ledger that was there before it lay by months. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.ts';
import { migrationOptions } from '../../migrations/options.ts';
import { openLedger, verifyLedger } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { silentLog } from '../../src/platform/log.ts';
import { prepareDatabase } from '../../src/server/prepare-database.ts';
import { emptyDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { aWrite, anEntry } from './ledger-entries.ts';

const BY_MONTHS = 'LedgerMonths1790000000010';

let database: TestDatabase;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.drop());

function madeAt(iso: string) {
  const hex = new Date(iso).getTime().toString(16).padStart(12, '0');
  return { id: `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`, at: new Date(iso) };
}

test('hub migrate moves the entries that are there to their months, and changes none of them', async () => {
  const before = migrations.slice(
    0,
    migrations.findIndex((one) => new one().name === BY_MONTHS),
  );
  const source = await new DataSource({
    ...migrationOptions,
    migrations: [...before],
    url: database.ownerUrl,
  }).initialize();
  await source.runMigrations({ transaction: 'all' });
  await source.destroy();
  const anchorDir = testFolder('anchors');
  const ledger = await openLedger({ pool: database.owner, clock: systemClock, anchorDir, log: silentLog });
  for (const iso of ['2025-05-31T15:59:00Z', '2025-05-31T16:01:00Z', '2026-01-15T00:00:00Z'])
    await ledger.record(anEntry(madeAt(iso)));
  await inTransaction(database.owner, (client) => ledger.recordIn(client, aWrite(madeAt('2026-01-16T00:00:00Z'))));
  await ledger.record(anEntry());
  await ledger.close();
  const contents = async (): Promise<unknown[]> =>
    (await database.owner.query('select * from access_record order by id')).rows as unknown[];
  const held = await contents();
  expect(held).toHaveLength(5);

  const ran = await prepareDatabase({ ownerUrl: database.ownerUrl, serverUrl: database.serverUrl, log: silentLog });

  expect(ran).toContain(BY_MONTHS);
  expect(await contents()).toEqual(held);
  const { rows } = await database.owner.query<{ name: string; entries: number }>(
    'select tableoid::regclass::text as name, count(*)::int as entries from access_record group by 1 order by 1',
  );
  expect(rows.map(({ name, entries }) => `${name} ${entries}`)).toEqual([
    'access_record_2025_05 1',
    'access_record_2025_06 1',
    'access_record_2026_01 2',
    `access_record_${systemClock.today().slice(0, 7).replace('-', '_')} 1`,
  ]);
  const found = await verifyLedger({ pool: database.server, anchorDir });
  expect(found).toMatchObject({ ok: true, entries: 5 });
});
