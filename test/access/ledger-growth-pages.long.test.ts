/** What the ledger costs in the database, tables and indexes together: it is kept for years. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/id.ts';
import type { AccessEntry, Ledger } from '../../src/access/ledger/index.ts';
import { anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
let ledger: Ledger;
/** Entries that are there before anything is measured: the index on persons has its 4,096 keys once a month. */
const FILLED = 20_000;

beforeAll(async () => {
  at = await testLedgers();
  ledger = await at.open();
  for (let done = 0; done < FILLED; done += 250) {
    await Promise.all(Array.from({ length: 250 }, () => ledger.record(aCheck())));
  }
}, 60_000);
afterAll(() => at.drop());

/** Bytes of one entry, out of as many as are recorded here. */
async function bytesOf(count: number, atOnce: number, make: () => AccessEntry): Promise<number> {
  const size = async (): Promise<number> => {
    const { rows } = await at.database.owner.query<{ size: number }>(
      `select sum(pg_total_relation_size(part.relid))::int as size
       from unnest('{access_operation, access_record, ledger_chain, ledger_seal, ledger_sealed_write}'::text[]) as name
       cross join lateral (
         select relid from pg_partition_tree(name::regclass) union select name::regclass
       ) part`,
    );
    return rows[0]?.size ?? 0;
  };
  await ledger.record(make());
  const before = await size();
  for (let done = 0; done < count; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, () => ledger.record(make())));
  }
  return ((await size()) - before) / count;
}

/** A status check of one person, who is a recipient. */
const aCheck = (): AccessEntry => anEntry({ households: [] });

/** Ids as they come from a large table: made at different times. */
let made = Date.now();
const anId = (): string => {
  made -= 1_000 + Math.floor(Math.random() * 1e7);
  return `${made
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2')}${newId().slice(13)}`;
};

/** A page of 50 recipients with household, members (three each) and grants: five nodes. */
function aPage(): AccessEntry {
  const [persons, households]: { id: string; node: number }[][] = [[], []];
  for (let i = 0; i < 50; i += 1) {
    const household = anId();
    households?.push({ id: household, node: 1 }, { id: household, node: 4 });
    for (let member = 0; member < 3; member += 1) {
      const id = anId();
      if (member === 0) persons?.push({ id, node: 0 });
      persons?.push({ id, node: 2 }, { id, node: 3 });
      if (member < 2) persons?.push({ id, node: 4 });
    }
  }
  const coordinates = ['Recipient', 'Household', 'Membership', 'Person', 'AidGrant'].map((type) => [`${type}.id`]);
  return anEntry({ coordinates, persons: persons ?? [], households: households ?? [], items: 50 });
}

test('a single check costs less than 400 bytes, alone in its commit and seal', async () => {
  expect(await bytesOf(2_000, 1, aCheck)).toBeLessThan(400);
});

test('a single check costs less than 300 bytes where requests share commits', async () => {
  expect(await bytesOf(4_000, 16, aCheck)).toBeLessThan(280);
});

test('a page of 50 costs less than 100 bytes a recipient, and a fourth of that for each person in it', async () => {
  const bytes = await bytesOf(900, 1, aPage);
  expect(bytes / 50).toBeLessThan(100);
  expect(bytes / 150).toBeLessThan(33);
});

test.each(['persons', 'households'])(
  'the index on %s costs a month of 20,000 checks less than 16 bytes for each that is named, and a larger one less',
  async (named) => {
    const { rows } = await at.database.owner.query<{ bytes: number; pairs: number }>(
      `select pg_relation_size(i.indexrelid)::int as bytes,
         (select sum(cardinality(${named}))::int from access_record) as pairs
       from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indrelid = (select tableoid from access_record limit 1)
         and c.relam = (select oid from pg_am where amname = 'gin')
         and pg_get_indexdef(i.indexrelid) like '%person_buckets(${named})%'`,
    );
    expect(rows).toHaveLength(1);
    const [{ bytes, pairs } = { bytes: 0, pairs: 0 }] = rows;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes / pairs).toBeLessThan(16);
  },
);
