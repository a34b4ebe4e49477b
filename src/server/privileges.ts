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

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];

/** Tables that the hub's role writes to. */
export const WRITE_RIGHTS: Readonly<Record<string, WriteRight>> = {
  // Versions stay as they were reported. A later version or a reversal changes the state of an earlier one; a grant that
  // was pending gets its person and place when it is resolved.
  aid_grant: {
    insert: true,
    update: ['state', 'superseded_by_version', 'reversed_by_key', 'person_id', 'household_id', ...PLACE],
  },
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
    for (const [table, { insert, update }] of Object.entries(WRITE_RIGHTS)) {
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
