/** The chain in the database: begun, continued, and looked at by whoever takes over what a dead process left. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from '../../platform/database.ts';
import { UNIQUE_VIOLATION, sqlState } from '../../platform/database.ts';
import { newId } from '../../platform/id.ts';
import type { Link } from './digests.ts';
import { genesisDigest, sealDigest, toMicros } from './digests.ts';
import type { PreparedEntry } from './prepared-entry.ts';

/** The last seal of a chain. */
export interface Head {
  readonly chain: number;
  /** Id of the chain. */
  readonly id: string;
  readonly seq: number;
  readonly digest: Buffer;
  /** Entries of the chain up to this seal. */
  readonly entries: number;
}

/** What a seal may take up: reads are written with it, writes are there already. */
export interface Sealing {
  readonly at: Date;
  readonly reads?: readonly (PreparedEntry & { readonly operationNumber: number })[];
  readonly writes?: readonly { readonly id: string; readonly digest: Buffer }[];
  readonly closing?: boolean;
}

// First key of the session locks, the second is the chain: whoever holds it is the only one to append there.
const CHAIN_LOCK = 20_260_703;

/** Whether the chain is now this session's; false when its process lives. */
export async function lockChain(client: PoolClient, chain: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
    CHAIN_LOCK,
    chain,
  ]);
  return rows[0]?.locked === true;
}

/** Gives a chain up. */
export async function unlockChain(client: PoolClient, chain: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [CHAIN_LOCK, chain]);
}

/** Whether the chain has this very seal. */
export async function holdsSeal(client: PoolClient, { chain, seq, digest }: Link): Promise<boolean> {
  const found = await client.query('select from ledger_seal where chain = $1 and seq = $2 and digest = $3', [
    chain,
    seq,
    Buffer.from(digest, 'hex'),
  ]);
  return found.rowCount === 1;
}

/** Begins a chain of this session: locked before it can be seen, and its first seal pins the heads of the others. */
export async function beginChain(client: PoolClient, at: Date): Promise<Head> {
  for (;;) {
    const { rows } = await client.query<{ next: number }>(
      'select coalesce(max(number), 0) + 1 as next from ledger_chain',
    );
    const chain = rows[0]?.next ?? 1;
    if (!(await lockChain(client, chain))) {
      // Another process is about to take this number.
      await sleep(5 + 10 * Math.random());
      continue;
    }
    const id = newId();
    const links = await unpinnedHeads(client);
    const content = { chain, seq: 1, atMicros: toMicros(at), closing: false, entries: [], links };
    const digest = sealDigest(content, genesisDigest(chain, id, toMicros(at)));
    try {
      await client.query(BEGIN_CHAIN, [chain, id, at.toISOString(), digest, JSON.stringify(links)]);
      return { chain, id, seq: 1, digest, entries: 0 };
    } catch (error) {
      await unlockChain(client, chain);
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    }
  }
}

const BEGIN_CHAIN = `
  with begun as (insert into ledger_chain (number, id, started_at) values ($1, $2, $3))
  insert into ledger_seal (chain, seq, at, closing, digest, links) values ($1, 1, $3, false, $4, $5)`;

/** Heads of the other chains that no first seal has pinned yet. A chain at rest is pinned once, a live one each time. */
async function unpinnedHeads(client: PoolClient): Promise<Link[]> {
  const { rows } = await client.query<Link>(`
    with pinned as (
      select (link ->> 'chain')::int as chain, max((link ->> 'seq')::int) as seq
      from ledger_chain c
      cross join lateral (select links from ledger_seal s where s.chain = c.number and s.seq = 1 limit 1) first
      cross join lateral jsonb_array_elements(first.links) link
      group by 1
    )
    select c.number as chain, head.seq, encode(head.digest, 'hex') as digest
    from ledger_chain c
    cross join lateral (select seq, digest from ledger_seal s where s.chain = c.number order by seq desc limit 1) head
    left join pinned on pinned.chain = c.number
    where pinned.seq is null or pinned.seq < head.seq
    order by c.number`);
  return rows;
}

/**
 * Writes a seal with everything it covers, in one statement and so in one commit: durable when this resolves. Returns
 * the new head; after an error the old one still stands, unless the connection broke.
 */
export async function appendSeal(client: PoolClient, head: Head, sealing: Sealing): Promise<Head> {
  const { at, reads = [], writes = [], closing = false } = sealing;
  const seq = head.seq + 1;
  const entries = [...reads, ...writes];
  const content = { chain: head.chain, seq, atMicros: toMicros(at), closing, links: null };
  const digest = sealDigest({ ...content, entries: entries.map((entry) => entry.digest) }, head.digest);
  const ids =
    entries.length === 0 ? null : Buffer.from(entries.map(({ id }) => id.replaceAll('-', '')).join(''), 'hex');
  const seal = [head.chain, seq, at.toISOString(), closing, digest, ids];
  if (reads.length === 0) {
    await client.query({ name: 'ledger-seal', text: SEAL, values: [...seal, writes.map(({ id }) => id)] });
  } else {
    const values = [...seal, writes.map(({ id }) => id), ...columnsOf(reads)];
    await client.query({ name: 'ledger-batch', text: BATCH, values });
  }
  return { ...head, seq, digest, entries: head.entries + entries.length };
}

const SEAL = `
  with taken_up as (
    insert into ledger_sealed_write (chain, entry_id, seq) select $1, w.id, $2 from unnest($7::uuid[]) as w (id)
  )
  insert into ledger_seal (chain, seq, at, closing, digest, entries) values ($1::int, $2::int, $3, $4, $5, $6)`;

// Arrays of different lengths cannot be unnested as one parameter: they travel as text, one literal an entry.
const BATCH = `
  with written as (
    insert into access_record (chain, seal, id, at, operation, items, client, case_no, decision, reason, persons,
      person_nodes, households, household_nodes, misses, digest)
    select $1, $2, e.id, e.at, e.operation, e.items, e.client, e.case_no, e.decision, e.reason, e.persons::uuid[],
      e.person_nodes, e.households::uuid[], e.household_nodes, e.misses::bytea[], e.digest
    from unnest($8::uuid[], $9::timestamptz[], $10::int[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[],
      $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::bytea[])
      as e (id, at, operation, items, client, case_no, decision, reason, persons, person_nodes, households,
        household_nodes, misses, digest)
  ), taken_up as (
    insert into ledger_sealed_write (chain, entry_id, seq) select $1, w.id, $2 from unnest($7::uuid[]) as w (id)
  )
  insert into ledger_seal (chain, seq, at, closing, digest, entries) values ($1::int, $2::int, $3, $4, $5, $6)`;

type ReadColumns = NonNullable<Sealing['reads']>;

function columnsOf(reads: ReadColumns): unknown[][] {
  return [
    reads.map(({ id }) => id),
    reads.map(({ at }) => at.toISOString()),
    reads.map(({ operationNumber }) => operationNumber),
    reads.map(({ items }) => items),
    reads.map(({ client }) => client),
    reads.map(({ caseNo }) => caseNo),
    reads.map(({ decision }) => decision),
    reads.map(({ reason }) => reason),
    reads.map(({ persons }) => uuids(persons?.ids)),
    reads.map(({ persons }) => persons?.nodes ?? null),
    reads.map(({ households }) => uuids(households?.ids)),
    reads.map(({ households }) => households?.nodes ?? null),
    reads.map(({ misses }) => misses && `{${misses.map((miss) => `"\\\\x${miss.toString('hex')}"`).join(',')}}`),
    reads.map(({ digest }) => digest),
  ];
}

const uuids = (ids: readonly string[] | undefined): string | null => (ids === undefined ? null : `{${ids.join(',')}}`);

/** Writes an entry in a business transaction, without a place in the chain. Returns the transaction's number. */
export async function insertWrite(
  client: PoolClient,
  chain: number,
  entry: PreparedEntry & { readonly operationNumber: number },
): Promise<string> {
  const columns = columnsOf([entry]).map(([value]) => value);
  const { rows } = await client.query<{ xid: string }>({
    name: 'ledger-write',
    text: WRITE,
    values: [chain, ...columns],
  });
  return rows[0]?.xid ?? '0';
}

const WRITE = `
  insert into access_record (chain, seal, id, at, operation, items, client, case_no, decision, reason, persons,
    person_nodes, households, household_nodes, misses, digest)
  values ($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::uuid[], $11, $12::text::uuid[], $13, $14::text::bytea[], $15)
  returning pg_current_xact_id()::text as xid`;
