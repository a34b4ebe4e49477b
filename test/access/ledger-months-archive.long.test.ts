import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  ArchiveRefused,
  archiveMonths,
  exportLedger,
  listArchives,
  makeMonths,
  verifyExport,
} from '../../src/access/ledger/index.ts';
import type { ArchivedMonth } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { testFolder } from '../harness/folder.ts';
import { aWrite, anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
let dir: string;
beforeEach(async () => {
  at = await testLedgers();
  dir = testFolder('archive');
});
afterEach(() => at.drop());

const present = systemClock.today().slice(0, 7);

/** What an entry made at that instant differs in. */
function madeAt(iso: string) {
  const hex = new Date(iso).getTime().toString(16).padStart(12, '0');
  return { id: `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`, at: new Date(iso) };
}

/** Three months of two processes, seals over the border between two months among them, and entries of today. */
async function fill(): Promise<void> {
  const [one, two] = [await at.open({ checkpointInterval: 50 }), await at.open({ checkpointInterval: 50 })];
  for (const month of ['2022-10', '2022-11']) {
    for (const ledger of [one, two]) {
      await Promise.all(['05', '15', '25'].map((day) => ledger.record(anEntry(madeAt(`${month}-${day}T08:00:00Z`)))));
      await at.write(ledger, aWrite(madeAt(`${month}-20T08:00:00Z`)));
    }
    // Sealed and signed.
    await sleep(600);
  }
  // One commit and one seal, though the first is of November and the second of December in China.
  await Promise.all(
    ['2022-11-30T15:59:59.999Z', '2022-11-30T16:00:00.000Z'].map((iso) => one.record(anEntry(madeAt(iso)))),
  );
  await two.record(anEntry(madeAt('2022-12-10T08:00:00Z')));
  await Promise.all(Array.from({ length: 20 }, () => one.record(anEntry())));
  await one.close();
  await two.close();
  const owner = await at.database.owner.connect();
  await makeMonths(owner, present);
  owner.release();
}

async function archive(before: string): Promise<ArchivedMonth[]> {
  const done: ArchivedMonth[] = [];
  await archiveMonths({
    owner: at.database.owner,
    anchorDir: at.anchorDir,
    clock: systemClock,
    before,
    dir,
    onMonth: (month) => done.push(month),
  });
  return done;
}

const many = async (sql: string): Promise<number> =>
  (await at.database.owner.query<{ n: number }>(`select count(*)::int as n from ${sql}`)).rows[0]?.n ?? -1;

async function keys(): Promise<string[]> {
  const { rows } = await at.database.owner.query<{ fingerprint: string }>('select fingerprint from ledger_key');
  return rows.map(({ fingerprint }) => fingerprint);
}

test('months leave the database into files that verify, and the ledger verifies without them', async () => {
  await fill();
  expect(await at.verify()).toMatchObject({ ok: true, entries: 39 });
  const seals = await many('ledger_seal');

  const done = await archive('2022-12');

  expect(done.map(({ month, entries }) => ({ month, entries }))).toEqual([
    { month: '2022-10', entries: 8 },
    { month: '2022-11', entries: 9 },
  ]);
  for (const { place, digest, month } of done) {
    expect(place).toBe(`${dir}/ledger-${month}.jsonl.gz`);
    expect(createHash('sha256').update(readFileSync(place)).digest('hex')).toBe(digest);
    expect(statSync(place).mode & 0o077).toBe(0);
    expect(await verifyExport({ file: place, trust: await keys() })).toMatchObject({ ok: true });
  }
  expect(await many('access_record')).toBe(22);
  expect(await many('ledger_seal')).toBe(seals);
  const found = await at.verify();
  expect(found).toMatchObject({ ok: true, chains: 2 });
  expect(found.archives?.map(({ month, place }) => ({ month, place }))).toEqual(
    done.map(({ month, place }) => ({ month, place })),
  );
});

test('every entry of an archived month is told in its file, or in that of the month before', async () => {
  await fill();
  const { rows } = await at.database.owner.query<{ id: string }>(
    `select id from access_record where tableoid::regclass::text in ('access_record_2022_10', 'access_record_2022_11')`,
  );
  const done = await archive('2022-12');
  const { gunzipSync } = await import('node:zlib');
  const told = done.map(({ place }) => (place === '' ? '' : gunzipSync(readFileSync(place)).toString('utf8'))).join('');
  expect(rows).toHaveLength(17);
  for (const { id } of rows) expect(told).toContain(`"id":"${id}","`);
});

test('a hub goes on after the archiving, and what it records is verified with what remains', async () => {
  await fill();
  await archive('2022-12');
  const ledger = await at.open();
  await ledger.record(anEntry());
  await at.write(ledger);
  await ledger.close();
  expect(await at.verify()).toMatchObject({ ok: true, chains: 3 });
  // The next month goes the same way.
  expect((await archive('2023-01')).map(({ month, entries }) => ({ month, entries }))).toEqual([
    { month: '2022-12', entries: 2 },
  ]);
  expect(await at.verify()).toMatchObject({ ok: true, chains: 3 });
  const out = `${dir}/rest.jsonl.gz`;
  await exportLedger({ pool: at.database.server, anchorDir: at.anchorDir, clock: systemClock, out });
  expect(await verifyExport({ file: out, trust: await keys() })).toMatchObject({ ok: true });
});

test('an entry that remains and is changed, and one that is removed without an archive, are found', async () => {
  const ledger = await at.open();
  await ledger.record(anEntry(madeAt('2022-10-05T08:00:00Z')));
  await ledger.close();
  const next = await at.open();
  await next.record(anEntry());
  await next.close();
  const owner = await at.database.owner.connect();
  await makeMonths(owner, present);
  owner.release();
  await archive('2022-12');
  expect(await at.verify()).toMatchObject({ ok: true });

  await at.database.owner.query(`update access_record set client = 'somebody.else'`);
  expect(await at.verify()).toMatchObject({ ok: false, firstFault: { kind: 'ENTRY_CHANGED', chain: 2 } });
  await at.database.owner.query(`update access_record set client = 'education.demo'`);
  await at.database.owner.query('delete from ledger_archive');
  expect(await at.verify()).toMatchObject({ ok: false, firstFault: { kind: 'ENTRY_MISSING', chain: 1 } });
});

test('entries of the last three years stay, and nothing is archived when one of the months is too young', async () => {
  await fill();
  await expect(archive(present)).resolves.toHaveLength(3);
  const ledger = await at.open();
  const young = new Date(Date.now() - 400 * 86_400_000).toISOString();
  await ledger.record(anEntry(madeAt('2022-08-01T00:00:00Z')));
  await ledger.record(anEntry(madeAt(young)));
  await ledger.close();
  const owner = await at.database.owner.connect();
  await makeMonths(owner, present);
  owner.release();
  await expect(archive(present)).rejects.toThrow(ArchiveRefused);
  await expect(archive('2099-01')).rejects.toThrow('has not come yet');
  expect((await listArchives(at.database.server)).map(({ month }) => month)).not.toContain('2022-08');
  expect(await many(`access_record where id < '01900000-0000-0000-0000-000000000000'`)).toBe(1);
});

test('a month that no checkpoint signs stays', async () => {
  const ledger = await at.open({ checkpointInterval: 3_600_000 });
  await ledger.record(anEntry(madeAt('2022-10-05T08:00:00Z')));
  const owner = await at.database.owner.connect();
  await makeMonths(owner, present);
  owner.release();
  await expect(archive('2022-12')).rejects.toThrow('no signed checkpoint covers');
  expect(await many('access_record')).toBe(1);
  expect(readdirSync(dir)).toEqual([]);
});

test('a month that was tampered with stays, and the refusal says what is wrong', async () => {
  await fill();
  await at.database.owner.query(`update access_record_2022_11 set case_no = 'ANOTHER'`);
  await expect(archive('2022-12')).rejects.toThrow(/2022-1[01] stays in the database.*was changed/);
  expect(await many('access_record_2022_11')).toBe(9);
});

test('a file that was changed afterwards no longer verifies', async () => {
  await fill();
  const [first] = await archive('2022-11');
  const place = first?.place ?? '';
  expect(existsSync(place)).toBe(true);
  const { gunzipSync, gzipSync } = await import('node:zlib');
  const text = gunzipSync(readFileSync(place)).toString('utf8').replace('education.demo', 'education.dem0');
  writeFileSync(place, gzipSync(text));
  expect(await verifyExport({ file: place, trust: await keys() })).toMatchObject({ ok: false });
});
