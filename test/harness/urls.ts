/** How the processes of a test run reach its PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { openPool, quoteIdent } from '../../src/platform/database.ts';
import { createRoleSql } from '../../src/platform/roles.ts';

const VARIABLE = 'HUB_TEST_URLS';
const ROLES = { owner: 'hub_test_owner', server: 'hub_test_server' };

/** URLs of one database, one for each role. */
export interface Urls {
  readonly admin: string;
  readonly owner: string;
  readonly server: string;
}

/** Makes the two roles with passwords of this run and puts the URLs where workers find them. */
export async function publishUrls(admin: string): Promise<void> {
  const urls: Record<string, string> = { admin };
  const pool = openPool(admin, { max: 1, name: 'test' });
  try {
    for (const [key, role] of Object.entries(ROLES)) {
      const password = randomBytes(12).toString('hex');
      const known = await pool.query('select from pg_roles where rolname = $1', [role]);
      const create = createRoleSql(role, password);
      await pool.query(known.rowCount === 0 ? create : create.replace('create role', 'alter role'));
      const url = new URL(admin);
      url.username = role;
      url.password = password;
      urls[key] = url.href;
    }
  } finally {
    await pool.end();
  }
  process.env[VARIABLE] = JSON.stringify(urls);
}

/** The URLs of a database on the run's server. */
export function urlsOf(database: string): Urls {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('No test server: run the tests through Jest, whose globalSetup starts one.');
  const { admin, owner, server } = JSON.parse(text) as Urls;
  const at = (url: string): string => {
    const changed = new URL(url);
    changed.pathname = `/${database}`;
    return changed.href;
  };
  return { admin: at(admin), owner: at(owner), server: at(server) };
}

/** Runs the work as the administrator on the maintenance database; on one connection, so session locks hold. */
export async function asAdmin<T>(
  work: (query: (text: string, values?: unknown[]) => Promise<number>) => Promise<T>,
): Promise<T> {
  const pool = openPool(urlsOf('postgres').admin, { max: 1, name: 'test-admin' });
  const client = await pool.connect();
  try {
    return await work(async (text, values = []) => (await client.query(text, values)).rowCount ?? 0);
  } finally {
    client.release(true);
    await pool.end();
  }
}

/** Makes an empty database that the owner's role owns, or a clone of another one. */
export function createDatabaseSql(name: string, template?: string): string {
  const from = template === undefined ? '' : ` template ${quoteIdent(template)} strategy file_copy`;
  return `create database ${quoteIdent(name)} owner ${quoteIdent(ROLES.owner)}${from}`;
}
