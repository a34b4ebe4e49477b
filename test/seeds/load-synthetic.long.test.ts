import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AlreadyLoaded, loadSynthetic } from '../../seeds/index.ts';
import { testDatabase, type TestDatabase } from '../harness/database.ts';
import { printCatalogue, readCatalogue } from '../migrations/catalogue.ts';
import { digestOf, figures, load, TODAY } from './population.ts';

const open: TestDatabase[] = [];
const fresh = async (): Promise<TestDatabase> => {
  const database = await testDatabase();
  open.push(database);
  return database;
};
let first: TestDatabase;
beforeAll(async () => {
  first = await fresh();
  await load(first.owner, 2_000);
});
afterAll(() => Promise.all(open.map((database) => database.drop())));

const catalogue = async ({ owner, server }: TestDatabase): Promise<string> => {
  const { rows } = await server.query<{ role: string }>('select current_user as role');
  return printCatalogue(await readCatalogue(owner, rows[0]?.role ?? ''));
};
const persons = async ({ owner }: TestDatabase): Promise<number | undefined> =>
  (await figures(owner, 'select count(*) as n from person'))['n'];

test('the same persons, seed and day give the same rows in every table, ids included', async () => {
  const second = await fresh();
  await load(second.owner, 2_000);
  expect(await digestOf(second.owner)).toBe(await digestOf(first.owner));
});

test('another seed gives another population', async () => {
  const other = await fresh();
  await load(other.owner, 2_000, 2);
  expect(await digestOf(other.owner)).not.toBe(await digestOf(first.owner));
});

test('there are exactly as many persons as asked for, and the counts are those of the tables', async () => {
  const database = await fresh();
  const counts = await load(database.owner, 777);
  expect(counts.person).toBe(777);
  for (const [table, count] of Object.entries(counts)) {
    expect({ table, ...(await figures(database.owner, `select count(*) as n from ${table}`)) }).toEqual({
      table,
      n: count,
    });
  }
});

test('every index and constraint is back exactly as it was', async () => {
  const empty = await fresh();
  expect(await catalogue(first)).toBe(await catalogue(empty));
  const { rows } = await first.owner.query(`select conname from pg_constraint where not convalidated`);
  expect(rows).toEqual([]);
});

test('a database with persons is refused and stays as it was', async () => {
  const before = await digestOf(first.owner);
  await expect(load(first.owner, 500)).rejects.toThrow(AlreadyLoaded);
  expect(await digestOf(first.owner)).toBe(before);
});

test('of two loaders at once one loads and the other is refused', async () => {
  const database = await fresh();
  const results = await Promise.allSettled([load(database.owner, 1_000), load(database.owner, 1_500)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const lost = results.find((result) => result.status === 'rejected');
  expect(lost?.reason).toBeInstanceOf(AlreadyLoaded);
  expect([1_000, 1_500]).toContain(await persons(database));
});

test.each(['persons', 'indexes'])('stopped amid the %s, nothing remains and the next load succeeds', async (phase) => {
  const database = await fresh();
  const before = await catalogue(database);
  const stopped = new AbortController();
  const loading = loadSynthetic({
    pool: database.owner,
    persons: 6_000,
    seed: 1,
    today: TODAY,
    signal: stopped.signal,
    onProgress: (_done, _total, what) => {
      if (what === phase) stopped.abort();
    },
  });
  await expect(loading).rejects.toThrow();
  expect(await persons(database)).toBe(0);
  expect(await catalogue(database)).toBe(before);
  await load(database.owner, 500);
  expect(await persons(database)).toBe(500);
});

test('progress runs up to the number of persons and then over the indexes', async () => {
  const database = await fresh();
  const seen: [string, number, number][] = [];
  const onProgress = (done: number, total: number, what: string): void => void seen.push([what, done, total]);
  await loadSynthetic({ pool: database.owner, persons: 600, seed: 3, today: TODAY, onProgress });
  expect(seen.find(([what]) => what === 'persons')).toEqual(['persons', 600, 600]);
  const [what, done, total] = seen.at(-1) ?? [];
  expect(what).toBe('indexes');
  expect(done).toBe(total);
});

test('the server may read what was loaded', async () => {
  expect(await figures(first.server, 'select count(*) as n from recipient')).not.toEqual({ n: 0 });
});
