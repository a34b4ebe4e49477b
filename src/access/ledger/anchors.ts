/**
 * Heads of the chains in small files outside the database. Whoever rewrites the tables, even as their owner, cannot
 * rewrite these: a tail that was cut off, or a history that was made anew, no longer fits them.
 */
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../platform/log.ts';
import type { Head } from './chain.ts';

const INTERVAL = 250; // ms between two writes of the same file

const anchorFile = z.object({
  chain: z.int(),
  id: z.uuid(),
  seq: z.int(),
  /** Hexadecimal. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A head as its file tells it. */
export type Anchor = z.infer<typeof anchorFile>;

const NAME = /^chain-([0-9a-f-]{36})\.json$/;
const nameOf = (id: string): string => `chain-${id}.json`;

/** Writes anchors behind the seals: at most four times a second a chain, always the last head in the end. */
export class Anchors {
  readonly #dir: string;
  readonly #log: Logger;
  readonly #noted = new Map<string, Head>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failing = false;

  private constructor(dir: string, log: Logger) {
    this.#dir = dir;
    this.#log = log;
  }

  /** Makes the folder when it is not there, for the hub's user alone. */
  static async open(dir: string, log: Logger): Promise<Anchors> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return new Anchors(dir, log);
  }

  /** The chain has come this far; its file follows shortly. */
  note(head: Head): void {
    this.#noted.set(head.id, head);
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL);
  }

  /** Resolves when every head noted so far is in its file. A file that cannot be written is logged and tried again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeNoted());
    return this.#writing;
  }

  /** The anchor of a chain, if there is one. Throws for a file that is none. */
  async read(id: string): Promise<Anchor | undefined> {
    // What this process noted and has not written yet is newer than the file.
    await this.flush();
    return readAnchor(join(this.#dir, nameOf(id)));
  }

  /** Ids of the chains that have an anchor here. */
  list(): Promise<string[]> {
    return listAnchors(this.#dir);
  }

  /** Removes an anchor that others make superfluous. */
  async remove(id: string): Promise<void> {
    await rm(join(this.#dir, nameOf(id)), { force: true });
  }

  async #writeNoted(): Promise<void> {
    const heads = [...this.#noted.values()];
    this.#noted.clear();
    for (const head of heads) {
      try {
        await this.#write(head);
        this.#failing = false;
      } catch (err) {
        if (!this.#failing) this.#log.error({ err, chain: head.chain }, 'the anchor of the ledger cannot be written');
        this.#failing = true;
        if (!this.#noted.has(head.id)) this.note(head);
      }
    }
  }

  async #write({ chain, id, seq, digest }: Head): Promise<void> {
    const anchor: Anchor = { chain, id, seq, digest: digest.toString('hex') };
    const path = join(this.#dir, nameOf(id));
    const aside = `${path}.${process.pid}`;
    const file = await open(aside, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(anchor)}\n`);
      // Renamed before it is on the disk, the file could be empty after a power cut.
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  }
}

/** All anchors of a folder; none when there is no such folder. Throws for a file that is none. */
export async function readAnchors(dir: string): Promise<Anchor[]> {
  const anchors: Anchor[] = [];
  for (const id of await listAnchors(dir)) {
    const anchor = await readAnchor(join(dir, nameOf(id)));
    if (anchor) anchors.push(anchor);
  }
  return anchors;
}

async function listAnchors(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(absent);
  return (names ?? []).flatMap((name) => NAME.exec(name)?.[1] ?? []).sort();
}

async function readAnchor(path: string): Promise<Anchor | undefined> {
  const text = await readFile(path, 'utf8').catch(absent);
  if (text === undefined) return undefined;
  try {
    return anchorFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is not an anchor of the ledger; was it edited?`, { cause });
  }
}

function absent(error: unknown): undefined {
  if (fileErrorCode(error) !== 'ENOENT') throw error;
}

/** What the operating system said, e.g. ENOENT. Errors of node:fs may come from another realm, so no `instanceof`. */
export function fileErrorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
