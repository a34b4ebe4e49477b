/** The public half of a signing key, as the ledger publishes it: signed by itself and by the key before it. */
import { CanonicalBytes } from './canonical-bytes.ts';
import { isSignedBy, signWith } from './suites.ts';
import type { KeyPair, Suite } from './suites.ts';

const VERSION = 1;

/** A public key with its history. */
export interface KeyRecord {
  /** Of the suite and the key, 64 hexadecimal digits: what is compared over another way, and trusted. */
  readonly fingerprint: string;
  readonly suite: Suite;
  /** As in KeyPair. */
  readonly publicKey: Buffer;
  /** Microseconds since 1970. */
  readonly madeMicros: bigint;
  /** Fingerprint of the key before it; null for the first one. */
  readonly previous: string | null;
  /** Signature of the key before it; null for the first one. Whoever trusts that one trusts this one. */
  readonly endorsement: Buffer | null;
  /** Its own signature: whoever published it had the private half. */
  readonly proof: Buffer;
}

/** SHA-256 of suite and public key, in hexadecimal. */
const fingerprintOf = (suite: Suite, publicKey: Buffer): string =>
  new CanonicalBytes('ledger-key-id', VERSION).text(suite).bytes(publicKey).digest().toString('hex');

type Signed = Pick<KeyRecord, 'suite' | 'publicKey' | 'madeMicros' | 'previous'>;

/** What both signatures of a record are over. */
const messageOf = ({ suite, publicKey, madeMicros, previous }: Signed): Buffer =>
  new CanonicalBytes('ledger-key', VERSION).text(suite).bytes(publicKey).integer(madeMicros).text(previous).content();

/** The record of a new key, endorsed by the one before. */
export async function recordKey(
  pair: KeyPair,
  madeMicros: bigint,
  before: { readonly pair: KeyPair; readonly fingerprint: string } | undefined,
): Promise<KeyRecord> {
  const { suite, publicKey } = pair;
  const signed = { suite, publicKey, madeMicros, previous: before?.fingerprint ?? null };
  const message = messageOf(signed);
  return {
    ...signed,
    fingerprint: fingerprintOf(suite, publicKey),
    endorsement: before === undefined ? null : await signWith(before.pair, message),
    proof: await signWith(pair, message),
  };
}

/** Whether the record is the key's own and unchanged; its endorsement aside. */
export async function isGenuine(record: KeyRecord): Promise<boolean> {
  if (fingerprintOf(record.suite, record.publicKey) !== record.fingerprint) return false;
  if ((record.previous === null) !== (record.endorsement === null)) return false;
  return isSignedBy(record, messageOf(record), record.proof);
}

/** Whether the key before it signed this record. */
export async function isEndorsed(record: KeyRecord, before: KeyRecord): Promise<boolean> {
  if (record.previous !== before.fingerprint || record.endorsement === null) return false;
  return isSignedBy(before, messageOf(record), record.endorsement);
}
