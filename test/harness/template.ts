/** The databases that test databases are cloned from: one migrated with its reference data, one with persons as well. */
import { loadReference } from '../../seeds/reference/load.ts';
import { publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import type { Pool } from '../../src/platform/database.ts';
import { openPool, quoteIdent } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { prepareDatabase } from '../../src/server/prepare-database.ts';
import { asAdmin, createDatabaseSql, urlsOf } from './urls.ts';

/** Migrated, with divisions and the policy of schema/policy, and nobody in it. */
export const TEMPLATE = 'hub_template';
/** The same with the synthetic population below. */
export const SEEDED_TEMPLATE = 'hub_template_seeded';

/** What a seeded database holds; tests that ask about "today" ask about this day. */
export const POPULATION = { persons: 20_000, seed: 1, today: '2026-11-22' } as const;

const SEEDING_LOCK = 1;

/** Makes the template anew, and removes a seeded one that an earlier run left on a server that was given. */
export async function makeTemplate(): Promise<void> {
  await asAdmin(async (query) => {
    for (const name of [TEMPLATE, SEEDED_TEMPLATE])
      await query(`drop database if exists ${quoteIdent(name)} with (force)`);
    await query(createDatabaseSql(TEMPLATE));
  });
  const { owner, server } = urlsOf(TEMPLATE);
  await prepareDatabase({ ownerUrl: owner, serverUrl: server, log: silentLog });
  await asOwner(TEMPLATE, async (pool) => {
    await loadReference({ pool });
    await publishPolicy(pool, readPolicyFiles('schema/policy'));
    await pool.query('vacuum (analyze, freeze)');
  });
}

/** Makes the seeded template when no worker has made it yet; others wait meanwhile. */
export async function makeSeededTemplate(): Promise<void> {
  await asAdmin(async (query) => {
    await query('select pg_advisory_lock($1)', [SEEDING_LOCK]);
    if ((await query('select from pg_database where datname = $1', [SEEDED_TEMPLATE])) > 0) return;
    // Under another name until it is whole: a worker that fails must not leave half a population behind.
    const making = `${SEEDED_TEMPLATE}_making`;
    await query(`drop database if exists ${quoteIdent(making)} with (force)`);
    await query(createDatabaseSql(making, TEMPLATE));
    const { loadSynthetic } = await import('../../seeds/synthetic/load.ts');
    await asOwner(making, async (pool) => {
      await loadSynthetic({ pool, ...POPULATION });
      await pool.query('vacuum (analyze, freeze)');
    });
    await query(`alter database ${quoteIdent(making)} rename to ${quoteIdent(SEEDED_TEMPLATE)}`);
  });
}

async function asOwner(database: string, work: (pool: Pool) => Promise<void>): Promise<void> {
  const pool = openPool(urlsOf(database).owner, { max: 1, name: 'test-template' });
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}
