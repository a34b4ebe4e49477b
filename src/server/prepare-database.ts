/** Brings a database to the state that this version of the hub needs: the server's role, the tables, the rights. */
import { DataSource } from 'typeorm';
import { migrationOptions } from '../../migrations/options.ts';
import { makeMonths } from '../access/ledger/index.ts';
import { systemClock } from '../platform/clock.ts';
import type { PoolClient } from '../platform/database.ts';
import { openPool, quoteIdent } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import { createRoleSql, roleExists, roleOf } from '../platform/roles.ts';
import { applyPrivileges } from './privileges.ts';

/** What a database is prepared with. */
export interface Preparation {
  /** URL of the role that owns the tables. */
  readonly ownerUrl: string;
  /** URL of the role that the server will work as; the role is made when it is missing. */
  readonly serverUrl: string;
  readonly log: Logger;
}

/** The owner's role lacks rights that only an administrator of the database can give. */
export class RightsMissingError extends Error {
  /** Statements for the administrator, to be run in the hub's database; they hold no password. */
  readonly sql: string;

  constructor(statements: readonly string[]) {
    const sql = statements.map((statement) => `${statement};\n`).join('');
    super(
      `The owner's role lacks rights. Have an administrator of PostgreSQL run this in the hub's database:\n\n${sql}`,
    );
    this.name = 'RightsMissingError';
    this.sql = sql;
  }
}

const MIGRATION_LOCK = 4_851_172;
const OLDEST = 150_000; // PostgreSQL 15

/**
 * Makes the server's role, runs the migrations that are pending, and gives the role its rights; safe to repeat, and
 * safe for two processes at once. Resolves to the names of the migrations that ran. Throws RightsMissingError with the
 * SQL that an administrator must run.
 */
export async function prepareDatabase({ ownerUrl, serverUrl, log }: Preparation): Promise<string[]> {
  const pool = openPool(ownerUrl, { max: 1, name: 'hub-migrate', log });
  try {
    const owner = await pool.connect();
    // A session lock and one connection: it lasts until the connection ends, however that comes about.
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const { role, password } = roleOf(serverUrl);
    try {
      await checkVersion(owner);
      await makeReady(owner, role, password);
      const ran = await migrate(ownerUrl);
      const months = await makeMonths(owner, systemClock.today().slice(0, 7));
      await applyPrivileges(owner, role);
      await checkSignIn(serverUrl);
      log.info({ ran, months, role }, ran.length === 0 ? 'the database is up to date' : 'the database was migrated');
      return ran;
    } finally {
      owner.release(true);
    }
  } finally {
    await pool.end();
  }
}

async function checkVersion(owner: PoolClient): Promise<void> {
  const { rows } = await owner.query<{ number: number; name: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as name",
  );
  const [found] = rows;
  if (found === undefined || found.number >= OLDEST) return;
  throw new Error(`The hub needs PostgreSQL 15 or later; DATABASE_URL leads to PostgreSQL ${found.name}.`);
}

/** Makes the server's role and sees that the owner may make tables and extensions; all that is missing is named together. */
async function makeReady(owner: PoolClient, role: string, password: string | undefined): Promise<void> {
  const { rows } = await owner.query<{ me: string; db: string; roles: boolean; extensions: boolean; tables: boolean }>(
    `select current_user as me, current_database() as db, rolcreaterole or rolsuper as roles,
            has_database_privilege(current_database(), 'create') as extensions,
            has_schema_privilege('public', 'create') as tables
       from pg_roles where rolname = current_user`,
  );
  const [rights] = rows;
  if (rights === undefined) throw new Error('The database does not know the role of DATABASE_URL.');
  const missing: string[] = [];
  if (!(await roleExists(owner, role))) {
    const create = createRoleSql(role, password);
    if (rights.roles) await owner.query(create);
    else missing.push(create);
  }
  const me = quoteIdent(rights.me);
  if (!rights.extensions) missing.push(`alter database ${quoteIdent(rights.db)} owner to ${me}`);
  if (!rights.tables) missing.push(`grant usage, create on schema public to ${me}`);
  if (missing.length > 0) throw new RightsMissingError(missing);
}

async function migrate(ownerUrl: string): Promise<string[]> {
  const source = await new DataSource({ ...migrationOptions, url: ownerUrl }).initialize();
  try {
    const ran = await source.runMigrations({ transaction: 'all' });
    return ran.map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

async function checkSignIn(serverUrl: string): Promise<void> {
  const pool = openPool(serverUrl, { max: 1, name: 'hub-migrate' });
  try {
    await pool.query('select 1');
  } catch (cause) {
    throw new Error('The role in HUB_DATABASE_URL is there but cannot sign in: check its password and pg_hba.conf.', {
      cause,
    });
  } finally {
    await pool.end();
  }
}
