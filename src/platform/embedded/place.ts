/** Where the embedded server's files lie: in the data folder of the installation, or elsewhere where that is closed. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import type { Account } from './account.ts';
import { canEnter, isRoot, postgresAccount } from './account.ts';

/** The place of one embedded server. */
export interface Place {
  /** Folder of the hub's own files about the server: passwords and PostgreSQL's log. */
  readonly home: string;
  /** PostgreSQL's data folder inside it; it may not exist yet. */
  readonly data: string;
  /** Account to drop to; undefined where the hub itself is an ordinary user. */
  readonly account: Account | undefined;
}

const note = z.object({ home: z.string(), checkout: z.string(), inode: z.number() });
const NOTE = 'postgres-is-elsewhere.json';

/**
 * The place that belongs to a data folder. As an ordinary user, and as root where PostgreSQL's account can enter, that
 * is `<dir>/postgres`; otherwise (a clone in root's home) a folder below /var/lib, named in a note inside `dir`.
 */
export function findPlace(dir: string, log: Logger): Place {
  makeOpen(dir);
  const inside = join(realpathSync(dir), 'postgres');
  if (!isRoot()) return ownPlace(inside);
  // What was begun as one user goes on as that user, whoever starts the hub today.
  const begun = [inside, noted(dir, log)].find((home) => home !== undefined && existsSync(join(home, 'data')));
  if (begun !== undefined) {
    const { uid, gid } = statSync(join(begun, 'data'));
    return placeAt(begun, uid === 0 ? postgresAccount() : { uid, gid });
  }
  const account = postgresAccount();
  if (canEnter(dir, account)) return placeAt(inside, account);
  return placeAt(noted(dir, log) ?? elsewhere(dir, log), account);
}

/** Folder on this machine that every account can enter and only root can write: copied programs, relocated data. */
export function sharedFolder(): string {
  for (const folder of ['/var/lib/social-assistance-hub', join(tmpdir(), 'social-assistance-hub')]) {
    try {
      makeOpen(folder);
      // In the temporary folder somebody else may have put a folder of that name first.
      const found = lstatSync(folder);
      if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return folder;
    } catch {
      // Not writable: the next one.
    }
  }
  const own = mkdtempSync(join(tmpdir(), 'social-assistance-hub-'));
  chmodSync(own, 0o755);
  return own;
}

function ownPlace(home: string): Place {
  const place = placeAt(home, undefined);
  const owner = statSync(place.data, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === process.getuid?.()) return place;
  const next = `Start the hub as the user who started it first (as root, if that was root), or set HUB_DATA_DIR.`;
  throw new Error(`The database in ${place.data} belongs to another user. ${next}`);
}

function placeAt(home: string, account: Account | undefined): Place {
  makeOpen(home);
  return { home, data: join(home, 'data'), account };
}

function makeOpen(folder: string): void {
  // Enterable, whatever the umask; what is secret inside has modes of its own.
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755);
}

/** The home that the note in `dir` names, unless `dir` is a copy of another checkout's folder. */
function noted(dir: string, log: Logger): string | undefined {
  const file = join(dir, NOTE);
  if (!existsSync(file)) return undefined;
  const { home, checkout, inode } = note.parse(JSON.parse(readFileSync(file, 'utf8')));
  // A checkout that was moved keeps its inode, one that was copied has neither path nor inode of the original.
  if (checkout === realpathSync(dir) || inode === statSync(dir).ino) return home;
  log.warn({ file, home }, 'this data folder is a copy; the database of the original is left alone');
  rmSync(file);
  return undefined;
}

function elsewhere(dir: string, log: Logger): string {
  const checkout = realpathSync(dir);
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  const home = join(sharedFolder(), `${name}-${randomBytes(4).toString('hex')}`);
  const aside = join(dir, `${NOTE}.${process.pid}`);
  const text = { home, checkout, inode: statSync(dir).ino };
  writeFileSync(aside, `${JSON.stringify(text, undefined, 2)}\n`);
  try {
    // A link is made by one process only, and is whole from the first moment.
    linkSync(aside, join(dir, NOTE));
  } catch (error) {
    if (!existsSync(join(dir, NOTE))) throw error;
  } finally {
    rmSync(aside);
  }
  const chosen = noted(dir, log) ?? home;
  log.warn({ dir, home: chosen }, 'the account of PostgreSQL cannot enter this folder; its files go elsewhere');
  return chosen;
}
