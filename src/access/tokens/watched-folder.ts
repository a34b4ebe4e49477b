/**
 * A folder of key files that a running hub follows: what changes there holds within seconds, without a restart. A file
 * that cannot be read keeps what it last said, so a slip of the hand locks nobody out; a file that is gone takes its key
 * with it.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../platform/log.ts';
import { KeyError } from './public-keys.ts';

/** One file as it was found. */
export interface FoundFile {
  readonly name: string;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Which folder, and how its files are understood. */
export interface FolderReading<T> {
  readonly folder: string;
  /** Whether the file is one of keys. */
  readonly isOurs: (name: string) => boolean;
  /** What it says. Throws KeyError. */
  readonly read: (file: FoundFile) => T;
  /** Whether a folder that does not exist is one without files. */
  readonly mayBeMissing?: boolean;
}

/** A folder that is followed. */
export interface WatchedFolder<T> {
  /** What its files say, by name and in the order of the names. */
  readonly entries: ReadonlyMap<string, T>;
  /** Looks now; undefined where it looked within the last second. */
  lookAgain(): Promise<void> | undefined;
  close(): void;
}

interface Seen<T> {
  readonly stamp: string;
  readonly entry: T | undefined;
}

/** How often a folder is looked at, in ms. */
const EVERY = 5_000;
const LEAST_BETWEEN = 1_000;
const LARGEST_FILE = 65_536;

/** What all files of the folder say. Throws KeyError with the name of the first file at fault. */
export async function readFolder<T>(reading: FolderReading<T>): Promise<ReadonlyMap<string, T>> {
  return entriesOf(await look(reading, new Map(), rethrow));
}

/**
 * Reads the folder and follows it. Throws KeyError where a file is at fault now; later faults are logged with the name
 * of the file. `onChange` is called before this resolves and whenever files changed.
 */
export async function watchFolder<T>(
  reading: FolderReading<T>,
  log: Logger,
  onChange: (entries: ReadonlyMap<string, T>) => void = () => undefined,
  every = EVERY,
): Promise<WatchedFolder<T>> {
  let seen = await look(reading, new Map(), rethrow);
  let entries = entriesOf(seen);
  let looking: Promise<void> | undefined;
  let looked = -Infinity;
  let unreadable = false;
  onChange(entries);

  const again = async (): Promise<void> => {
    try {
      const found = await look(reading, seen, (fault, name) => {
        log.error({ file: name, fault: fault.message }, 'a key file cannot be used; what it said before still holds');
      });
      unreadable = false;
      if (found === seen) return;
      seen = found;
      entries = entriesOf(seen);
      onChange(entries);
      log.info({ folder: reading.folder, keys: entries.size }, 'the keys of a folder were read anew');
    } catch (error) {
      if (!unreadable) log.error({ folder: reading.folder, fault: String(error) }, 'a key folder cannot be read');
      unreadable = true;
    } finally {
      looked = performance.now();
      looking = undefined;
    }
  };
  const timer = setInterval(() => {
    looking ??= again();
  }, every).unref();

  return {
    get entries() {
      return entries;
    },
    lookAgain() {
      if (looking !== undefined) return looking;
      if (performance.now() - looked < LEAST_BETWEEN) return undefined;
      return (looking = again());
    },
    close() {
      clearInterval(timer);
    },
  };
}

const rethrow = (fault: KeyError): never => {
  throw fault;
};

/** The files as they are now; the same map where nothing changed. */
async function look<T>(
  { folder, isOurs, read, mayBeMissing = false }: FolderReading<T>,
  before: ReadonlyMap<string, Seen<T>>,
  onFault: (fault: KeyError, name: string) => void,
): Promise<ReadonlyMap<string, Seen<T>>> {
  const names = await readdir(folder).catch((error: unknown) => {
    // A folder that held keys and is gone was not emptied: its disk may be away.
    if (mayBeMissing && before.size === 0 && isAbsent(error)) return [];
    throw new KeyError(`The key folder ${folder} cannot be read`);
  });
  const now = new Map<string, Seen<T>>();
  let changed = false;
  for (const name of names.filter(isOurs).toSorted()) {
    const known = before.get(name);
    const found = await lookAt(join(folder, name), name, known?.stamp);
    if (found === 'gone') continue;
    if (known !== undefined && found === 'same') {
      now.set(name, known);
      continue;
    }
    changed = true;
    try {
      if (typeof found === 'string') throw new KeyError(`${name}: cannot be read`);
      if ('fault' in found) throw found.fault;
      now.set(name, { stamp: found.stamp, entry: read(found.file) });
    } catch (error) {
      onFault(error instanceof KeyError ? error : new KeyError(`${name}: cannot be understood`), name);
      const stamp = typeof found === 'string' ? '' : found.stamp;
      now.set(name, { stamp, entry: known?.entry });
    }
  }
  return changed || now.size !== before.size ? now : before;
}

type Found =
  | 'gone'
  | 'same'
  | { readonly stamp: string; readonly file: FoundFile }
  | { readonly stamp: string; readonly fault: KeyError };

async function lookAt(path: string, name: string, known: string | undefined): Promise<Found> {
  let stamp = '';
  try {
    const { mtimeMs, ctimeMs, size, ino, mode } = await stat(path);
    stamp = [mtimeMs, ctimeMs, size, ino, mode].join(' ');
    if (stamp === known) return 'same';
    if (size > LARGEST_FILE) return { stamp, fault: new KeyError(`${name}: is too large for a key`) };
    return { stamp, file: { name, text: await readFile(path, 'utf8'), mode: mode & 0o777 } };
  } catch (error) {
    if (isAbsent(error)) return 'gone';
    return stamp === known && stamp !== '' ? 'same' : { stamp, fault: new KeyError(`${name}: cannot be read`) };
  }
}

const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

function entriesOf<T>(seen: ReadonlyMap<string, Seen<T>>): ReadonlyMap<string, T> {
  const entries = new Map<string, T>();
  for (const [name, { entry }] of seen) if (entry !== undefined) entries.set(name, entry);
  return entries;
}
