import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestDatabase } from '../harness/database.ts';
import { testDatabase } from '../harness/database.ts';
import { POPULATION } from '../harness/template.ts';

let empty: TestDatabase;
let seeded: TestDatabase;
beforeAll(async () => {
  [empty, seeded] = await Promise.all([testDatabase(), testDatabase({ seeded: true })]);
});
afterAll(() => Promise.all([empty.drop(), seeded.drop()]));

const count = async ({ server }: TestDatabase, table: string): Promise<number> =>
  Number((await server.query<{ count: string }>(`select count(*) from ${table}`)).rows[0]?.count);

test('a test database has the tables, divisions and policy of an installation, and nobody in it', async () => {
  expect(await count(empty, 'person')).toBe(0);
  expect(await count(empty, 'region')).toBeGreaterThan(1000);
  expect(await count(empty, 'policy_head')).toBe(1);
});

test('a seeded test database has a population, with statistics for the planner', async () => {
  expect(await count(seeded, 'person')).toBeGreaterThanOrEqual(POPULATION.persons);
  const { rows } = await seeded.server.query<{ pages: boolean }>(
    "select reltuples > 0 as pages from pg_class where oid = 'person'::regclass",
  );
  expect(rows).toEqual([{ pages: true }]);
});

test('what one test database is given no other one sees', async () => {
  const other = await testDatabase();
  await empty.owner.query('create table seen (id int)');
  await expect(other.owner.query('select from seen')).rejects.toMatchObject({ code: '42P01' });
  await other.drop();
});
