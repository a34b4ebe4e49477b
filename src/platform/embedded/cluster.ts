/** What is made once for an embedded server: passwords, the data folder, the roles and the database. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PoolClient } from '../database.ts';
import { quoteIdent } from '../database.ts';
import { createRoleSql, roleExists } from '../roles.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

const passwords = z.object({ admin: z.string(), owner: z.string(), server: z.string() });

/** Passwords of the three roles. */
export type Passwords = z.infer<typeof passwords>;

/** Roles of an embedded server: PostgreSQL's own administrator, the owner of the tables, and the hub at work. */
export const ROLES = { admin: 'postgres', owner: 'hub_owner', server: 'hub_server' } as const;
/** The hub's database. */
export const DATABASE = 'hub';

/** The passwords of a place; made at random on first use and kept in a file that only the hub's user can read. */
export function readPasswords({ home, data }: Place): Passwords {
  const file = join(home, 'passwords.json');
  if (!existsSync(file)) {
    if (existsSync(data)) {
      throw new Error(
        `The database in ${data} is there, its passwords are not. Restore ${file}, or remove ${home} to start empty.`,
      );
    }
    const made: Passwords = { admin: secret(), owner: secret(), server: secret() };
    const aside = join(home, `passwords.${process.pid}`);
    writeFileSync(aside, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600 });
    try {
      // Two hubs may start at once: the first link wins and the file is whole from the first moment.
      linkSync(aside, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(aside);
    }
  }
  return passwords.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Makes the data folder when there is none, and refuses one that another major version wrote. */
export function makeCluster({ home, data, account }: Place, binaries: Binaries, admin: string): void {
  if (existsSync(data)) {
    const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
    if (found === binaries.major) return;
    const next = `Dump it with PostgreSQL ${found} and load it anew, or remove ${home} to start empty.`;
    throw new Error(`The database in ${data} was written by PostgreSQL ${found}; this is ${binaries.major}. ${next}`);
  }
  // Made aside and renamed: whatever interrupts initdb, `data` is either absent or complete.
  for (const name of readdirSync(home)) {
    const left = join(home, name);
    const old = name.startsWith('making-') && statSync(left).mtimeMs < Date.now() - 600_000;
    if (old) rmSync(left, { recursive: true, force: true });
  }
  const aside = mkdtempSync(join(home, 'making-'));
  const [making, passwordFile] = [join(aside, 'data'), join(aside, 'password')];
  mkdirSync(making, { mode: 0o700 });
  writeFileSync(passwordFile, admin, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [aside, making, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  try {
    // The builtin provider's C.UTF-8 sorts by code point on every system, also where the C library has no such locale.
    const made = spawnSync(
      binaries.initdb,
      [
        ...['-D', making, '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...[`--username=${ROLES.admin}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-instructions'],
      ],
      { ...account, cwd: aside, env: {}, encoding: 'utf8' },
    );
    if (made.status !== 0) {
      const said = made.error?.message ?? made.stderr.trim();
      throw new Error(
        `initdb could not make the database in ${home}: ${said}\nOr set DATABASE_URL to a PostgreSQL of your own.`,
      );
    }
    renameSync(making, data);
  } catch (error) {
    // Another hub was quicker when the folder is there by now.
    if (!existsSync(data)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Makes the roles and the database that are missing; run by the administrator under the caller's lock. */
export async function makeDatabase(admin: PoolClient, { owner, server }: Passwords): Promise<void> {
  for (const [role, password] of [
    [ROLES.owner, owner],
    [ROLES.server, server],
  ] as const) {
    if (!(await roleExists(admin, role))) await admin.query(createRoleSql(role, password));
  }
  const found = await admin.query('select from pg_database where datname = $1', [DATABASE]);
  if (found.rowCount !== 0) return;
  await admin.query(`create database ${quoteIdent(DATABASE)} owner ${quoteIdent(ROLES.owner)}`);
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
