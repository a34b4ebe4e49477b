/** Finds the first broken, missing or unsealed entry of a ledger, a missing tail included. Changes nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { readAnchors } from './anchors.ts';
import { listArchives } from './archives.ts';
import type { ArchivedMonth } from './archives.ts';
import type { Anchor } from './anchors.ts';
import { chainItems, linkItems, prefaceItems } from './database-items.ts';
import { countEntries } from './export-spans.ts';
import type { Fault } from './fault.ts';
import { FaultFound, entryFault, fault } from './fault.ts';
import type { ChainSpan, LedgerItem } from './items.ts';
import { Verifier } from './verifier.ts';
import type { Tally } from './verifier.ts';

export type { Fault, FaultKind } from './fault.ts';

/** Which ledger, and how closely. */
export interface LedgerToVerify {
  /** Any role that may read the tables. */
  readonly pool: Pool;
  readonly anchorDir: string;
  /** How long a committed write may be without its seal, in ms; 5,000 unless said. */
  readonly grace?: number;
  /** How long a seal may be without a checkpoint, in ms; five minutes unless said. */
  readonly checkpointGrace?: number;
  /** Fingerprints of keys that are trusted; unless said, the keys that the ledger publishes are believed. */
  readonly trust?: readonly string[] | undefined;
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
  readonly checkpoints: number;
  /** Entries of which only the digest could be checked; absent where there are none. */
  readonly opaque?: number;
  /** Checkpoints that are older than the one before them; absent where there are none. */
  readonly clockBack?: number;
  /** Months whose entries are no longer here, and the files that tell them; absent where there are none. */
  readonly archives?: readonly ArchivedMonth[];
  readonly firstFault?: Fault;
}

/** How long a seal may be without a checkpoint, in ms: several times as long as a hub waits. */
export const CHECKPOINT_GRACE = 300_000;
const GRACE = 5_000;
const MOST_UNSEALED = 1_000;
const STEP = 1_000; // entries between two words about progress

/**
 * Checks every digest, the order of the seals, that each entry is sealed exactly once, every signature, and that no chain
 * ends before where an anchor or another chain saw it. Reads one snapshot, so a hub may be at work. Throws when it cannot
 * read.
 */
export async function verifyLedger(ledger: LedgerToVerify): Promise<Verification> {
  const { pool, anchorDir, grace = GRACE, checkpointGrace = CHECKPOINT_GRACE, trust } = ledger;
  // Before the snapshot: an anchor written after it would speak of seals that the snapshot cannot hold.
  const anchors = await readAnchors(anchorDir);
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const archives = await listArchives(client);
    const archived = archives.flatMap(({ spans }) => spans);
    const total = ledger.onProgress ? await countEntries(client, null) : 0;
    const verifier = new Verifier({
      trust,
      nowMicros: await present(client),
      graceMicros: BigInt(checkpointGrace) * 1_000n,
      spans: null,
      archived,
    });
    const found = await outcomeOf(verifier.tally, async () => {
      await takeAll(verifier, everything(client, anchors, archived), (done) =>
        ledger.onProgress?.(done, Math.max(total, done)),
      );
      await verifyStrays(client);
      verifier.end();
      await client.query('commit');
      await verifyUnsealed(client, grace);
    });
    return { ...found, ...(archives.length > 0 ? { archives } : {}) };
  } finally {
    // Whatever state it is in, it ends here.
    client.release(true);
  }
}

/** Has the verifier take all items; `onStep` is told the number of entries now and then, and in the end. */
export async function takeAll(
  verifier: Verifier,
  items: AsyncIterable<LedgerItem>,
  onStep: (entries: number) => void,
): Promise<void> {
  let told = 0;
  for await (const item of items) {
    await verifier.take(item);
    const { entries } = verifier.tally;
    if (entries - told < STEP) continue;
    onStep(entries);
    told = entries;
  }
  if (verifier.tally.entries > told) onStep(verifier.tally.entries);
}

/** What was found by work that throws at the first fault. */
export async function outcomeOf(tally: Tally, work: () => Promise<void>): Promise<Verification> {
  const found = await work().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof FaultFound) return error.fault;
      throw error;
    },
  );
  const { opaque, clockBack, ...counted } = tally;
  return {
    ok: found === undefined,
    ...counted,
    ...(opaque > 0 ? { opaque } : {}),
    ...(clockBack > 0 ? { clockBack } : {}),
    ...(found === undefined ? {} : { firstFault: found }),
  };
}

async function* everything(
  client: PoolClient,
  anchors: readonly Anchor[],
  archived: readonly ChainSpan[],
): AsyncGenerator<LedgerItem> {
  yield* prefaceItems(client);
  yield* linkItems(client);
  for (const { id, ...link } of anchors) yield { kind: 'witness', by: null, id, link };
  const skipped = new Map<number, ChainSpan[]>();
  for (const span of archived) skipped.set(span.chain, [...(skipped.get(span.chain) ?? []), span]);
  yield* chainItems(client, { skipped, onEnd: (chain, last) => verifyEnd(client, chain, last) });
}

/** Now, by the database's clock. */
async function present(client: PoolClient): Promise<bigint> {
  const { rows } = await client.query<{ now: string }>(
    'select (extract(epoch from now()) * 1000000)::bigint::text as now',
  );
  return BigInt(rows[0]?.now ?? 0);
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
      order by w.chain limit 1)
     union all
     (select k.chain, k.seq, null from ledger_checkpoint k, known where k.chain > known.last or k.chain < 1
      order by k.chain limit 1)`,
  );
  const [stray] = rows;
  if (stray === undefined) return;
  const { chain, seq, id } = stray;
  if (id === null) fault('CHAIN_MISSING', chain, seq, `Seal ${seq} belongs to chain ${chain}, which is not there.`);
  entryFault('CHAIN_MISSING', chain, seq, id, `Entry ${id} belongs to chain ${chain}, which is not there.`);
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
