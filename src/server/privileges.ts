/**
 * What the hub's role may do with each table, all of it in one place. It may read every table; what is not named here
 * it may not write, and nothing may it delete. The rights are those of the database, so no fault in the code goes round
 * them.
 */
import type { PoolClient } from '../platform/database.ts';
import { quoteIdent } from '../platform/database.ts';

/** The right to write to one table. */
export interface WriteRight {
  readonly insert?: true;
  /** Columns that may change in a row that stands. */
  readonly update?: readonly string[];
}

/** Tables that the hub's role writes to. */
export const WRITE_RIGHTS: Readonly<Record<string, WriteRight>> = {
  // Versions stay as they were reported; a later version or a reversal changes the bookkeeping of an earlier one.
  aid_grant: { insert: true, update: ['state', 'superseded_by_version', 'reversed_by_key'] },
  // The ledger only grows.
  access_operation: { insert: true },
  access_record: { insert: true },
  ledger_chain: { insert: true },
  ledger_seal: { insert: true },
  ledger_sealed_write: { insert: true },
  miss_count: { insert: true, update: ['misses'] },
};

/**
 * Gives the role exactly the rights above on the tables of schema public, and takes every other right on them away,
 * whoever gave it. A table named above that does not exist is an error. The caller holds the migration lock.
 */
export async function applyPrivileges(owner: PoolClient, role: string): Promise<void> {
  const to = quoteIdent(role);
  await owner.query('begin');
  try {
    await owner.query(`revoke all on all tables in schema public from public, ${to}`);
    await owner.query(`revoke all on all sequences in schema public from public, ${to}`);
    await owner.query(`revoke create on schema public from public, ${to}`);
    await owner.query(`grant usage on schema public to ${to}`);
    await owner.query(`grant select on all tables in schema public to ${to}`);
    const { rows } = await owner.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    const known = new Set(rows.map(({ name }) => name));
    for (const [table, { insert, update }] of Object.entries(WRITE_RIGHTS)) {
      if (!known.has(table)) continue;
      const rights = [
        ...(insert === true ? ['insert'] : []),
        ...(update === undefined ? [] : [`update (${update.map(quoteIdent).join(', ')})`]),
      ];
      await owner.query(`grant ${rights.join(', ')} on public.${quoteIdent(table)} to ${to}`);
    }
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}
