/** A ledger as it lies in the database, item by item: a page of seals at a time, and their entries in portions. */
import type { PoolClient } from '../../platform/database.ts';
import type { CheckpointRow } from './checkpoint-rows.ts';
import { CHECKPOINT_COLUMNS, listPublishedKeys, toCheckpoint } from './checkpoint-rows.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Link, OperationContent } from './digests.ts';
import type { ChainRow, ChainSpan, EntryRow, LedgerItem, SealRow } from './items.ts';

const PAGE = 1_000;
const ENTRIES = 1_000;

/** What of a chain is told, and what is asked once its seals are told. */
export interface Telling {
  /** Seals that are told elsewhere, by chain. */
  readonly skipped?: ReadonlyMap<number, readonly ChainSpan[]>;
  /** The last seal that is told, by chain; a chain that is not named is told to its end. */
  readonly through?: ReadonlyMap<number, number>;
  /** Chains that are told at all; all of them unless said. */
  readonly only?: ReadonlySet<number>;
  /** Runs when the seals of a chain were told up to the last one, before what its checkpoints say beyond it. */
  readonly onEnd?: (chain: number, last: number) => Promise<void>;
}

/** Keys and operations. */
export async function* prefaceItems(client: PoolClient): AsyncGenerator<LedgerItem> {
  for (const key of await listPublishedKeys(client)) yield { kind: 'key', key };
  type Row = OperationContent & { readonly number: number; readonly digest: Buffer };
  for (let last = -(2 ** 31), more = true; more;) {
    const { rows } = await client.query<Row>(
      `select number, digest, kind, department, role, purpose, policy_version as "policyVersion", name, text, nodes
       from access_operation where number > $1 order by number limit $2`,
      [last, PAGE],
    );
    for (const { number, digest, ...content } of rows) {
      yield { kind: 'operation', number, digest, content };
      last = number;
    }
    more = rows.length === PAGE;
  }
}

/** What the first seals of the chains say of each other. */
export async function* linkItems(client: PoolClient): AsyncGenerator<Extract<LedgerItem, { kind: 'witness' }>> {
  for (let last = 0, more = true; more;) {
    const { rows } = await client.query<{ by: number; links: Link[] | null }>(
      `select c.number as by, first.links from ledger_chain c
       cross join lateral (select links from ledger_seal s where s.chain = c.number and s.seq = 1 limit 1) first
       where c.number > $1 order by c.number limit $2`,
      [last, PAGE],
    );
    for (const { by, links } of rows) {
      for (const link of links ?? []) yield { kind: 'witness', by, id: null, link };
      last = by;
    }
    more = rows.length === PAGE;
  }
}

/** The chains in their order, each with its seals and checkpoints. */
export async function* chainItems(client: PoolClient, telling: Telling = {}): AsyncGenerator<LedgerItem> {
  for await (const chain of chainsOf(client)) {
    if (telling.only && !telling.only.has(chain.number)) continue;
    yield { kind: 'chain', chain };
    yield* sealItems(client, chain.number, telling);
  }
}

async function* chainsOf(client: PoolClient): AsyncGenerator<ChainRow> {
  type Row = Omit<ChainRow, 'startedMicros'> & { readonly startedMicros: string };
  for (let last = 0, more = true; more;) {
    const { rows } = await client.query<Row>(
      `select number, id, (extract(epoch from started_at) * 1000000)::bigint::text as "startedMicros"
       from ledger_chain where number > $1 order by number limit $2`,
      [last, PAGE],
    );
    for (const row of rows) {
      yield { ...row, startedMicros: BigInt(row.startedMicros) };
      last = row.number;
    }
    more = rows.length === PAGE;
  }
}

async function* sealItems(client: PoolClient, chain: number, telling: Telling): AsyncGenerator<LedgerItem> {
  const through = telling.through?.get(chain);
  const skipped = [...(telling.skipped?.get(chain) ?? [])].sort((a, b) => (a.after ?? 0) - (b.after ?? 0));
  let last = 0;
  // Number of the last checkpoint that was told.
  let signed = 0;
  const tellTo = async function* (end: number): AsyncGenerator<LedgerItem> {
    for (let more = true; more;) {
      const seals = await sealsAfter(client, chain, last, end);
      const checkpoints = await checkpointsOf(client, chain, signed, seals.at(-1)?.seq ?? 0);
      for (const portion of portions(seals)) {
        const covered = await entriesOf(client, chain, portion);
        for (const seal of portion) {
          yield { kind: 'seal', seal, entries: covered.get(seal.seq) ?? [] };
          last = seal.seq;
          for (; (checkpoints[0]?.seq ?? Infinity) <= last;) {
            const checkpoint = checkpoints.shift();
            if (checkpoint === undefined) break;
            signed = checkpoint.number;
            yield { kind: 'checkpoint', checkpoint };
          }
        }
      }
      more = seals.length === PAGE;
    }
  };
  for (const span of skipped) {
    if (span.after !== null) yield* tellTo(span.after);
    const base = span.through === null ? undefined : await findSigning(client, chain, span.through);
    if (!base) return;
    yield { kind: 'base', ...base };
    last = base.checkpoint.seq;
    signed = base.checkpoint.number;
  }
  yield* tellTo(through ?? 2 ** 31 - 1);
  if (through !== undefined) return;
  await telling.onEnd?.(chain, last);
  // Signatures over seals that are not there.
  for (const checkpoint of await checkpointsOf(client, chain, signed, 2 ** 31 - 1)) {
    yield { kind: 'checkpoint', checkpoint };
  }
}

/** The checkpoint that signs the seal, with the digest of the one before it. */
async function findSigning(
  client: PoolClient,
  chain: number,
  seq: number,
): Promise<{ checkpoint: Checkpoint; previous: Buffer | null } | undefined> {
  const { rows } = await client.query<CheckpointRow & { readonly previous: Buffer | null }>(
    `select ${CHECKPOINT_COLUMNS}, p.digest as previous from ledger_checkpoint k
     join ledger_chain c on c.number = k.chain
     left join ledger_checkpoint p on p.chain = k.chain and p.number = k.number - 1
     where k.chain = $1 and k.seq = $2`,
    [chain, seq],
  );
  const [row] = rows;
  return row && { checkpoint: toCheckpoint(row), previous: row.previous };
}

async function checkpointsOf(client: PoolClient, chain: number, after: number, seq: number): Promise<Checkpoint[]> {
  const { rows } = await client.query<CheckpointRow>(
    `select ${CHECKPOINT_COLUMNS} from ledger_checkpoint k join ledger_chain c on c.number = k.chain
     where k.chain = $1 and k.number > $2 and k.seq <= $3 order by k.number limit $4`,
    [chain, after, seq, PAGE],
  );
  return rows.map(toCheckpoint);
}

async function sealsAfter(client: PoolClient, chain: number, seq: number, through: number): Promise<SealRow[]> {
  type Row = Omit<SealRow, 'atMicros' | 'ids'> & { readonly atMicros: string; readonly entries: Buffer | null };
  const { rows } = await client.query<Row>(
    `select seq, (extract(epoch from at) * 1000000)::bigint::text as "atMicros", closing, digest, entries, links
     from ledger_seal where chain = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    [chain, seq, through, PAGE],
  );
  return rows.map(({ atMicros, entries, ...row }) => ({ ...row, atMicros: BigInt(atMicros), ids: idsOf(entries) }));
}

/** Neighbouring seals with at most ENTRIES entries together, or a single larger one. */
function* portions(seals: readonly SealRow[]): Generator<SealRow[]> {
  let portion: SealRow[] = [];
  let size = 0;
  for (const seal of seals) {
    if (portion.length > 0 && size + seal.ids.length > ENTRIES) {
      yield portion;
      [portion, size] = [[], 0];
    }
    portion.push(seal);
    size += seal.ids.length;
  }
  if (portion.length > 0) yield portion;
}

interface CoveredRow extends Omit<Extract<EntryRow, { atMicros: bigint }>, 'atMicros' | 'digest'> {
  /** The seal that covers it; what `access_record.seal` says is `place`. */
  readonly seal: number;
  /** Null where a seal took up a write that is not there. */
  readonly place: number | null;
  readonly atMicros: string;
  readonly digest: Buffer;
}

/** Entries by seal, whether they were written with it or taken up by it. */
async function entriesOf(
  client: PoolClient,
  chain: number,
  seals: readonly SealRow[],
): Promise<Map<number, EntryRow[]>> {
  const known = seals.reduce((sum, { ids }) => sum + ids.length, 0);
  // One more than the seals know is enough to see that there are too many.
  const { rows } = await client.query<CoveredRow>(
    `(select r.seal as seal, ${COLUMNS} from access_record r
      where r.chain = $1 and r.seal between $2 and $3 order by r.seal, r.id limit $4)
     union all
     (select w.seq, ${COLUMNS.replace('r.id', 'w.entry_id')} from ledger_sealed_write w
      left join access_record r on r.chain = w.chain and r.seal = 0 and r.id = w.entry_id
      where w.chain = $1 and w.seq between $2 and $3 order by w.seq, w.entry_id limit $4)`,
    [chain, seals[0]?.seq, seals.at(-1)?.seq, known + 1],
  );
  const bySeal = new Map<number, EntryRow[]>();
  for (const { seal, place, atMicros, ...row } of rows) {
    const entry: EntryRow =
      place === null ? { id: row.id, digest: null, opaque: true } : { ...row, atMicros: BigInt(atMicros) };
    const covered = bySeal.get(seal);
    if (covered) covered.push(entry);
    else bySeal.set(seal, [entry]);
  }
  return bySeal;
}

const COLUMNS = `r.id, r.seal as place, (extract(epoch from r.at) * 1000000)::bigint::text as "atMicros", r.operation,
  r.client, r.case_no as "caseNo", r.decision, r.reason, r.items, r.persons, r.person_nodes as "personNodes",
  r.households, r.household_nodes as "householdNodes", r.misses, r.digest`;

function idsOf(entries: Buffer | null): string[] {
  const hex = entries?.toString('hex') ?? '';
  return (hex.match(/.{32}/g) ?? []).map((id) => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}
