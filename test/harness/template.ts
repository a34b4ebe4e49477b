/** The databases that test databases are cloned from: one migrated with its reference data, one with persons as well. */
import { existsSync } from 'node:fs';
import { loadReference } from '../../seeds/reference/load.ts';
import { publishPolicy, readPolicyFiles } from '../../src/access/policy/store.ts';
import { openPool, quoteIdent } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { prepareDatabase } from '../../src/server/prepare-database.ts';
import { asAdmin, createDatabaseSql, urlsOf } from './urls.ts';

/** Migrated, with divisions and the policy of schema/policy, and nobody in it. */
export const TEMPLATE = 'hub_template';

const POLICY = 'schema/policy';

/** Makes the template anew. */
export async function makeTemplate(): Promise<void> {
  await asAdmin(async (query) => {
    await query(`drop database if exists ${quoteIdent(TEMPLATE)} with (force)`);
    await query(createDatabaseSql(TEMPLATE));
  });
  const { owner, server } = urlsOf(TEMPLATE);
  await prepareDatabase({ ownerUrl: owner, serverUrl: server, log: silentLog });
  const pool = openPool(owner, { max: 1, name: 'test-template' });
  try {
    await loadReference({ pool });
    if (existsSync(`${POLICY}/catalogue.json`)) await publishPolicy(pool, readPolicyFiles(POLICY));
    await pool.query('vacuum (analyze, freeze)');
  } finally {
    await pool.end();
  }
}
