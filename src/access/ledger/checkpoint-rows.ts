/** Checkpoints and keys in the database. */
import { z } from 'zod';
import type { PoolClient } from '../../platform/database.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { KeyRecord } from './key-record.ts';
import type { Suite } from './suites.ts';

/** The columns of a checkpoint as the queries here read them. */
export const CHECKPOINT_COLUMNS = `k.chain, c.id as "chainId", k.number, (extract(epoch from k.at) * 1000000)::bigint::text
  as "atMicros", k.seq, k.seal, k.entries, k.closing, k.links, k.suite, k.key, k.signature, k.digest`;

/** A row of them. */
export interface CheckpointRow extends Omit<Checkpoint, 'atMicros' | 'entries'> {
  readonly atMicros: string;
  readonly entries: string;
}

const links = z.array(z.object({ chain: z.int(), number: z.int(), digest: z.string().regex(/^[0-9a-f]{64}$/) }));

/** The checkpoint of a row. Links in a form that no hub writes become one that no signature fits. */
export const toCheckpoint = (row: CheckpointRow): Checkpoint => ({
  ...row,
  links: links.safeParse(row.links).data ?? [{ chain: 0, number: 0, digest: '' }],
  atMicros: BigInt(row.atMicros),
  entries: Number(row.entries),
});

/** The last checkpoint of a chain. */
export async function findLastCheckpoint(client: PoolClient, chain: number): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<CheckpointRow>(
    `select ${CHECKPOINT_COLUMNS} from ledger_checkpoint k join ledger_chain c on c.number = k.chain
     where k.chain = $1 order by k.number desc limit 1`,
    [chain],
  );
  return rows[0] && toCheckpoint(rows[0]);
}

/** Writes a checkpoint; durable when this resolves. */
export async function insertCheckpoint(client: PoolClient, checkpoint: Checkpoint): Promise<void> {
  await client.query({
    name: 'ledger-checkpoint',
    text: `insert into ledger_checkpoint (chain, number, at, seq, seal, entries, closing, links, suite, key, signature, digest)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      checkpoint.chain,
      checkpoint.number,
      instant(checkpoint.atMicros),
      checkpoint.seq,
      checkpoint.seal,
      checkpoint.entries,
      checkpoint.closing,
      JSON.stringify(checkpoint.links),
      checkpoint.suite,
      checkpoint.key,
      checkpoint.signature,
      checkpoint.digest,
    ],
  });
}

/** A row of `ledger_key`. */
export interface KeyRow extends Omit<KeyRecord, 'madeMicros'> {
  readonly suite: Suite;
  readonly madeMicros: string;
}

/** Published keys, in the order of their making. */
export async function listPublishedKeys(client: PoolClient): Promise<KeyRecord[]> {
  const { rows } = await client.query<KeyRow>(
    `select fingerprint, suite, public_key as "publicKey", (extract(epoch from made_at) * 1000000)::bigint::text as "madeMicros",
       previous, endorsement, proof from ledger_key order by made_at, fingerprint`,
  );
  return rows.map((row) => ({ ...row, madeMicros: BigInt(row.madeMicros) }));
}

/** Publishes keys that are not there yet. */
export async function publishKeys(client: PoolClient, keys: readonly KeyRecord[]): Promise<void> {
  for (const key of keys) {
    await client.query(
      `insert into ledger_key (fingerprint, suite, public_key, made_at, previous, endorsement, proof)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (fingerprint) do nothing`,
      [key.fingerprint, key.suite, key.publicKey, instant(key.madeMicros), key.previous, key.endorsement, key.proof],
    );
  }
}

/** Our own instants have no more than milliseconds. */
const instant = (micros: bigint): string => new Date(Number(micros / 1000n)).toISOString();
