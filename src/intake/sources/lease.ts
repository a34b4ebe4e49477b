/** Work that one hub process does at a time: the database holds the lease, and lets it go when the process ends. */
import type { Pool } from '../../platform/database.ts';

/** Runs the work unless another process is at it; undefined then. */
export async function withLease<T>(pool: Pool, name: string, work: () => Promise<T>): Promise<T | undefined> {
  const holder = await pool.connect();
  let held = false;
  try {
    const { rows } = await holder.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      [name],
    );
    held = rows[0]?.held === true;
    return held ? await work() : undefined;
  } finally {
    // A lease that cannot be given back goes with its connection.
    const back = held
      ? await holder.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).then(
          () => true,
          () => false,
        )
      : true;
    holder.release(!back);
  }
}
