/** The databases that test databases are cloned from: one migrated with its reference data, one with persons as well. */
import { prepareDatabase } from '../../src/server/prepare-database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { quoteIdent } from '../../src/platform/database.ts';
import { asAdmin, createDatabaseSql, urlsOf } from './urls.ts';

/** Migrated, with regions and policy, and nobody in it. */
export const TEMPLATE = 'hub_template';

/** Makes the template anew. */
export async function makeTemplate(): Promise<void> {
  await asAdmin(async (query) => {
    for (const name of [TEMPLATE]) await query(`drop database if exists ${quoteIdent(name)} with (force)`);
    await query(createDatabaseSql(TEMPLATE));
  });
  const { owner, server } = urlsOf(TEMPLATE);
  await prepareDatabase({ ownerUrl: owner, serverUrl: server, log: silentLog });
}
