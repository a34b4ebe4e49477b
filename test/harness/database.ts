/** A database of a test's own, cloned in a fraction of a second from a template that is already migrated. */
import { randomBytes } from 'node:crypto';
import type { Pool } from '../../src/platform/database.ts';
import { openPool, quoteIdent } from '../../src/platform/database.ts';
import { makeSeededTemplate, SEEDED_TEMPLATE, TEMPLATE } from './template.ts';
import { asAdmin, createDatabaseSql, urlsOf } from './urls.ts';

/** One test database. */
export interface TestDatabase {
  /** Of the administrator of the whole server. */
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly serverUrl: string;
  /** As the owner of the tables: for what a test lays out and looks up. */
  readonly owner: Pool;
  /** As the hub works: for what is tested. */
  readonly server: Pool;
  /** Closes both pools and removes the database. */
  drop(): Promise<void>;
}

/**
 * Clones the template; call it in `beforeAll` and `drop` in `afterAll`. Seeded: with the 20,000 synthetic persons of
 * POPULATION, which the first such call of a run loads (some ten seconds).
 */
export async function testDatabase({ seeded = false }: { readonly seeded?: boolean } = {}): Promise<TestDatabase> {
  if (seeded) await makeSeededTemplate();
  return create(seeded ? SEEDED_TEMPLATE : TEMPLATE);
}

/** A database that not even the migrations have seen. */
export function emptyDatabase(): Promise<TestDatabase> {
  return create(undefined);
}

async function create(template: string | undefined): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin((query) => query(createDatabaseSql(name, template)));
  const urls = urlsOf(name);
  const owner = openPool(urls.owner, { max: 8, name: 'test-owner' });
  const server = openPool(urls.server, { max: 8, name: 'test-server' });
  return {
    adminUrl: urls.admin,
    ownerUrl: urls.owner,
    serverUrl: urls.server,
    owner,
    server,
    drop: async () => {
      await Promise.all([owner.end(), server.end()]);
      await asAdmin((query) => query(`drop database if exists ${quoteIdent(name)} with (force)`));
    },
  };
}
