/**
 * The lines of an export (docs/ledger.md): one JSON object a line, bytes in hexadecimal, instants in microseconds since
 * 1970 as text. What is read from outside is checked for its form here, and for its truth by the verifier.
 */
import { z } from 'zod';
import type { EntryRow, LedgerItem } from './items.ts';
import { SUITES } from './suites.ts';

/** Version of the format. */
export const EXPORT_VERSION = 1;

/** What becomes of persons and households: their ids, pseudonyms that are equal for equal ids, or nothing. */
export const PERSON_FORMS = ['plain', 'keyed', 'none'] as const;
/** One of them. */
export type PersonForm = (typeof PERSON_FORMS)[number];

const hex = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform((text) => Buffer.from(text, 'hex'));
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => Buffer.from(text, 'hex'));
const digestText = z.string().regex(/^[0-9a-f]{64}$/);
const micros = z
  .string()
  .regex(/^-?\d{1,18}$/)
  .transform(BigInt);
const id = z.uuid();
const place = z.int().min(1);
const link = z.object({ chain: place, seq: place, digest: digestText });
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const span = z.object({ chain: place, after: place.nullable(), through: place.nullable() });

const checkpoint = z.object({
  chain: place,
  chainId: id,
  number: place,
  atMicros: micros,
  seq: place,
  seal: digest,
  entries: z.int().min(0),
  closing: z.boolean(),
  links: z.array(z.object({ chain: place, number: place, digest: digestText })),
  suite: z.enum(SUITES),
  key: digestText,
  signature: hex,
  digest,
});

const head = z.object({
  kind: z.literal('ledger-export'),
  version: z.literal(EXPORT_VERSION),
  madeMicros: micros,
  persons: z.enum(PERSON_FORMS),
  /** Months in Asia/Shanghai, both included; null where there is no bound. */
  from: month.nullable(),
  to: month.nullable(),
  /** The seals that are told, where it is not the whole ledger. */
  spans: z.array(span).nullable(),
});

const entry = z.object({
  kind: z.literal('entry'),
  id,
  digest: digest.nullable(),
  opaque: z.literal(true).optional(),
  atMicros: micros.optional(),
  operation: z.int().optional(),
  client: z.string().optional(),
  caseNo: z.string().nullable().optional(),
  decision: z.string().optional(),
  reason: z.string().nullable().optional(),
  items: z.int().nullable().optional(),
  persons: z.array(z.string()).nullable().optional(),
  personNodes: z.string().nullable().optional(),
  households: z.array(z.string()).nullable().optional(),
  householdNodes: z.string().nullable().optional(),
  misses: z.array(hex).nullable().optional(),
  personsDigest: digest.nullable().optional(),
  householdsDigest: digest.nullable().optional(),
});

const line = z.discriminatedUnion('kind', [
  head,
  z.object({
    kind: z.literal('key'),
    key: z.object({
      fingerprint: digestText,
      suite: z.enum(SUITES),
      publicKey: hex,
      madeMicros: micros,
      previous: digestText.nullable(),
      endorsement: hex.nullable(),
      proof: hex,
    }),
  }),
  z.object({
    kind: z.literal('operation'),
    number: z.int(),
    digest,
    content: z.object({
      kind: z.string(),
      department: z.string(),
      role: z.string(),
      purpose: z.string().nullable(),
      policyVersion: z.int(),
      name: z.string().nullable(),
      text: z.string(),
      nodes: z.array(z.array(z.string())),
    }),
  }),
  z.object({ kind: z.literal('witness'), by: place.nullable(), id: id.nullable(), link }),
  z.object({ kind: z.literal('chain'), chain: z.object({ number: place, id, startedMicros: micros }) }),
  z.object({ kind: z.literal('base'), checkpoint, previous: digest.nullable() }),
  z.object({
    kind: z.literal('seal'),
    seal: z.object({
      seq: place,
      atMicros: micros,
      closing: z.boolean(),
      digest,
      ids: z.array(id),
      links: z.array(link).nullable(),
    }),
    /** How many lines of entries follow. */
    entries: z.int().min(0),
  }),
  entry,
  z.object({ kind: z.literal('checkpoint'), checkpoint }),
  z.object({
    kind: z.literal('end'),
    lines: z.int(),
    entries: z.int(),
    seals: z.int(),
    chains: z.int(),
    checkpoints: z.int(),
    /** SHA-256 of all lines before this one. */
    sha256: digest,
    /** The installation's signature over that; null where the export was made without its keys. */
    signed: z.object({ suite: z.enum(SUITES), key: digestText, signature: hex }).nullable(),
  }),
]);

/** A line as it is read. */
export type ExportLine = z.output<typeof line>;
/** Its first line. */
export type ExportHead = Extract<ExportLine, { kind: 'ledger-export' }>;
/** Its last line. */
export type ExportEnd = Extract<ExportLine, { kind: 'end' }>;

/** Reads a line; undefined where it has not the form of any. */
export function parseLine(text: string): ExportLine | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The entry of a line; undefined where parts of it are missing. */
export function toEntry(read: Extract<ExportLine, { kind: 'entry' }>): EntryRow | undefined {
  const { kind: _, opaque, ...row } = read;
  if (opaque) return { id: row.id, digest: row.digest, opaque };
  const { digest: told, atMicros, operation, client, decision, personsDigest, householdsDigest } = row;
  if (!told || atMicros === undefined || operation === undefined || client === undefined || decision === undefined)
    return undefined;
  const whole = {
    id: row.id,
    digest: told,
    atMicros,
    operation,
    client,
    decision,
    caseNo: row.caseNo ?? null,
    reason: row.reason ?? null,
    items: row.items ?? null,
    persons: row.persons ?? null,
    personNodes: row.personNodes ?? null,
    households: row.households ?? null,
    householdNodes: row.householdNodes ?? null,
    misses: row.misses ?? null,
  };
  if (personsDigest === undefined || householdsDigest === undefined) return whole;
  return { ...whole, personsDigest, householdsDigest };
}

/** The lines of an item. */
export function linesOf(item: LedgerItem): string[] {
  if (item.kind !== 'seal') return [textOf(item)];
  const { seal, entries } = item;
  return [
    textOf({ kind: 'seal', seal, entries: entries.length }),
    ...entries.map((one) => textOf({ kind: 'entry', ...one })),
  ];
}

/** One line. Bytes and large integers, which JSON does not know, become text. */
export const textOf = (value: object): string =>
  JSON.stringify(value, function replaced(this: Record<string, unknown>, key: string, seen: unknown): unknown {
    // Buffer has a toJSON of its own, which has run by now.
    const own = this[key];
    if (own instanceof Uint8Array) return Buffer.from(own).toString('hex');
    return typeof seen === 'bigint' ? String(seen) : seen;
  });
