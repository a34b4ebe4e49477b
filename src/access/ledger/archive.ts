/**
 * Archives months of the ledger: each is exported, the export is verified, and only then the month leaves the database.
 * Its seals and checkpoints stay. Entries are kept three years at least (政务数据共享条例 art. 29; 网络数据安全管理条例
 * art. 12; 个人信息保护法 art. 56).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../platform/clock.ts';
import { inTransaction, quoteIdent, sqlState } from '../../platform/database.ts';
import type { Pool } from '../../platform/database.ts';
import { archivedThrough, listArchives } from './archives.ts';
import type { ArchivedMonth } from './archives.ts';
import { exportLedger } from './export.ts';
import type { ChainSpan } from './items.ts';
import type { SigningKey } from './key-ring.ts';
import { IN_USE, WAIT_NO_LONGER, addToMonth, listMonths, partitionOf } from './months.ts';
import { verifyExport } from './verify-export.ts';

/** How long entries are kept in the database, in months. */
const KEPT_MONTHS = 36;

/** What is to be archived. */
export interface ArchiveRequest {
  /** Connections of the owner of the tables. */
  readonly owner: Pool;
  readonly anchorDir: string;
  readonly clock: Clock;
  /** All months before this one, 'YYYY-MM'. */
  readonly before: string;
  /** Folder for the files; made when it is not there. */
  readonly dir: string;
  /** Fingerprints of keys that are trusted; those that the ledger publishes unless said. */
  readonly trust?: readonly string[] | undefined;
  /** Signs each file as a whole. */
  readonly signer?: SigningKey | undefined;
  /** Told of each month when it is done. */
  readonly onMonth?: (archived: ArchivedMonth) => void;
}

/** A month cannot be archived; the message says why and what to do. Months before it are done. */
export class ArchiveRefused extends Error {}

/**
 * Archives the months one by one, oldest first. A month without entries leaves no file.
 * @throws ArchiveRefused, before anything is done where a month with entries is younger than three years
 */
export async function archiveMonths(request: ArchiveRequest): Promise<number> {
  const { owner, clock, before, dir } = request;
  const present = clock.today().slice(0, 7);
  if (before > present)
    throw new ArchiveRefused(`${before} has not come yet: take the present month, ${present}, or an earlier one.`);
  const months = (await listMonths(owner)).filter(({ month }) => month < before);
  // The youngest entry of a month is as old as the month after it.
  const last = addToMonth(present, -KEPT_MONTHS - 1);
  const kept = months.find(({ month, entries }) => month > last && entries > 0);
  if (kept !== undefined) {
    const until = addToMonth(last, 1);
    throw new ArchiveRefused(
      `${kept.month} holds entries that stay in the database for three years: take --before ${until} or earlier.`,
    );
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const { month } of months) request.onMonth?.(await archiveMonth(request, month));
  return months.length;
}

async function archiveMonth(request: ArchiveRequest, month: string): Promise<ArchivedMonth> {
  const { owner, clock, dir } = request;
  const { spans, entries } = await spansOf(owner, month);
  const out = join(resolve(dir), `ledger-${month}.jsonl.gz`);
  if (spans.length > 0) await exportMonth(request, month, spans, out);
  // Where checkpoints are rare, the file of the month before may tell all of this one.
  const before = (await listArchives(owner)).at(-1)?.place ?? '';
  const place = spans.length > 0 ? out : entries === 0 ? '' : before;
  const archived = {
    month,
    entries,
    digest: place === '' ? '00'.repeat(32) : await sha256Of(place),
    place,
    archivedAt: clock.now(),
    spans,
  };
  await dropMonth(owner, archived);
  return archived;
}

/** The file as it lies on the disk tells all that it should. */
async function exportMonth(
  { owner, anchorDir, clock, signer, ...request }: ArchiveRequest,
  month: string,
  spans: readonly ChainSpan[],
  out: string,
): Promise<void> {
  const trust = request.trust ?? (await publishedKeys(owner));
  await exportLedger({ pool: owner, anchorDir, clock, out, spans, signer });
  const { ok, opaque, firstFault } = await verifyExport({ file: out, trust });
  if (ok && opaque === undefined) return;
  const why = firstFault?.message ?? 'some entries are told by their digest alone';
  throw new ArchiveRefused(`${month} stays in the database, since its export ${out} does not verify: ${why}`);
}

async function publishedKeys(owner: Pool): Promise<string[]> {
  const { rows } = await owner.query<{ fingerprint: string }>('select fingerprint from ledger_key');
  return rows.map(({ fingerprint }) => fingerprint);
}

interface SealedRow {
  readonly chain: number;
  readonly entries: string;
  /** The last seal that covers entries of the month. */
  readonly last: number;
  readonly unsealed: string;
  /** The seal of the first checkpoint from that one on. */
  readonly through: number | null;
}

/**
 * The seals up to the last one that covers an entry of the month, chain by chain, to the checkpoint that signs it: from the
 * beginning, or from where the months before ended.
 */
async function spansOf(owner: Pool, month: string): Promise<{ spans: ChainSpan[]; entries: number }> {
  const ends = archivedThrough(await listArchives(owner));
  const { rows } = await owner.query<SealedRow>(
    `select sealed.*,
       (select min(k.seq) from ledger_checkpoint k where k.chain = sealed.chain and k.seq >= sealed.last) as through
     from (
       select r.chain, count(*) as entries, max(coalesce(nullif(r.seal, 0), w.seq)) as last,
         count(*) filter (where r.seal = 0 and w.seq is null) as unsealed
       from ${quoteIdent(partitionOf(month))} r
       left join ledger_sealed_write w on r.seal = 0 and w.chain = r.chain and w.entry_id = r.id
       group by r.chain
     ) sealed order by sealed.chain`,
  );
  const spans = rows.flatMap(({ chain, unsealed, last, through }): ChainSpan[] => {
    if (unsealed !== '0' || through === null)
      throw new ArchiveRefused(
        `${month} has entries of chain ${chain} that no signed checkpoint covers: start a hub, then run this again.`,
      );
    const after = ends.get(chain) ?? null;
    return after !== null && after >= last ? [] : [{ chain, after, through }];
  });
  return { spans, entries: rows.reduce((sum, { entries }) => sum + Number(entries), 0) };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The month leaves the database in the transaction that notes where it went. */
async function dropMonth(owner: Pool, archived: ArchivedMonth): Promise<void> {
  const { month, entries, digest, place, archivedAt, spans } = archived;
  const table = quoteIdent(partitionOf(month));
  await inTransaction(owner, async (client) => {
    await client.query(WAIT_NO_LONGER);
    await client.query(`lock table ${table} in access exclusive mode`);
    const { rows } = await client.query<{ entries: string }>(`select count(*) as entries from ${table}`);
    if (Number(rows[0]?.entries) !== entries)
      throw new ArchiveRefused(`${month} has other entries than when it was exported: run this again.`);
    await client.query(
      'insert into ledger_archive (month, entries, digest, place, archived_at, spans) values ($1, $2, $3, $4, $5, $6)',
      [month, entries, Buffer.from(digest, 'hex'), place, archivedAt.toISOString(), JSON.stringify(spans)],
    );
    await client.query(`alter table access_record detach partition ${table}`);
    await client.query(`drop table ${table}`);
  }).catch((error: unknown) => {
    if (sqlState(error) !== IN_USE) throw error;
    throw new ArchiveRefused(`${month} is being read by something that takes long: run this again.`);
  });
}
