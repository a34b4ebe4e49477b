/** The database between two turns: at rest, and with nothing left to write. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSet } from './data-set.ts';

/** Until no statement and no transaction is under way: those that the load left behind are answered to the end. */
export async function untilQuiet({ admin }: DataSet): Promise<void> {
  for (let looks = 0; looks < 600; looks += 1) {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity
       where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()`,
    );
    if (rowCount === 0) return;
    await sleep(100);
  }
}

/** So that nobody pays for what the one before has written. */
export async function checkpoint({ admin }: DataSet): Promise<void> {
  await admin.query('checkpoint');
}

/**
 * Lets every client's budget of fruitless checks begin anew: under load a second holds more of them than a client may
 * have in a day.
 */
export async function forgetMisses({ owner }: DataSet): Promise<void> {
  await owner.query('delete from miss_count');
}

/** Its version, e.g. 18.4. */
export async function postgresVersion({ owner }: DataSet): Promise<string> {
  const { rows } = await owner.query<{ version: string }>(`select current_setting('server_version') as version`);
  return rows[0]?.version ?? 'unknown';
}
