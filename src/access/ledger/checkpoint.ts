/** A checkpoint: the head of a chain at a time, signed, with the last checkpoints of the other chains. */
import { CanonicalBytes } from './canonical-bytes.ts';
import { uuidBytes } from './digests.ts';
import type { Suite } from './suites.ts';

const VERSION = 1;

/** A checkpoint of another chain, as its signer saw it. */
export interface CheckpointLink {
  readonly chain: number;
  readonly number: number;
  /** Hexadecimal. */
  readonly digest: string;
}

/** What the signature of a checkpoint covers. */
export interface CheckpointContent {
  readonly chain: number;
  /** Id of the chain. */
  readonly chainId: string;
  /** Counts from 1 without a gap, in each chain. */
  readonly number: number;
  /** Microseconds since 1970, by the signer's clock; it may go back. */
  readonly atMicros: bigint;
  /** The last seal of the chain at that time, and its digest. */
  readonly seq: number;
  readonly seal: Buffer;
  /** Entries of the chain up to that seal. */
  readonly entries: number;
  /** That seal ended the chain. */
  readonly closing: boolean;
  readonly links: readonly CheckpointLink[];
  readonly suite: Suite;
  /** Fingerprint of the key. */
  readonly key: string;
}

/** A checkpoint as it is kept. */
export interface Checkpoint extends CheckpointContent {
  readonly signature: Buffer;
  /** Over content and signature: what the next checkpoint and those of other chains name. */
  readonly digest: Buffer;
}

/** What is signed; `previous` is the digest of the checkpoint before, null for the first one of a chain. */
export function checkpointMessage(content: CheckpointContent, previous: Buffer | null): Buffer {
  const bytes = new CanonicalBytes('ledger-checkpoint', VERSION)
    .integer(content.chain)
    .bytes(uuidBytes(content.chainId))
    .integer(content.number)
    .integer(content.atMicros)
    .integer(content.seq)
    .bytes(content.seal)
    .integer(content.entries)
    .integer(content.closing ? 1 : 0)
    .text(content.suite)
    .text(content.key)
    .bytes(previous);
  return bytes
    .list(content.links, (link) =>
      bytes.integer(link.chain).integer(link.number).bytes(Buffer.from(link.digest, 'hex')),
    )
    .content();
}

/** Digest of a checkpoint with its signature. */
export const checkpointDigest = (message: Buffer, signature: Buffer): Buffer =>
  new CanonicalBytes('ledger-checkpoint-digest', VERSION).bytes(message).bytes(signature).digest();
