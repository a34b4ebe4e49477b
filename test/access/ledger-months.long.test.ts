import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  MONTHS_AHEAD,
  addToMonth,
  firstIdOf,
  listMonths,
  makeMonths,
  monthOfId,
  monthsAhead,
} from '../../src/access/ledger/months.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { anEntry, aWrite, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
beforeEach(async () => {
  at = await testLedgers();
});
afterEach(() => at.drop());

const present = systemClock.today().slice(0, 7);

/** An id that was made at that instant. */
function idAt(iso: string): string {
  const hex = new Date(iso).getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`;
}
const entryAt = (iso: string) => anEntry({ id: idAt(iso), at: new Date(iso) });

async function placesOf(): Promise<Record<string, number>> {
  const { rows } = await at.database.owner.query<{ name: string; entries: number }>(
    'select tableoid::regclass::text as name, count(*)::int as entries from access_record group by 1 order by 1',
  );
  return Object.fromEntries(rows.map(({ name, entries }) => [name, entries]));
}

async function made(): Promise<string[]> {
  const owner = await at.database.owner.connect();
  try {
    return await makeMonths(owner, present);
  } finally {
    owner.release();
  }
}

test('a database that was prepared has this month and a year of months ahead, and makes none twice', async () => {
  const months = (await listMonths(at.database.server)).map(({ month }) => month);
  expect(months).toEqual(Array.from({ length: MONTHS_AHEAD + 1 }, (_, i) => addToMonth(present, i)));
  expect(await monthsAhead(at.database.server, present)).toBe(MONTHS_AHEAD);
  expect(await made()).toEqual([]);
});

test('entries go to the month of their id, which ends at midnight in China', async () => {
  const ledger = await at.open();
  const start = Number.parseInt(firstIdOf(addToMonth(present, 1)).slice(0, 13).replace('-', ''), 16);
  await ledger.record(entryAt(new Date(start - 1).toISOString()));
  await ledger.record(entryAt(new Date(start).toISOString()));
  const [name, next] = [present, addToMonth(present, 1)].map((month) => `access_record_${month.replace('-', '_')}`);
  expect(await placesOf()).toEqual({ [name ?? '']: 1, [next ?? '']: 1 });
  expect(await at.verify()).toMatchObject({ ok: true, entries: 2 });
});

test('an entry without a month is kept, found and verified, and moves when its month is made', async () => {
  const ledger = await at.open();
  const old = [entryAt('2025-01-31T15:59:59Z'), entryAt('2025-01-31T16:00:00Z'), entryAt('2025-02-10T00:00:00Z')];
  for (const entry of old) await ledger.record(entry);
  const far = entryAt('2099-01-01T00:00:00Z');
  await ledger.record(far);
  await at.write(ledger, aWrite({ id: idAt('2025-02-11T00:00:00Z') }));
  await ledger.close();
  expect(await placesOf()).toEqual({ access_record_default: 5 });
  const before = await at.verify();
  expect(before).toMatchObject({ ok: true, entries: 5 });

  expect(await made()).toEqual(['2025-01', '2025-02']);

  expect(await placesOf()).toEqual({ access_record_2025_01: 1, access_record_2025_02: 3, access_record_default: 1 });
  expect(await at.verify()).toEqual(before);
});

test('a hub at work loses nothing while a month is made', async () => {
  const ledger = await at.open();
  const owner = await at.database.owner.connect();
  const last = addToMonth(present, MONTHS_AHEAD);
  const entries = Array.from({ length: 400 }, (_, i) =>
    entryAt(new Date(Date.parse(`${addToMonth(last, 1)}-10T00:00:00Z`) + i).toISOString()),
  );
  const recorded = Promise.all(entries.map((entry) => ledger.record(entry)));
  expect(await makeMonths(owner, addToMonth(present, 1))).toEqual([addToMonth(last, 1)]);
  await recorded;
  await makeMonths(owner, addToMonth(present, 1));
  owner.release();
  expect(Object.values(await placesOf()).reduce((sum, n) => sum + n, 0)).toBe(entries.length);
  expect(await at.verify()).toMatchObject({ ok: true, entries: entries.length });
});

test('a long reading is not waited for, since the hub would wait as well', async () => {
  const reader = await at.database.server.connect();
  await reader.query('begin');
  await reader.query('select from access_record limit 1');
  const owner = await at.database.owner.connect();
  await expect(makeMonths(owner, addToMonth(present, 1))).rejects.toThrow('run this again');
  await reader.query('commit');
  reader.release();
  expect(await makeMonths(owner, addToMonth(present, 1))).toEqual([addToMonth(present, MONTHS_AHEAD + 1)]);
  owner.release();
});

test('one id stands once in the ledger, whichever month it claims', async () => {
  const ledger = await at.open();
  await ledger.record(anEntry());
  await expect(at.database.owner.query('insert into access_record select * from access_record')).rejects.toMatchObject({
    code: '23505',
  });
});

test('the server’s role makes no months and removes none', async () => {
  const [month] = await listMonths(at.database.server);
  const name = `access_record_${(month?.month ?? '').replace('-', '_')}`;
  for (const attempt of [
    `create table access_record_2000_01 partition of access_record for values from ('${firstIdOf('2000-01')}') to ('${firstIdOf('2000-02')}')`,
    `alter table access_record detach partition ${name}`,
    `drop table ${name}`,
    `insert into ${name} select * from ${name}`,
    `delete from ${name}`,
    'insert into ledger_archive select * from ledger_archive',
  ])
    await expect(at.database.server.query(attempt)).rejects.toMatchObject({ code: '42501' });
});

test('an id tells its month', () => {
  expect(monthOfId(newId())).toBe(present);
});
