/**
 * A ledger as a stream of what it is made of, wherever it is read from: the database or an export. In this order: keys,
 * operations, witnesses, then chain after chain with its seals and, after the seal that it signs, each checkpoint.
 */
import type { Checkpoint } from './checkpoint.ts';
import type { EntryContent, Link, OperationContent } from './digests.ts';
import type { KeyRecord } from './key-record.ts';

/** A row of `ledger_chain`. */
export interface ChainRow {
  readonly number: number;
  readonly id: string;
  readonly startedMicros: bigint;
}

/** A row of `ledger_seal`. */
export interface SealRow {
  readonly seq: number;
  readonly atMicros: bigint;
  readonly closing: boolean;
  readonly digest: Buffer;
  /** Ids of the entries, in order. */
  readonly ids: readonly string[];
  readonly links: readonly Link[] | null;
}

/** An entry that is said to belong to a seal, with everything that its digest covers. */
export interface WholeEntry extends EntryContent {
  readonly digest: Buffer;
  readonly operation: number;
}

/** The same in an export without persons: their pseudonyms or nothing, and what the digest covers in their place. */
export interface VeiledEntry extends WholeEntry {
  readonly personsDigest: Buffer | null;
  readonly householdsDigest: Buffer | null;
}

/** An entry of which only the digest can be told: it lies in no place, or was written in the first layout. */
export interface OpaqueEntry {
  readonly id: string;
  /** Null where a seal is said to have taken up a write that is not there. */
  readonly digest: Buffer | null;
  readonly opaque: true;
}

/** An entry in any of these forms. */
export type EntryRow = WholeEntry | VeiledEntry | OpaqueEntry;

/** One part of a ledger. */
export type LedgerItem =
  | { readonly kind: 'key'; readonly key: KeyRecord }
  | {
      readonly kind: 'operation';
      readonly number: number;
      readonly digest: Buffer;
      readonly content: OperationContent;
    }
  /** Somebody saw this seal: the first seal of another chain (`by`), or an anchor (null). */
  | { readonly kind: 'witness'; readonly by: number | null; readonly id: string | null; readonly link: Link }
  | { readonly kind: 'chain'; readonly chain: ChainRow }
  /** What lies before is told elsewhere: the chain goes on after this checkpoint; with the digest of the one before it. */
  | { readonly kind: 'base'; readonly checkpoint: Checkpoint; readonly previous: Buffer | null }
  | { readonly kind: 'seal'; readonly seal: SealRow; readonly entries: readonly EntryRow[] }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint };

/** Seals of one chain that are meant: those after the one and up to the other, both signed by a checkpoint. */
export interface ChainSpan {
  readonly chain: number;
  /** Null: from the beginning. */
  readonly after: number | null;
  /** Null: to the end. */
  readonly through: number | null;
}
