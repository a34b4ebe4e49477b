import { ConfigError, readConfig } from '../../platform/config.ts';
import type { Config } from '../../platform/config.ts';
import { openPool, sqlState } from '../../platform/database.ts';
import type { Pool } from '../../platform/database.ts';
import { startEmbedded } from '../../platform/embedded-postgres.ts';
import { openLog } from '../../platform/log.ts';

/** Runs the work on the configured database; one that has no ledger is said so in a sentence. */
export async function onDatabase(
  work: (pool: Pool, config: Config) => Promise<number>,
  { asOwner = false }: { readonly asOwner?: boolean } = {},
): Promise<number> {
  const config = readConfig();
  const url = asOwner ? config.databaseUrl : (config.hubDatabaseUrl ?? config.databaseUrl);
  if (asOwner && url === undefined && config.hubDatabaseUrl !== undefined)
    throw new ConfigError(['DATABASE_URL: missing; this is done by the role that owns the tables, not by the server']);
  const embedded = url === undefined ? await startEmbedded({ dir: config.dataDir, log: openLog('warn') }) : undefined;
  const own = asOwner ? embedded?.ownerUrl : embedded?.serverUrl;
  const pool = openPool(url ?? own ?? '', { max: asOwner ? 2 : 1, name: 'hub-ledger' });
  try {
    return await work(pool, config);
  } catch (error) {
    const known = NO_LEDGER[sqlState(error) ?? ''];
    if (known === undefined) throw error;
    process.stderr.write(`${known}\n`);
    return 1;
  } finally {
    await pool.end();
    await embedded?.stop();
  }
}

const NO_LEDGER: Readonly<Record<string, string>> = {
  '42P01': 'This database has no ledger yet: run hub migrate.',
  '42501': 'This role may not read the ledger: use the role of HUB_DATABASE_URL, or the owner.',
};
