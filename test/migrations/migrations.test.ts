import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.ts';
import { openPool } from '../../src/platform/database.ts';
import type { Pool } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { asAdmin, createDatabaseSql, urlsOf } from '../harness/urls.ts';
import { printCatalogue, readCatalogue } from './catalogue.ts';

const SNAPSHOT = 'schema/catalogue.txt';
/** Laid out by the migration alone: TypeORM has no words for INCLUDE, for descending keys and for what is no B-tree. */
const BEYOND_TYPEORM = [
  'index ix_person_identifier__match_key',
  'index ix_aid_grant__person_id_decided_on_id',
  'index ix_aid_grant__household_id_decided_on_id',
  'index ix_access_record__person_buckets',
  'index ix_access_record__at',
  'index uq_feed__source_system_record_region_code',
  'index uq_correction__open',
  'index uq_recall__once',
  'index uq_recall_order__once',
  'index ix_access_record__household_buckets',
];

let database: TestDatabase;
let serverRole: string;
const emptied: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await testDatabase();
  serverRole = decodeURIComponent(new URL(database.serverUrl).username);
});
afterAll(async () => {
  await database.drop();
  for (const drop of emptied) await drop();
});

/** A database with nothing in it, and TypeORM's view of it. */
async function emptyDatabase(): Promise<{ source: DataSource; pool: Pool }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin((query) => query(createDatabaseSql(name)));
  const { owner } = urlsOf(name);
  const pool = openPool(owner, { max: 1, name: 'test-owner' });
  const source = await createDataSource(owner).initialize();
  emptied.push(async () => {
    await source.destroy();
    await pool.end();
    await asAdmin((query) => query(`drop database ${name} with (force)`));
  });
  return { source, pool };
}

test('the whole catalogue is the one that is committed (HUB_WRITE_CATALOGUE=1 writes it anew)', async () => {
  const catalogue = printCatalogue(await readCatalogue(database.owner, serverRole));
  if (process.env['HUB_WRITE_CATALOGUE'] === '1') writeFileSync(SNAPSHOT, catalogue);
  expect(catalogue).toBe(readFileSync(SNAPSHOT, 'utf8'));
});

test('up, down and up again gives the same catalogue, and down leaves nothing behind', async () => {
  const { source, pool } = await emptyDatabase();
  const read = async () => printCatalogue(await readCatalogue(pool, serverRole));
  const before = await read();

  const ran = await source.runMigrations();
  const first = await read();
  for (const _ of ran) await source.undoLastMigration();
  const down = await read();
  await source.runMigrations();

  expect(down).toBe(before);
  expect(await read()).toBe(first);
});

test('what TypeORM can say of the schema equals the entities', async () => {
  const source = await createDataSource(database.ownerUrl).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  } finally {
    await source.destroy();
  }
});

// TypeORM compares checks, exclusions and predicates of indexes by name alone; PostgreSQL compares what they say.
test('tables made from the entities alone carry the same columns, keys, checks and indexes', async () => {
  const { source, pool } = await emptyDatabase();
  await pool.query('create extension btree_gist');
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  for (const { query } of upQueries) await pool.query(query);

  const tables = new Set(source.entityMetadatas.map(({ tableName }) => `table ${tableName}`));
  const linesOf = async (of: Pool): Promise<string[]> =>
    (await readCatalogue(of, serverRole))
      .filter(({ object, part }) => tables.has(object) && part < 7)
      .map(({ object, line }) => `${object}: ${line.replaceAll(/\s+/g, ' ')}`)
      .filter((line) => !BEYOND_TYPEORM.some((index) => line.includes(`${index} `)));

  expect(await linesOf(pool)).toEqual(await linesOf(database.owner));
});
