/**
 * A month of the ledger as a file: gzipped lines of JSON that hold all that is needed to check it without a database.
 * First the head, the operations and the chains; then each seal that covers entries of the month, with its entries below
 * it; last how many there were. A seal may cover entries of the neighbouring month as well: their digests stand in `others`.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { entryDigest, firstEntryDigest, genesisDigest, operationDigest, sealDigest } from './digests.ts';
import { monthOfId } from './months.ts';

const hex = z.string().regex(/^([0-9a-f]{2})+$/);
const micros = z.string().regex(/^-?\d+$/);
const VERSION = 1;

const line = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('ledger-month'), version: z.literal(VERSION), month: z.string() }),
  z.strictObject({
    what: z.literal('operation'),
    number: z.int(),
    digest: hex,
    kind: z.string(),
    department: z.string(),
    role: z.string(),
    purpose: z.string().nullable(),
    policyVersion: z.int(),
    name: z.string().nullable(),
    text: z.string(),
    nodes: z.array(z.array(z.string())),
  }),
  z.strictObject({ what: z.literal('chain'), number: z.int(), id: z.string(), startedMicros: micros }),
  z.strictObject({
    what: z.literal('seal'),
    chain: z.int(),
    seq: z.int(),
    atMicros: micros,
    closing: z.boolean(),
    digest: hex,
    /** Digest of the seal before; null for the first of a chain. */
    previous: hex.nullable(),
    links: z.array(z.strictObject({ chain: z.int(), seq: z.int(), digest: z.string() })).nullable(),
    /** Ids in the order of the seal. */
    entries: z.array(z.string()),
    others: z.record(z.string(), hex),
  }),
  z.strictObject({
    what: z.literal('entry'),
    id: z.string(),
    atMicros: micros,
    operation: z.int(),
    client: z.string(),
    caseNo: z.string().nullable(),
    decision: z.string(),
    reason: z.string().nullable(),
    items: z.int().nullable(),
    persons: z.array(z.string()).nullable(),
    personNodes: z.string().nullable(),
    households: z.array(z.string()).nullable(),
    householdNodes: z.string().nullable(),
    misses: z.array(hex).nullable(),
    digest: hex,
  }),
  z.strictObject({ what: z.literal('end'), entries: z.int(), seals: z.int() }),
]);

/** One line of the file. */
export type ArchiveLine = z.infer<typeof line>;
/** A seal of the file. */
export type ArchivedSeal = Extract<ArchiveLine, { what: 'seal' }>;
type ArchivedEntry = Extract<ArchiveLine, { what: 'entry' }>;

/** Writes the file, which must not exist yet, for its owner alone; on the disk when this resolves. */
export async function writeArchive(path: string, lines: AsyncIterable<ArchiveLine>): Promise<void> {
  const text = async function* (): AsyncGenerator<string> {
    for await (const one of lines) yield `${JSON.stringify(one)}\n`;
  };
  await pipeline(Readable.from(text()), createGzip(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}

/** What was found in a file that is whole. */
export interface CheckedArchive {
  readonly month: string;
  readonly entries: number;
  readonly seals: number;
  /** SHA-256 of the file. */
  readonly digest: Buffer;
}

/** A file of an archived month that is not what was written. */
export class ArchiveFault extends Error {}

/**
 * Checks every digest of the file: operations, entries, seals, and that each entry is covered by its seal. `onSeal` may
 * hold each seal against those of a database.
 * @throws ArchiveFault with what is wrong
 */
export async function checkArchive(
  path: string,
  onSeal: (seal: ArchivedSeal) => Promise<void> | void = () => undefined,
): Promise<CheckedArchive> {
  const check = new ArchiveCheck(path);
  const hash = createHash('sha256');
  const bytes = new PassThrough();
  bytes.on('data', (chunk: Buffer) => hash.update(chunk));
  const unpacked = createGunzip();
  const reading = pipeline(createReadStream(path), bytes, unpacked).catch((error: unknown) => {
    unpacked.destroy(error instanceof Error ? error : undefined);
  });
  try {
    for await (const text of createInterface({ input: unpacked, crlfDelay: Infinity })) {
      const seal = check.take(text);
      if (seal) await onSeal(seal);
    }
    await reading;
  } catch (error) {
    if (error instanceof ArchiveFault) throw error;
    throw new ArchiveFault(`${path} cannot be read to its end: it is damaged or no archive of a ledger.`);
  }
  return { ...check.finish(), digest: hash.digest() };
}

/** The file line by line: one seal with its entries is held at a time. */
class ArchiveCheck {
  readonly #path: string;
  readonly #operations = new Map<number, Buffer>();
  readonly #chains = new Map<number, Buffer>();
  #month: string | undefined;
  #seal: ArchivedSeal | undefined;
  #digests = new Map<string, Buffer>();
  #entries = 0;
  #seals = 0;
  #ended = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Returns the seal that begins with this line. */
  take(text: string): ArchivedSeal | undefined {
    const read = this.#read(text);
    if (this.#ended || (this.#month === undefined) !== (read.what === 'ledger-month'))
      this.#fail('its lines are out of order');
    switch (read.what) {
      case 'ledger-month':
        this.#month = read.month;
        return undefined;
      case 'operation': {
        const digest = operationDigest(read);
        if (digest.toString('hex') !== read.digest) this.#fail(`operation ${read.number} was changed`);
        this.#operations.set(read.number, digest);
        return undefined;
      }
      case 'chain':
        this.#chains.set(read.number, genesisDigest(read.number, read.id, BigInt(read.startedMicros)));
        return undefined;
      case 'seal':
        this.#closeSeal();
        this.#seal = read;
        this.#seals += 1;
        return read;
      case 'entry':
        this.#takeEntry(read);
        return undefined;
      case 'end':
        this.#closeSeal();
        if (read.entries !== this.#entries || read.seals !== this.#seals) this.#fail('lines are missing');
        this.#ended = true;
        return undefined;
    }
  }

  finish(): Omit<CheckedArchive, 'digest'> {
    if (!this.#ended) this.#fail('its end is missing');
    return { month: this.#month ?? '', entries: this.#entries, seals: this.#seals };
  }

  #read(text: string): ArchiveLine {
    try {
      return line.parse(JSON.parse(text));
    } catch {
      return this.#fail('a line is none of an archive');
    }
  }

  #takeEntry(entry: ArchivedEntry): void {
    const { id } = entry;
    const operation = this.#operations.get(entry.operation);
    if (operation === undefined) this.#fail(`entry ${id} names an operation that is not there`);
    if (monthOfId(id) !== this.#month) this.#fail(`entry ${id} is of another month`);
    if (this.#seal?.entries.includes(id) !== true || this.#digests.has(id))
      this.#fail(`entry ${id} does not belong to the seal before it`);
    const content = {
      ...entry,
      atMicros: BigInt(entry.atMicros),
      misses: entry.misses && entry.misses.map((miss) => Buffer.from(miss, 'hex')),
    };
    const digest = [entryDigest, firstEntryDigest]
      .map((of) => of(content, operation))
      .find((expected) => expected.toString('hex') === entry.digest);
    if (digest === undefined) this.#fail(`entry ${id} was changed`);
    this.#digests.set(id, digest);
    this.#entries += 1;
  }

  /** All entries of the seal are there, and it covers them and the seal before. */
  #closeSeal(): void {
    const seal = this.#seal;
    if (seal === undefined) return;
    const { chain, seq } = seal;
    const entries = seal.entries.map((id) => {
      const other = seal.others[id];
      const digest = this.#digests.get(id) ?? (other === undefined ? undefined : Buffer.from(other, 'hex'));
      return digest ?? this.#fail(`entry ${id} of seal ${seq} of chain ${chain} is not there`);
    });
    const previous = seal.previous === null ? this.#chains.get(chain) : Buffer.from(seal.previous, 'hex');
    if (previous === undefined) this.#fail(`chain ${chain} is not there`);
    const expected = sealDigest({ ...seal, atMicros: BigInt(seal.atMicros), entries }, previous);
    if (expected.toString('hex') !== seal.digest) this.#fail(`seal ${seq} of chain ${chain} does not fit its entries`);
    this.#digests = new Map();
    this.#seal = undefined;
  }

  #fail(what: string): never {
    throw new ArchiveFault(`${this.#path} is not the archive that was written: ${what}.`);
  }
}
