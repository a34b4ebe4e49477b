/** Checks a ledger item by item, in the memory of one seal; of each checkpoint it keeps the digest. */
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointBook } from './checkpoint-book.ts';
import { checkpointDigest, checkpointMessage } from './checkpoint.ts';
import { genesisDigest, sealDigest } from './digests.ts';
import { EntryCheck } from './entry-check.ts';
import { fault } from './fault.ts';
import type { ChainRow, ChainSpan, EntryRow, LedgerItem, SealRow } from './items.ts';
import { KeyBook } from './key-book.ts';
import { isSignedBy } from './suites.ts';
import type { Suite } from './suites.ts';
import { Witnesses } from './witnesses.ts';

/** How closely is looked. */
export interface Strictness {
  /** Fingerprints of keys that are trusted; undefined where those of the ledger itself are believed. */
  readonly trust?: readonly string[] | undefined;
  /** The present, in microseconds since 1970, and how old an unsigned seal may be by then. */
  readonly nowMicros: bigint;
  readonly graceMicros: bigint;
  /** What is told where that is not the whole ledger: chains and checkpoints may name others. Null: everything. */
  readonly spans: readonly ChainSpan[] | null;
  /** Seals that are told elsewhere. */
  readonly archived: readonly ChainSpan[];
}

/** What was checked. */
export interface Tally {
  entries: number;
  seals: number;
  chains: number;
  checkpoints: number;
  /** Entries of which only the digest was told. */
  opaque: number;
  /** Checkpoints that are older than the one before: the clock of a process went back. */
  clockBack: number;
}

/** The chain that is being read. */
interface Reading {
  readonly chain: ChainRow;
  last: number;
  digest: Buffer;
  closing: boolean;
  entries: number;
  checkpoint: Checkpoint | undefined;
  /** The first seal that no checkpoint signs yet. */
  unsigned: { readonly seq: number; readonly atMicros: bigint } | undefined;
}

/** Takes the items in their order; throws FaultFound at the first fault. */
export class Verifier {
  readonly tally: Tally = { entries: 0, seals: 0, chains: 0, checkpoints: 0, opaque: 0, clockBack: 0 };
  readonly #strict: Strictness;
  readonly #keys: KeyBook;
  readonly #entries = new EntryCheck();
  readonly #witnesses = new Witnesses();
  readonly #book: CheckpointBook;
  readonly #read = new Set<number>();
  #reading: Reading | undefined;

  constructor(strict: Strictness) {
    this.#strict = strict;
    this.#keys = new KeyBook(strict.trust);
    this.#book = new CheckpointBook(strict.spans !== null);
  }

  /** Checks one item. */
  async take(item: LedgerItem): Promise<void> {
    switch (item.kind) {
      case 'key':
        await this.#keys.add(item.key);
        break;
      case 'operation':
        this.#entries.addOperation(item);
        break;
      case 'witness':
        this.#witnesses.add(item);
        break;
      case 'chain':
        this.#begin(item.chain);
        break;
      case 'base':
        await this.#base(this.#current(), item.checkpoint, item.previous);
        break;
      case 'seal':
        this.#seal(this.#current(), item.seal, item.entries);
        break;
      case 'checkpoint':
        await this.#checkpoint(this.#current(), item.checkpoint);
    }
  }

  /** What can be said only when all was read. */
  end(): void {
    this.#endChain();
    const unread = this.#strict.spans?.find(({ chain }) => !this.#read.has(chain));
    if (unread) fault('CHAIN_MISSING', unread.chain, 0, `Chain ${unread.chain} is not there, though it is said to be.`);
    this.#witnesses.end();
    this.#book.end();
  }

  /** Whether a trusted key that the ledger publishes signed the message. */
  async signs(by: { suite: Suite; key: string; signature: Buffer }, message: Buffer): Promise<boolean> {
    const key = this.#keys.findTrusted(by.key);
    return key?.suite === by.suite && (await isSignedBy(key, message, by.signature));
  }

  /** The numbers of chains have no gap. */
  #begin(chain: ChainRow): void {
    this.#endChain();
    const last = this.#reading?.chain.number ?? 0;
    const { number, id, startedMicros } = chain;
    if (number !== last + 1 && !(this.#strict.spans !== null && number > last)) {
      fault('CHAIN_MISSING', last + 1, 0, `Chain ${last + 1} is not there, though chain ${number} follows.`);
    }
    this.#witnesses.begin(number, id);
    this.#reading = {
      chain,
      last: 0,
      digest: genesisDigest(number, id, startedMicros),
      closing: false,
      entries: 0,
      checkpoint: undefined,
      unsigned: undefined,
    };
    this.#read.add(number);
    this.tally.chains += 1;
  }

  #current(): Reading {
    if (!this.#reading) return fault('CHAIN_MISSING', 0, 0, 'Seals come before any chain.');
    return this.#reading;
  }

  #endChain(): void {
    if (!this.#reading) return;
    const { chain, last, unsigned } = this.#reading;
    this.#witnesses.endChain(chain.number, last);
    const through = this.#strict.spans?.find((span) => span.chain === chain.number)?.through;
    if (through != null && through !== last) {
      const message = `Chain ${chain.number} is said to be told to seal ${through}, and ends at seal ${last}: the tail was cut off.`;
      fault('TAIL_MISSING', chain.number, through, message);
    }
    if (unsigned === undefined) return;
    const { nowMicros, graceMicros } = this.#strict;
    const age = nowMicros - unsigned.atMicros;
    if (age <= graceMicros) return;
    fault(
      'CHECKPOINT_OVERDUE',
      chain.number,
      unsigned.seq,
      `Chain ${chain.number} is not signed from seal ${unsigned.seq} on, which is ${age / 60_000_000n} minutes old: no hub ` +
        'runs that could sign it, signing fails (see its log), or checkpoints were removed.',
    );
  }

  /** Checks a seal against its entries and the seal before it. */
  #seal(reading: Reading, seal: SealRow, entries: readonly EntryRow[]): void {
    const chain = reading.chain.number;
    const { seq } = seal;
    if (seq !== reading.last + 1) missingSeal(chain, reading.last + 1, seq);
    const digests = this.#entries.digestsOf(chain, seal, entries);
    const expected = sealDigest({ ...seal, chain, entries: digests }, reading.digest);
    if (!expected.equals(seal.digest)) {
      const follows = seq === 1 ? 'the beginning of the chain' : `seal ${seq - 1}`;
      fault(
        'SEAL_BROKEN',
        chain,
        seq,
        `Seal ${seq} of chain ${chain} does not fit its entries and ${follows}: one of them was changed after it was sealed.`,
      );
    }
    this.#witnesses.see(chain, seq, expected);
    if (seq === 1) this.#witnesses.said(chain, seal.links ?? [], this.#strict.spans !== null);
    reading.last = seq;
    reading.digest = expected;
    reading.closing = seal.closing;
    reading.entries += digests.length;
    reading.unsigned ??= { seq, atMicros: seal.atMicros };
    this.tally.seals += 1;
    this.tally.entries += digests.length;
    this.tally.opaque = this.#entries.opaque;
  }

  async #checkpoint(reading: Reading, checkpoint: Checkpoint): Promise<void> {
    const chain = reading.chain.number;
    const { number, seq } = checkpoint;
    const before = reading.checkpoint;
    const expected = (before?.number ?? 0) + 1;
    if (seq > reading.last) {
      const message = `Chain ${chain} ends before seal ${seq}, which its checkpoint ${number} signs: the tail was cut off.`;
      fault('TAIL_MISSING', chain, seq, message);
    }
    if (number !== expected) {
      const message = `Checkpoint ${expected} of chain ${chain} is not there, though checkpoint ${number} follows.`;
      fault('CHECKPOINT_MISSING', chain, seq, message);
    }
    await this.#signature(reading, checkpoint, before?.digest ?? null);
    const fits =
      seq === reading.last &&
      checkpoint.seal.equals(reading.digest) &&
      checkpoint.entries === reading.entries &&
      checkpoint.closing === reading.closing;
    if (!fits) {
      const message = `Checkpoint ${number} of chain ${chain} signs another history than the one that is here.`;
      fault('CHECKPOINT_BROKEN', chain, seq, message);
    }
    if (before && checkpoint.atMicros < before.atMicros) this.tally.clockBack += 1;
    this.#keep(reading, checkpoint);
    reading.unsigned = undefined;
  }

  /** The chain goes on after a checkpoint: what it signs is believed, since a trusted key signed it. */
  async #base(reading: Reading, checkpoint: Checkpoint, previous: Buffer | null): Promise<void> {
    const { number, seq } = checkpoint;
    const chain = reading.chain.number;
    const { spans, archived } = this.#strict;
    const told = spans?.some((span) => span.chain === chain && span.after === seq && reading.last === 0);
    const kept = archived.some(
      (span) => span.chain === chain && span.through === seq && reading.last === (span.after ?? 0),
    );
    if (!(told ?? false) && !kept) {
      fault('SEAL_MISSING', chain, reading.last + 1, `Seals up to ${seq} of chain ${chain} are not told.`);
    }
    this.#witnesses.skip(chain, seq);
    this.#book.skipTo(chain, number);
    reading.last = seq;
    reading.digest = checkpoint.seal;
    reading.closing = checkpoint.closing;
    reading.entries = checkpoint.entries;
    reading.unsigned = undefined;
    // Its signature covers the checkpoint before, which is not told: so that one's digest comes with it.
    await this.#signature(reading, checkpoint, previous);
    this.#keep(reading, checkpoint);
  }

  async #signature(reading: Reading, checkpoint: Checkpoint, previous: Buffer | null): Promise<void> {
    const { number, seq, signature, digest } = checkpoint;
    const chain = reading.chain.number;
    const key = this.#keys.needed(checkpoint);
    if (checkpoint.chain !== chain || checkpoint.chainId !== reading.chain.id) {
      fault('CHECKPOINT_BROKEN', chain, seq, `Checkpoint ${number} of chain ${chain} was made for another chain.`);
    }
    const message = checkpointMessage(checkpoint, previous);
    if (key.suite !== checkpoint.suite || !(await isSignedBy(key, message, signature))) {
      const text = `The signature of checkpoint ${number} of chain ${chain} does not fit: the checkpoint, the one before it or the signature was changed.`;
      fault('SIGNATURE_WRONG', chain, seq, text);
    }
    if (!checkpointDigest(message, signature).equals(digest)) {
      fault('CHECKPOINT_BROKEN', chain, seq, `Checkpoint ${number} of chain ${chain} does not fit its digest.`);
    }
  }

  #keep(reading: Reading, checkpoint: Checkpoint): void {
    reading.checkpoint = checkpoint;
    this.tally.checkpoints += 1;
    this.#book.add(checkpoint);
  }
}

function missingSeal(chain: number, seq: number, next: number): never {
  const which = next === seq + 1 ? `Seal ${seq}` : `Seals ${seq} to ${next - 1}`;
  return fault('SEAL_MISSING', chain, seq, `${which} of chain ${chain} is not there, though seal ${next} follows.`);
}
