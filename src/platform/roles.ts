/** Roles of PostgreSQL: made with a password that never travels, and named as a URL names them. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from './database.ts';
import { quoteIdent, quoteText } from './database.ts';

/** The role and the password in a URL of PostgreSQL; the password is undefined where another way of signing in is used. */
export function roleOf(url: string): { role: string; password: string | undefined } {
  const { username, password } = new URL(url);
  return { role: decodeURIComponent(username), password: password === '' ? undefined : decodeURIComponent(password) };
}

/** Whether the role exists. */
export async function roleExists(database: Pool | PoolClient, role: string): Promise<boolean> {
  const found = await database.query('select from pg_roles where rolname = $1', [role]);
  return found.rowCount !== 0;
}

/**
 * The statement that makes a role which may sign in and nothing else. It holds the SCRAM verifier of the password and
 * not the password, so it may be printed, sent to an administrator, and stand in a server's log.
 */
export function createRoleSql(role: string, password: string | undefined): string {
  const secret = password === undefined ? '' : ` password ${quoteText(scramVerifier(password))}`;
  return `create role ${quoteIdent(role)} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls${secret}`;
}

/** What PostgreSQL stores for a password (RFC 5803, SCRAM-SHA-256). */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const key = (label: string): Buffer => createHmac('sha256', salted).update(label).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
