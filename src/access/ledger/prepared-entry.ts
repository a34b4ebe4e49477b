/** An entry as its columns, checked and digested, so that the batch that writes it cannot stumble over it. */
import type { OperationContent } from './digests.ts';
import { entryDigest, operationDigest, toMicros } from './digests.ts';
import { packDisclosed } from './disclosed.ts';
import type { Packed } from './disclosed.ts';
import type { AccessEntry } from './entry.ts';

/** What an entry says of its operation, with the digest that is the key of its row. */
export interface PreparedOperation extends OperationContent {
  readonly digest: Buffer;
  /** The digest in hexadecimal. */
  readonly key: string;
}

/** The columns of an entry that are known before it has a place in a chain. */
export interface PreparedEntry {
  readonly id: string;
  readonly at: Date;
  readonly operation: PreparedOperation;
  readonly items: number | null;
  readonly client: string;
  readonly caseNo: string | null;
  readonly decision: string;
  readonly reason: string | null;
  readonly persons: Packed | undefined;
  readonly households: Packed | undefined;
  readonly misses: readonly Buffer[] | null;
  readonly digest: Buffer;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

// A plan serves many requests and hands out the same coordinates each time; a weak key forgets them with the plan.
const remembered = new WeakMap<readonly string[], PreparedOperation>();

/** Throws a TypeError or RangeError for an entry that no ledger could hold; its message repeats no value. */
export function prepareEntry(entry: AccessEntry): PreparedEntry {
  if (!UUID.test(entry.id)) throw new TypeError('The id of an access entry must be a UUIDv7 in lower case');
  const operation = prepareOperation(entry);
  const persons = packDisclosed(entry.persons, entry.coordinates.length);
  const households = packDisclosed(entry.households, entry.coordinates.length);
  const columns = {
    id: entry.id,
    at: entry.at,
    items: entry.items ?? null,
    client: entry.client,
    caseNo: orNull(entry.caseNo),
    decision: entry.decision,
    reason: orNull(entry.reason),
    misses: entry.misses.length === 0 ? null : entry.misses,
  };
  const digest = entryDigest(
    {
      ...columns,
      atMicros: toMicros(entry.at),
      persons: persons?.ids ?? null,
      personNodes: persons?.nodes ?? null,
      households: households?.ids ?? null,
      householdNodes: households?.nodes ?? null,
    },
    operation.digest,
  );
  return { ...columns, operation, persons, households, digest };
}

function prepareOperation(entry: AccessEntry): PreparedOperation {
  const first = entry.coordinates[0];
  const known = first && remembered.get(first);
  if (known !== undefined && fits(known, entry)) return known;
  const content: OperationContent = {
    kind: entry.kind,
    department: entry.department,
    role: entry.role,
    purpose: orNull(entry.purpose),
    policyVersion: entry.policyVersion,
    name: orNull(entry.operation.name),
    text: entry.operation.text,
    nodes: [...entry.coordinates],
  };
  const digest = operationDigest(content);
  const prepared = { ...content, digest, key: digest.toString('hex') };
  if (first) remembered.set(first, prepared);
  return prepared;
}

/** What was not said is null, in whichever way it was not said. */
const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

const fits = (known: PreparedOperation, entry: AccessEntry): boolean =>
  known.text === entry.operation.text &&
  known.name === orNull(entry.operation.name) &&
  known.kind === entry.kind &&
  known.department === entry.department &&
  known.role === entry.role &&
  known.purpose === orNull(entry.purpose) &&
  known.policyVersion === entry.policyVersion &&
  known.nodes.length === entry.coordinates.length &&
  known.nodes.every((coordinates, node) => coordinates === entry.coordinates[node]);
