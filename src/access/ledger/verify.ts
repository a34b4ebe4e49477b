/** Finds the first broken, missing or unsealed entry of a ledger, a missing tail included. Changes nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { readAnchors } from './anchors.ts';
import type { Anchor } from './anchors.ts';
import { operationDigest } from './digests.ts';
import type { OperationContent } from './digests.ts';
import type { Fault } from './fault.ts';
import { FaultFound, entryFault, fault } from './fault.ts';
import { verifyChain } from './verify-chain.ts';
import type { ChainRow } from './verify-chain.ts';

export type { Fault, FaultKind } from './fault.ts';

/** Which ledger, and how closely. */
export interface LedgerToVerify {
  /** Any role that may read the tables. */
  readonly pool: Pool;
  readonly anchorDir: string;
  /** How long a committed write may be without its seal, in ms; 5,000 unless said. */
  readonly grace?: number;
  /** Called now and then with the number of entries checked and the number there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found. */
export interface Verification {
  readonly ok: boolean;
  /** Sealed entries that were checked. */
  readonly entries: number;
  readonly seals: number;
  readonly chains: number;
  readonly firstFault?: Fault;
}

const GRACE = 5_000;
const MOST_UNSEALED = 1_000;
const PAGE = 1_000;

/**
 * Checks every digest, the order of the seals, that each entry is sealed exactly once, and that no chain ends before
 * where an anchor or another chain saw it. Reads one snapshot, so a hub may be at work. Throws when it cannot read.
 */
export async function verifyLedger({
  pool,
  anchorDir,
  grace = GRACE,
  onProgress,
}: LedgerToVerify): Promise<Verification> {
  // Before the snapshot: an anchor written after it would speak of seals that the snapshot cannot hold.
  const anchors = await readAnchors(anchorDir);
  const done = { entries: 0, seals: 0, chains: 0 };
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const total = onProgress ? await countEntries(client) : 0;
    await verifyOperations(client);
    for await (const chain of chainsOf(client)) {
      await verifyChain(client, chain, (seals, entries) => {
        done.seals += seals;
        done.entries += entries;
        onProgress?.(done.entries, Math.max(total, done.entries));
      });
      done.chains += 1;
    }
    await verifyStrays(client);
    await verifyLinks(client);
    await verifyAnchors(client, anchors);
    await client.query('commit');
    await verifyUnsealed(client, grace);
    return { ok: true, ...done };
  } catch (error) {
    if (!(error instanceof FaultFound)) throw error;
    return { ok: false, ...done, firstFault: error.fault };
  } finally {
    // Whatever state it is in, it ends here.
    client.release(true);
  }
}

async function countEntries(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ total: string }>(
    'select coalesce(sum(octet_length(entries)), 0) / 16 as total from ledger_seal',
  );
  return Number(rows[0]?.total ?? 0);
}

async function verifyOperations(client: PoolClient): Promise<void> {
  type Row = OperationContent & { readonly number: number; readonly digest: Buffer };
  for (let last = -(2 ** 31), more = true; more;) {
    const { rows } = await client.query<Row>(
      `select number, digest, kind, department, role, purpose, policy_version as "policyVersion", name, text, nodes
       from access_operation where number > $1 order by number limit $2`,
      [last, PAGE],
    );
    for (const row of rows) {
      if (!operationDigest(row).equals(row.digest)) {
        fault(
          'OPERATION_CHANGED',
          0,
          0,
          `Operation ${row.number} was changed after it was written: its digest does not fit.`,
        );
      }
      last = row.number;
    }
    more = rows.length === PAGE;
  }
}

/** The chains in their order. Their numbers have no gap. */
async function* chainsOf(client: PoolClient): AsyncGenerator<ChainRow> {
  for (let last = 0, more = true; more;) {
    const { rows } = await client.query<ChainRow>(
      `select number, id, (extract(epoch from started_at) * 1000000)::bigint::text as "startedMicros"
       from ledger_chain where number > $1 order by number limit $2`,
      [last, PAGE],
    );
    for (const row of rows) {
      if (row.number !== last + 1) {
        fault('CHAIN_MISSING', last + 1, 0, `Chain ${last + 1} is not there, though chain ${row.number} follows.`);
      }
      yield row;
      last = row.number;
    }
    more = rows.length === PAGE;
  }
}

/** Nothing may belong to a chain that is not there. */
async function verifyStrays(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ chain: number; seq: number; id: string | null }>(
    `with known as (select coalesce(max(number), 0) as last from ledger_chain)
     (select r.chain, r.seal as seq, r.id from access_record r, known where r.chain > known.last or r.chain < 1
      order by r.chain limit 1)
     union all
     (select s.chain, s.seq, null from ledger_seal s, known where s.chain > known.last or s.chain < 1 order by s.chain limit 1)
     union all
     (select w.chain, w.seq, w.entry_id from ledger_sealed_write w, known where w.chain > known.last or w.chain < 1
      order by w.chain limit 1)`,
  );
  const [stray] = rows;
  if (stray === undefined) return;
  const { chain, seq, id } = stray;
  if (id === null) fault('CHAIN_MISSING', chain, seq, `Seal ${seq} belongs to chain ${chain}, which is not there.`);
  entryFault('CHAIN_MISSING', chain, seq, id, `Entry ${id} belongs to chain ${chain}, which is not there.`);
}

/** What the first seal of a chain says of the others must be so. */
async function verifyLinks(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ by: number; chain: number; seq: number; found: boolean }>(
    `select c.number as by, (link ->> 'chain')::int as chain, (link ->> 'seq')::int as seq, s.seq is not null as found
     from ledger_chain c
     cross join lateral (select links from ledger_seal s where s.chain = c.number and s.seq = 1 limit 1) first
     cross join lateral jsonb_array_elements(first.links) link
     left join ledger_seal s on s.chain = (link ->> 'chain')::int and s.seq = (link ->> 'seq')::int
     where encode(s.digest, 'hex') is distinct from link ->> 'digest'
     order by chain, seq limit 1`,
  );
  const [wrong] = rows;
  if (wrong) unlike(wrong, `chain ${wrong.by} saw when it began`);
}

async function verifyAnchors(client: PoolClient, anchors: readonly Anchor[]): Promise<void> {
  for (const anchor of anchors) {
    const { chain, id, seq, digest } = anchor;
    const { rows } = await client.query<{ digest: string | null }>(
      `select encode(s.digest, 'hex') as digest from ledger_chain c
       left join ledger_seal s on s.chain = c.number and s.seq = $3 where c.number = $1 and c.id = $2`,
      [chain, id, seq],
    );
    const [row] = rows;
    if (row === undefined) {
      const message = `The anchors know a chain ${chain} (${id}) that is not there: it was removed, or this is another database.`;
      fault('CHAIN_MISSING', chain, seq, message);
    }
    if (row.digest !== digest) unlike({ chain, seq, found: row.digest !== null }, 'its anchor knows');
  }
}

function unlike({ chain, seq, found }: { chain: number; seq: number; found: boolean }, witness: string): never {
  if (found)
    fault(
      'SEAL_BROKEN',
      chain,
      seq,
      `Seal ${seq} of chain ${chain} is not the one that ${witness}: the chain was made anew.`,
    );
  fault('TAIL_MISSING', chain, seq, `Chain ${chain} ends before seal ${seq}, which ${witness}: the tail was cut off.`);
}

/**
 * Writes are sealed shortly after their commit. What is unsealed now must be sealed within the grace, by whichever
 * clock the entries were written: so it is waited for and not computed.
 */
async function verifyUnsealed(client: PoolClient, grace: number): Promise<void> {
  const { rows: first } = await client.query<{ chain: number; id: string }>(
    `select r.chain, r.id from ledger_chain c
     cross join lateral (
       select r.chain, r.id from access_record r
       where r.chain = c.number and r.seal = 0
         and not exists (select from ledger_sealed_write w where w.chain = r.chain and w.entry_id = r.id)
       order by r.id limit $1
     ) r
     order by r.chain, r.id limit $1`,
    [MOST_UNSEALED],
  );
  let unsealed = first;
  for (const until = Date.now() + grace; unsealed.length > 0; await sleep(100)) {
    const { rows } = await client.query<{ chain: number; id: string }>(
      `select u.chain, u.id from unnest($1::int[], $2::uuid[]) as u (chain, id)
       where not exists (select from ledger_sealed_write w where w.chain = u.chain and w.entry_id = u.id)
       order by u.chain, u.id`,
      [unsealed.map(({ chain }) => chain), unsealed.map(({ id }) => id)],
    );
    unsealed = rows;
    const [found] = unsealed;
    if (found === undefined || Date.now() < until) continue;
    const { chain, id } = found;
    entryFault(
      'ENTRY_UNSEALED',
      chain,
      0,
      id,
      `Entry ${id} of chain ${chain} has been unsealed for ${grace / 1000} s.`,
    );
  }
}
