import type { PoolClient } from '../../src/platform/database.ts';
import { quoteIdent } from '../../src/platform/database.ts';
import type { TableName } from './sheets.ts';

interface Definition {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** What was taken from the tables, with the statements that bring it back exactly. */
export interface Undressed {
  readonly indexes: readonly Definition[];
  readonly constraints: readonly Definition[];
}

// Foreign keys last: they need the keys that they refer to. Primary keys and CHECKs stay: rows arrive in the order of
// their ids, and a check in place costs less than reading the table again.
const CONSTRAINTS = `
  select c.conrelid::regclass::text as "table", c.conname as name, pg_get_constraintdef(c.oid) as definition
  from pg_constraint c
  where c.conrelid = any($1::text[]::regclass[]) and c.contype in ('u', 'x', 'f')
  order by c.contype = 'f', c.conname`;

const INDEXES = `
  select i.indrelid::regclass::text as "table", i.indexrelid::regclass::text as name,
    pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
  where i.indrelid = any($1::text[]::regclass[])
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = i.indrelid)
  order by 2`;

/**
 * Takes indexes and all constraints but primary keys and CHECKs off the tables, so that rows go in at the speed of COPY.
 * Belongs in the transaction that loads: when it fails, nothing was ever taken.
 */
export async function undress(client: PoolClient, tables: readonly TableName[]): Promise<Undressed> {
  const { rows: constraints } = await client.query<Definition>(CONSTRAINTS, [tables]);
  const { rows: indexes } = await client.query<Definition>(INDEXES, [tables]);
  for (const { table, name } of [...constraints].reverse()) {
    await client.query(`alter table ${table} drop constraint ${quoteIdent(name)}`);
  }
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  return { indexes, constraints };
}

/** Brings everything back; `onStep` is told before each index or constraint is made. */
export async function dress(
  client: PoolClient,
  taken: Undressed,
  onStep: (done: number, of: number) => void,
): Promise<void> {
  const all = taken.indexes.length + taken.constraints.length;
  let done = 0;
  for (const { definition } of taken.indexes) {
    onStep(done++, all);
    await client.query(definition);
  }
  for (const { table, name, definition } of taken.constraints) {
    onStep(done++, all);
    await client.query(`alter table ${table} add constraint ${quoteIdent(name)} ${definition}`);
  }
  onStep(all, all);
}
