/** The only door to node-postgres: pools with the hub's types, and transactions that survive a deadlock. */
import { setTimeout as sleep } from 'node:timers/promises';
// Before node-postgres, which asks for it while it is loaded.
import './navigator.ts';
import pg from 'pg';
import { ByteClient } from './byte-client.ts';
import type { Logger } from './log.ts';

export { queryBytes } from './byte-client.ts';
export type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** How a pool is opened. */
export interface PoolOptions {
  /** Most connections at a time. */
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Told when an idle connection breaks; the next query opens another one. */
  readonly log?: Logger;
  /** Settings of every session, e.g. { plan_cache_mode: 'force_generic_plan' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

// Dates have no zone; int8 and numeric do not fit a JavaScript number: all of them stay text, arrays as well.
const AS_TEXT = new Set<number>([pg.types.builtins.DATE, pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);
const AS_TEXT_ARRAY = new Set<number>([1182, 1016, 1231]); // date[], int8[], numeric[]

const TEXT_ARRAY: number = 1009; // pg-types knows the parser but does not list its number

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    AS_TEXT.has(oid) ? String : pg.types.getTypeParser(AS_TEXT_ARRAY.has(oid) ? TEXT_ARRAY : oid, format),
};

/**
 * A pool of connections. `date`, `int8` and `numeric` arrive as text, `timestamptz` as Date. Waiting for a connection
 * ends after 10 s with an error.
 */
export function openPool(url: string, { max, name, log, settings = {} }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    Client: ByteClient,
    connectionString: url,
    max,
    application_name: name,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: Object.entries({ timezone: 'UTC', ...settings })
      .map(([key, value]) => `-c ${key}=${value.replace(/[\\ ]/g, '\\$&')}`)
      .join(' '),
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', (err) => log?.warn({ err, pool: name }, 'an idle database connection broke'));
  // Nor may one that breaks between two statements of a transaction: its next statement fails and says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** How a transaction runs. */
export interface TransactionOptions {
  /** How often the work is begun anew after a deadlock or a serialization failure. */
  readonly retries?: number;
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';
}

const AGAIN = new Set(['40P01', '40001']); // deadlock_detected, serialization_failure

/**
 * Runs the work in one transaction and commits it. After a deadlock or a serialization failure the whole work runs
 * again on a fresh snapshot, so it must have no effect outside the transaction. A connection that breaks during COMMIT
 * leaves the outcome unknown and is not retried here: callers are idempotent on their own keys.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  { retries = 3, isolation = 'READ COMMITTED' }: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const client = await pool.connect();
    try {
      await client.query(`begin isolation level ${isolation}`);
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      await rollBack(client);
      if (attempt >= retries || !AGAIN.has(sqlState(error) ?? '')) throw error;
    }
    // Doubling with jitter: two transactions that fell over each other must not meet again in step.
    await sleep(10 * 2 ** attempt * (0.5 + Math.random()));
  }
}

/** SQLSTATE of a row that a unique index refuses. */
export const UNIQUE_VIOLATION = '23505';

/** The SQLSTATE of an error of PostgreSQL, e.g. '23505'; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

// Shutting down, starting up, too many connections, a statement that ran out of time; class 08 is the connection itself.
const PASSING = new Set(['57P01', '57P02', '57P03', '53300', '57014']);
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT']);
// node-postgres has no codes for these.
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the database could not answer now and may soon: it restarts, is out of reach, or out of time. */
export function isPassingFault(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return PASSING.has(error.code ?? '') || error.code?.startsWith('08') === true;
  // By form and not by class: errors of the system may come from another realm than ours.
  if (typeof error !== 'object' || error === null) return false;
  const code = 'code' in error ? String(error.code) : '';
  const message = 'message' in error ? String(error.message) : '';
  return NETWORK.has(code) || LOST.test(message);
}

/** A name as SQL writes it. Only for what cannot be a parameter: roles, databases, tables. */
export function quoteIdent(name: string): string {
  return pg.escapeIdentifier(name);
}

/** A text as SQL writes it, for statements that take no parameters (CREATE ROLE … PASSWORD). */
export function quoteText(text: string): string {
  return pg.escapeLiteral(text);
}

async function rollBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch {
    // The connection is gone, and the transaction with it.
    client.release(true);
  }
}
