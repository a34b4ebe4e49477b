/** One chain from its first seal to its last, in constant memory: a page of seals, and their entries in portions. */
import type { PoolClient } from '../../platform/database.ts';
import type { EntryContent, Link } from './digests.ts';
import { entryDigest, genesisDigest, sealDigest } from './digests.ts';
import { entryFault, fault } from './fault.ts';

/** A row of `ledger_chain`. */
export interface ChainRow {
  readonly number: number;
  readonly id: string;
  readonly startedMicros: string;
}

/** Called after every portion with what it held. */
export type Count = (seals: number, entries: number) => void;

interface SealRow {
  readonly seq: number;
  readonly atMicros: string;
  readonly closing: boolean;
  readonly digest: Buffer;
  readonly entries: Buffer | null;
  readonly links: Link[] | null;
}

interface EntryRow extends Omit<EntryContent, 'atMicros'> {
  /** The seal that covers it; what `access_record.seal` says is `place`. */
  readonly seal: number;
  /** Null where a seal took up a write that is not there. */
  readonly place: number | null;
  readonly atMicros: string;
  readonly digest: Buffer;
  readonly operation: number;
  readonly operationDigest: Buffer | null;
}

const SEALS = 1_000;
const ENTRIES = 1_000;

/** Throws FaultFound at the first fault of the chain. */
export async function verifyChain(client: PoolClient, chain: ChainRow, count: Count): Promise<void> {
  let previous = genesisDigest(chain.number, chain.id, BigInt(chain.startedMicros));
  let last = 0;
  for (;;) {
    const seals = await sealsAfter(client, chain.number, last);
    for (const portion of portions(seals)) {
      const covered = await entriesOf(client, chain.number, portion);
      for (const seal of portion) {
        if (seal.seq !== last + 1) missingSeal(chain.number, last + 1, seal.seq);
        previous = verifySeal(chain.number, seal, covered.get(seal.seq) ?? new Map<string, EntryRow>(), previous);
        last = seal.seq;
      }
      count(
        portion.length,
        portion.reduce((sum, { entries }) => sum + (entries?.length ?? 0) / 16, 0),
      );
    }
    if (seals.length < SEALS) break;
  }
  await verifyEnd(client, chain.number, last);
}

function missingSeal(chain: number, seq: number, next: number): never {
  const which = next === seq + 1 ? `Seal ${seq}` : `Seals ${seq} to ${next - 1}`;
  fault('SEAL_MISSING', chain, seq, `${which} of chain ${chain} is not there, though seal ${next} follows.`);
}

/** Checks a seal against its entries and the seal before it; returns its digest. */
function verifySeal(chain: number, seal: SealRow, covered: Map<string, EntryRow>, previous: Buffer): Buffer {
  const { seq } = seal;
  const digests: Buffer[] = [];
  for (const id of idsOf(seal.entries)) {
    const entry = covered.get(id);
    if (entry?.place == null) {
      entryFault(
        'ENTRY_MISSING',
        chain,
        seq,
        id,
        `Entry ${id} is covered by seal ${seq} of chain ${chain} and is not there.`,
      );
    }
    covered.delete(id);
    digests.push(verifyEntry(chain, entry));
  }
  for (const [id, { place }] of covered) {
    const message =
      place === null
        ? `Seal ${seq} of chain ${chain} is said to cover entry ${id}, which is not there.`
        : `Entry ${id} is said to be covered by seal ${seq} of chain ${chain}; the seal does not know it.`;
    entryFault('ENTRY_FOREIGN', chain, seq, id, message);
  }
  const content = { ...seal, chain, atMicros: BigInt(seal.atMicros), entries: digests };
  const expected = sealDigest(content, previous);
  if (expected.equals(seal.digest)) return expected;
  const follows = seq === 1 ? 'the beginning of the chain' : `seal ${seq - 1}`;
  fault(
    'SEAL_BROKEN',
    chain,
    seq,
    `Seal ${seq} of chain ${chain} does not fit its entries and ${follows}: one of them was changed after it was sealed.`,
  );
}

/** Checks an entry's columns against its digest; returns that. */
function verifyEntry(chain: number, entry: EntryRow): Buffer {
  const { id, seal, operation, operationDigest } = entry;
  if (operationDigest === null) {
    entryFault('OPERATION_MISSING', chain, seal, id, `Entry ${id} names operation ${operation}, which is not there.`);
  }
  const expected = entryDigest({ ...entry, atMicros: BigInt(entry.atMicros) }, operationDigest);
  if (expected.equals(entry.digest)) return expected;
  entryFault(
    'ENTRY_CHANGED',
    chain,
    seal,
    id,
    `Entry ${id} was changed after it was written: its digest does not fit.`,
  );
}

/** Nothing may lie beyond the last seal. */
async function verifyEnd(client: PoolClient, chain: number, last: number): Promise<void> {
  const { rows } = await client.query<{ id: string; seq: number }>(
    `(select id, seal as seq from access_record where chain = $1 and seal > $2 order by seal, id limit 1)
     union all
     (select id, seal from access_record where chain = $1 and seal < 0 order by seal, id limit 1)
     union all
     (select entry_id, seq from ledger_sealed_write where chain = $1 and (seq > $2 or seq < 1) order by seq limit 1)`,
    [chain, last],
  );
  const [beyond] = rows;
  if (beyond === undefined) return;
  const { id, seq } = beyond;
  const message = `Entry ${id} names seal ${seq} of chain ${chain}, which ends at seal ${last}: the tail was cut off.`;
  entryFault('TAIL_MISSING', chain, seq, id, message);
}

async function sealsAfter(client: PoolClient, chain: number, seq: number): Promise<SealRow[]> {
  const { rows } = await client.query<SealRow>(
    `select seq, (extract(epoch from at) * 1000000)::bigint::text as "atMicros", closing, digest, entries, links
     from ledger_seal where chain = $1 and seq > $2 order by seq limit $3`,
    [chain, seq, SEALS],
  );
  return rows;
}

/** Neighbouring seals with at most ENTRIES entries together, or a single larger one. */
function* portions(seals: readonly SealRow[]): Generator<SealRow[]> {
  let portion: SealRow[] = [];
  let size = 0;
  for (const seal of seals) {
    const more = (seal.entries?.length ?? 0) / 16;
    if (portion.length > 0 && size + more > ENTRIES) {
      yield portion;
      [portion, size] = [[], 0];
    }
    portion.push(seal);
    size += more;
  }
  if (portion.length > 0) yield portion;
}

/** Entries by seal and id, whether they were written with their seal or taken up by it. */
async function entriesOf(
  client: PoolClient,
  chain: number,
  seals: readonly SealRow[],
): Promise<Map<number, Map<string, EntryRow>>> {
  const known = seals.reduce((sum, { entries }) => sum + (entries?.length ?? 0) / 16, 0);
  // One more than the seals know is enough to see that there are too many.
  const { rows } = await client.query<EntryRow>(
    `(select r.seal as seal, ${COLUMNS} from access_record r left join access_operation o on o.number = r.operation
      where r.chain = $1 and r.seal between $2 and $3 order by r.seal, r.id limit $4)
     union all
     (select w.seq, ${COLUMNS.replace('r.id', 'w.entry_id')} from ledger_sealed_write w
      left join access_record r on r.chain = w.chain and r.seal = 0 and r.id = w.entry_id
      left join access_operation o on o.number = r.operation
      where w.chain = $1 and w.seq between $2 and $3 order by w.seq, w.entry_id limit $4)`,
    [chain, seals[0]?.seq, seals.at(-1)?.seq, known + 1],
  );
  const bySeal = new Map<number, Map<string, EntryRow>>();
  for (const row of rows) {
    const covered = bySeal.get(row.seal) ?? new Map<string, EntryRow>();
    bySeal.set(row.seal, covered.set(row.id, row));
  }
  return bySeal;
}

const COLUMNS = `r.id, r.seal as place, (extract(epoch from r.at) * 1000000)::bigint::text as "atMicros", r.operation,
  o.digest as "operationDigest", r.client, r.case_no as "caseNo", r.decision, r.reason, r.items, r.persons,
  r.person_nodes as "personNodes", r.households, r.household_nodes as "householdNodes", r.misses, r.digest`;

function idsOf(entries: Buffer | null): string[] {
  const hex = entries?.toString('hex') ?? '';
  return (hex.match(/.{32}/g) ?? []).map((id) => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}
