/**
 * The signing keys of an installation: one file a key in a folder that only the hub's user may read, numbered in the
 * order of their making. The newest one of the suite signs; the older ones stay, so that processes that have not looked
 * yet may go on with them. What was signed stays verifiable with the public keys that the ledger publishes.
 */
import { link, mkdir, open, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/id.ts';
import { fileErrorCode } from './anchors.ts';
import { toMicros } from './digests.ts';
import { isGenuine, recordKey } from './key-record.ts';
import type { KeyRecord } from './key-record.ts';
import { SUITES, makeKeyPair } from './suites.ts';
import type { KeyPair, Suite } from './suites.ts';

/** A key that signs. */
export interface SigningKey {
  readonly pair: KeyPair;
  readonly record: KeyRecord;
  /** All records of the folder, oldest first: a key is published with those before it. */
  readonly history: readonly KeyRecord[];
}

/** The keys cannot be used as they are; the message says what to do. */
export class LedgerKeyError extends Error {
  override readonly name = 'LedgerKeyError';
}

const NAME = /^key-(\d{4})\.json$/;
const hex = z
  .string()
  .regex(/^([0-9a-f]{2})+$/)
  .transform((text) => Buffer.from(text, 'hex'));
const keyFile = z.object({
  suite: z.enum(SUITES),
  fingerprint: z.string(),
  publicKey: hex,
  privateKey: hex,
  madeAt: z.iso.datetime().transform((text) => new Date(text)),
  previous: z.string().nullable(),
  endorsement: hex.nullable(),
  proof: hex,
});

interface KeptKey {
  readonly number: number;
  readonly pair: KeyPair;
  readonly record: KeyRecord;
}

/** Public records of the keys in a folder, oldest first; none where there is no such folder. Throws LedgerKeyError. */
export async function listLedgerKeys(dir: string): Promise<KeyRecord[]> {
  return (await readKeys(dir)).map(({ record }) => record);
}

/**
 * Makes a key, endorsed by the newest one in the folder, whichever suite that has. Hubs sign with it from their next
 * checkpoint on. Safe against two processes at once. Throws LedgerKeyError.
 */
export async function makeLedgerKey(dir: string, suite: Suite, clock: Clock): Promise<KeyRecord> {
  for (;;) {
    const made = await tryMake(dir, suite, clock, await readKeys(dir));
    if (made) return made;
  }
}

/** What a process signs with. */
export class KeyRing {
  readonly #dir: string;
  readonly #suite: Suite;
  #last: SigningKey;

  private constructor(dir: string, suite: Suite, first: SigningKey) {
    this.#dir = dir;
    this.#suite = suite;
    this.#last = first;
  }

  /**
   * Opens the folder. Where it holds no key of the suite one is made with `make`, otherwise LedgerKeyError is thrown, as
   * for keys that cannot be read or that others may read.
   */
  static async open(dir: string, suite: Suite, { make, clock }: { make: boolean; clock: Clock }): Promise<KeyRing> {
    for (;;) {
      const keys = await readKeys(dir);
      const newest = newestOf(keys, suite);
      if (newest) return new KeyRing(dir, suite, newest);
      if (!make) {
        throw new LedgerKeyError(
          `HUB_LEDGER_KEYS_DIR: ${dir} holds no key of suite ${suite} that signs the ledger; ` +
            `make one with: hub ledger keys --new --suite ${suite}`,
        );
      }
      // Only the first key: of two hubs that start at once one makes it, and the other finds it.
      await tryMake(dir, suite, clock, keys);
    }
  }

  /** The key that was newest when last looked. */
  get last(): SigningKey {
    return this.#last;
  }

  /** Looks again. Throws LedgerKeyError, and `last` stays. */
  async look(): Promise<SigningKey> {
    const newest = newestOf(await readKeys(this.#dir), this.#suite);
    if (!newest) throw new LedgerKeyError(`${this.#dir} holds no key of suite ${this.#suite} any more; restore it`);
    this.#last = newest;
    return newest;
  }
}

function newestOf(keys: readonly KeptKey[], suite: Suite): SigningKey | undefined {
  const newest = keys.findLast(({ record }) => record.suite === suite);
  return newest && { pair: newest.pair, record: newest.record, history: keys.map(({ record }) => record) };
}

/** Undefined when another process made the key of this number meanwhile. */
async function tryMake(
  dir: string,
  suite: Suite,
  clock: Clock,
  keys: readonly KeptKey[],
): Promise<KeyRecord | undefined> {
  const before = keys.at(-1);
  const pair = await makeKeyPair(suite);
  const madeAt = clock.now();
  const record = await recordKey(
    pair,
    toMicros(madeAt),
    before && { pair: before.pair, fingerprint: before.record.fingerprint },
  );
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const draft = join(dir, `${newId()}.draft`);
  const content = {
    suite,
    fingerprint: record.fingerprint,
    publicKey: pair.publicKey.toString('hex'),
    privateKey: pair.privateKey.toString('hex'),
    madeAt: madeAt.toISOString(),
    previous: record.previous,
    endorsement: record.endorsement?.toString('hex') ?? null,
    proof: record.proof.toString('hex'),
  };
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // A link is made whole or not at all, and never replaces a key.
    await link(draft, join(dir, `key-${String((before?.number ?? 0) + 1).padStart(4, '0')}.json`));
    return record;
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
    return undefined;
  } finally {
    await rm(draft);
  }
}

async function readKeys(dir: string): Promise<KeptKey[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const keys: KeptKey[] = [];
  for (const name of names.sort()) {
    const number = Number(NAME.exec(name)?.[1] ?? 0);
    if (number > 0) keys.push({ number, ...(await readKey(join(dir, name))) });
  }
  return keys;
}

async function readKey(path: string): Promise<Omit<KeptKey, 'number'>> {
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new LedgerKeyError(`${path} can be read by others than its owner: chmod 600 ${path}`);
  }
  const text = await readFile(path, 'utf8');
  const read = keyFile.safeParse(parsed(text));
  if (!read.success) throw new LedgerKeyError(`${path} is no key of the ledger; restore it, or move it away`);
  const { privateKey, madeAt, ...rest } = read.data;
  const record: KeyRecord = { ...rest, madeMicros: toMicros(madeAt) };
  if (!(await isGenuine(record))) throw new LedgerKeyError(`${path} was edited: its own signature does not fit`);
  return { pair: { suite: rest.suite, publicKey: rest.publicKey, privateKey }, record };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
