/**
 * The system account that the embedded PostgreSQL runs as. PostgreSQL refuses to run as root, and `initdb` refuses a
 * numeric user that has no entry in the user database, so as root there must be a named account to drop to.
 */
import { spawnSync } from 'node:child_process';

/** Numeric user and group of a process; undefined where the hub itself is an ordinary user and drops nothing. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account's name where it can be made: its own, so that no other service's processes may signal or read it. */
const OWN_ACCOUNT = 'hub-postgres';
/** Where no account can be made (no useradd, a read-only /etc): every system has this one. */
const FALLBACK_ACCOUNT = 'nobody';

/** Whether this process must drop its rights before it starts PostgreSQL. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account to drop to as root; made on first use. Throws when the system has none. */
export function postgresAccount(): Account {
  const account = find(OWN_ACCOUNT) ?? make(OWN_ACCOUNT) ?? find(FALLBACK_ACCOUNT);
  if (account === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and there is no account to run it as. ' +
        `Create one (useradd --system ${OWN_ACCOUNT}), start the hub as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return account;
}

/** Whether the account can enter the folder and read what is in it; always true without an account to drop to. */
export function canEnter(folder: string, account: Account | undefined): boolean {
  if (account === undefined) return true;
  // Asked of the kernel as that user: mode bits alone miss access lists, and every folder above counts.
  const asked = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -r .', 'sh', folder], { ...account, cwd: '/', env: {} });
  return asked.status === 0;
}

function find(name: string): Account | undefined {
  const uid = idOf('-u', name);
  const gid = idOf('-g', name);
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const asked = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return asked.status === 0 ? Number(asked.stdout.trim()) : undefined;
}

function make(name: string): Account | undefined {
  const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  spawnSync('useradd', [...options, '--shell', '/usr/sbin/nologin', name]);
  // Also when useradd failed: another process may have made the account in the same moment.
  return find(name);
}
