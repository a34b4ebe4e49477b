import { setImmediate as breathe } from 'node:timers/promises';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { inTransaction, type Pool, type PoolClient } from '../../src/platform/database.ts';
import { loadReference } from '../reference/load.ts';
import { dress, undress } from './bare-tables.ts';
import { readPlaces } from './places.ts';
import { populate } from './population.ts';
import { type Counts, TABLE_NAMES, TABLES, type TableName } from './sheets.ts';
import { World } from './world.ts';

/** What to load, and where. */
export interface SyntheticOptions {
  /** As the owner of the tables. */
  readonly pool: Pool;
  readonly persons: number;
  readonly seed: number;
  /** 'YYYY-MM-DD': the day on which the population stands. */
  readonly today: string;
  /** Told as the work goes on; `what` is 'persons' or 'indexes'. */
  readonly onProgress?: (done: number, total: number, what: 'persons' | 'indexes') => void;
  /** Stops the work; nothing of it remains. */
  readonly signal?: AbortSignal;
}

/** The database holds persons already; synthetic ones are never mixed with others. */
export class AlreadyLoaded extends Error {
  constructor(table: string) {
    super(
      `The database is not empty (table ${table} has rows). Synthetic persons go into an empty database only: ` +
        'use another database, or remove this one first.',
    );
    this.name = 'AlreadyLoaded';
  }
}

/** Whether there are any persons in the database. */
export async function hasPersons(pool: Pool): Promise<boolean> {
  return ((await pool.query('select from person limit 1')).rowCount ?? 0) > 0;
}

/** Persons between two dispatches to the database: some megabytes of rows. */
const PART = 5_000;
/** Units made in one go before the process may send and receive. */
const STRETCH = 100;

/**
 * Fills an empty database with a synthetic population: persons, households, enrolments, department records, cases, grants,
 * and the reference data they stand on. The same persons, seed and day give the same rows, ids included. All of it is one
 * transaction: stopped or killed in the middle, the database is as empty as before.
 */
export async function loadSynthetic(options: SyntheticOptions): Promise<Counts> {
  const { pool, persons, seed, today, onProgress = () => undefined, signal } = options;
  const places = await readPlaces();
  const counts = await inTransaction(
    pool,
    async (client) => {
      await client.query(`set local maintenance_work_mem = '256MB'`);
      await client.query(`set local synchronous_commit = on`);
      await loadReference({ client });
      const tables = await presentTables(client);
      const frozen = await takeEmptyTables(client, tables);
      const taken = await undress(client, tables);
      const world = new World({ persons, seed, today, places });
      world.sheets.only(tables);
      await send(client, world, { persons, frozen, tables }, (done) => {
        signal?.throwIfAborted();
        onProgress(done, persons, 'persons');
      });
      await dress(client, taken, (done, total) => {
        signal?.throwIfAborted();
        onProgress(done, total, 'indexes');
      });
      return world.sheets.counts();
    },
    { retries: 0 },
  );
  await pool.query(`analyze ${Object.keys(counts).join(', ')}, region`);
  return counts;
}

/** The tables that there are: those of a department come with its module. */
async function presentTables(client: PoolClient): Promise<readonly TableName[]> {
  const { rows } = await client.query<{ name: TableName }>(
    'select name from unnest($1::text[]) with ordinality as t (name, at) where to_regclass(name) is not null order by at',
    [TABLE_NAMES],
  );
  return rows.map(({ name }) => name);
}

/**
 * Locks the tables against everybody and makes sure that they are empty; the lock comes first, so that of two loaders the
 * second finds what the first one loaded. True when rows may be written frozen (no VACUUM has to look at them again), which
 * PostgreSQL allows in tables that this very transaction has emptied.
 */
async function takeEmptyTables(client: PoolClient, tables: readonly TableName[]): Promise<boolean> {
  await client.query(`lock table ${tables.join(', ')} in access exclusive mode`);
  for (const table of tables) {
    const { rowCount } = await client.query(`select from ${table} limit 1`);
    if ((rowCount ?? 0) > 0) throw new AlreadyLoaded(table);
  }
  const { rows } = await client.query(
    `select from pg_constraint where contype = 'f' and confrelid = any($1::text[]::regclass[])
       and conrelid <> all($1::text[]::regclass[]) limit 1`,
    [tables],
  );
  // A table of somebody else that refers to these would have to be emptied with them: leave it alone.
  if (rows.length > 0) return false;
  await client.query(`truncate ${tables.join(', ')}`);
  return true;
}

/** Makes the population and sends it, the next part being made while the last one travels. */
async function send(
  client: PoolClient,
  world: World,
  { persons, frozen, tables }: { persons: number; frozen: boolean; tables: readonly TableName[] },
  onPart: (done: number) => void,
): Promise<void> {
  const units = populate(world, persons);
  let ended = false;
  const makePart = async (): Promise<[TableName, string][]> => {
    const until = world.persons + PART;
    while (!ended && world.persons < until) {
      for (let i = 0; i < STRETCH && !ended; i++) ended = units.next().done === true;
      await breathe();
    }
    return tables.flatMap((table) => {
      const text = world.sheets.take(table);
      return text === undefined ? [] : [[table, text] satisfies [TableName, string]];
    });
  };
  let part = await makePart();
  while (part.length > 0) {
    const [, next] = await Promise.all([copy(client, part, frozen), makePart()]);
    part = next;
    onPart(world.persons);
  }
}

async function copy(client: PoolClient, part: readonly [TableName, string][], frozen: boolean): Promise<void> {
  for (const [table, text] of part) {
    const options = `format text, null ''${frozen ? ', freeze true' : ''}`;
    const stream = client.query(copyFrom(`copy ${table} (${TABLES[table]}) from stdin with (${options})`));
    stream.end(text);
    await finished(stream);
  }
}
