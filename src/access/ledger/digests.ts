/**
 * The digests of the ledger. Each covers every column of its row, so a change of any is seen; the seal covers the
 * entries and the seal before it, so a change of any earlier row is seen as well. A changed layout needs a new version,
 * and the old one must stay readable for as long as the ledger is kept.
 */
import { hash } from 'node:crypto';
import { CanonicalBytes } from './canonical-bytes.ts';

const VERSION = 1;
const ENTRY_VERSION = 2;

/** Columns of an operation that its digest covers. */
export interface OperationContent {
  readonly kind: string;
  readonly department: string;
  readonly role: string;
  readonly purpose: string | null;
  readonly policyVersion: number;
  readonly name: string | null;
  readonly text: string;
  readonly nodes: readonly (readonly string[])[];
}

/**
 * Columns of an entry that its digest covers. Layout 2 covers persons and households by digests of their own, so that an
 * export without them can be verified in everything else. Where it stands in a chain is what the seal says.
 */
export interface EntryContent {
  readonly id: string;
  /** Microseconds since 1970, as PostgreSQL keeps them. */
  readonly atMicros: bigint;
  readonly client: string;
  readonly caseNo: string | null;
  readonly decision: string;
  readonly reason: string | null;
  readonly items: number | null;
  readonly persons: readonly string[] | null;
  readonly personNodes: string | null;
  readonly households: readonly string[] | null;
  readonly householdNodes: string | null;
  readonly misses: readonly Buffer[] | null;
}

/** The same with digests in place of the ids: enough to check everything else of the entry. */
export interface CommittedEntry extends Omit<EntryContent, 'persons' | 'households'> {
  readonly personsDigest: Buffer | null;
  readonly householdsDigest: Buffer | null;
}

/** A seal of one chain as another chain saw it. */
export interface Link {
  readonly chain: number;
  readonly seq: number;
  /** Hexadecimal. */
  readonly digest: string;
}

/** Columns of a seal that its digest covers, with the digests of the entries in its order. */
export interface SealContent {
  readonly chain: number;
  readonly seq: number;
  readonly atMicros: bigint;
  readonly closing: boolean;
  readonly entries: readonly Buffer[];
  readonly links: readonly Link[] | null;
}

/** The sixteen bytes of a UUID in text. */
export const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The sixteen bytes of each, one after another. */
const uuidsBytes = (ids: readonly string[]): Buffer => Buffer.from(ids.join('').replaceAll('-', ''), 'hex');

/** Microseconds since 1970 of an instant that has no more than milliseconds. */
export const toMicros = (at: Date): bigint => BigInt(at.getTime()) * 1000n;

/** Digest of an operation: who may ask this, for what, and which coordinates each of its nodes discloses. */
export function operationDigest(content: OperationContent): Buffer {
  const bytes = new CanonicalBytes('access-operation', VERSION)
    .text(content.kind)
    .text(content.department)
    .text(content.role)
    .text(content.purpose)
    .integer(content.policyVersion)
    .text(content.name)
    .text(content.text);
  return bytes
    .list(content.nodes, (coordinates) => bytes.list(coordinates, (coordinate) => bytes.text(coordinate)))
    .digest();
}

/** SHA-256 of ids one after another. */
export const idsDigest = (ids: readonly string[] | null): Buffer | null =>
  ids === null ? null : hash('sha256', uuidsBytes(ids), 'buffer');

/** Digest of an entry, over its operation as well. */
export const entryDigest = (content: EntryContent, operation: Buffer): Buffer =>
  committedDigest(
    { ...content, personsDigest: idsDigest(content.persons), householdsDigest: idsDigest(content.households) },
    operation,
  );

/** The same of an entry whose persons and households are not told. */
export const committedDigest = (content: CommittedEntry, operation: Buffer): Buffer =>
  layOut(ENTRY_VERSION, content, [content.personsDigest, content.householdsDigest], operation);

/** Digest of an entry in the first layout, with the ids themselves. */
export function firstEntryDigest(content: EntryContent, operation: Buffer): Buffer {
  const [persons, households] = [content.persons, content.households].map((ids) =>
    ids === null ? null : uuidsBytes(ids),
  );
  return layOut(VERSION, content, [persons ?? null, households ?? null], operation);
}

/** The layouts differ in how they hold who was told about, and in nothing else. */
function layOut(
  version: number,
  content: Omit<EntryContent, 'persons' | 'households'>,
  [persons, households]: readonly [persons: Buffer | null, households: Buffer | null],
  operation: Buffer,
): Buffer {
  const bytes = new CanonicalBytes('access-record', version)
    .bytes(uuidBytes(content.id))
    .integer(content.atMicros)
    .bytes(operation)
    .text(content.client)
    .text(content.caseNo)
    .text(content.decision)
    .text(content.reason)
    .integer(content.items)
    .bytes(persons)
    .text(content.personNodes)
    .bytes(households)
    .text(content.householdNodes);
  const { misses } = content;
  return (misses === null ? bytes.bytes(null) : bytes.list(misses, (miss) => bytes.bytes(miss))).digest();
}

/** What the first seal of a chain follows. */
export function genesisDigest(number: number, id: string, startedMicros: bigint): Buffer {
  return new CanonicalBytes('ledger-chain', VERSION)
    .integer(number)
    .bytes(uuidBytes(id))
    .integer(startedMicros)
    .digest();
}

/** Digest of a seal that follows `previous`. */
export function sealDigest(content: SealContent, previous: Buffer): Buffer {
  const bytes = new CanonicalBytes('ledger-seal', VERSION)
    .integer(content.chain)
    .integer(content.seq)
    .integer(content.atMicros)
    .integer(content.closing ? 1 : 0)
    .bytes(previous);
  bytes.list(content.entries, (digest) => bytes.bytes(digest));
  if (content.links === null) return bytes.bytes(null).digest();
  return bytes
    .list(content.links, (link) => bytes.integer(link.chain).integer(link.seq).bytes(Buffer.from(link.digest, 'hex')))
    .digest();
}
