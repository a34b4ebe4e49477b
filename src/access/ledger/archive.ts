/**
 * Archives months of the ledger: each is written to a file, the file is checked, and only then the month leaves the
 * database. Its seals stay. Entries are kept three years at least (政务数据共享条例 art. 29; 网络数据安全管理条例 art. 12;
 * 个人信息保护法 art. 56).
 */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { inTransaction, quoteIdent } from '../../platform/database.ts';
import type { Pool } from '../../platform/database.ts';
import { checkArchive, writeArchive } from './archive-file.ts';
import type { ArchiveLine, CheckedArchive } from './archive-file.ts';
import { archiveLines } from './archive-lines.ts';
import { addToMonth, listMonths, monthOfId, partitionOf } from './months.ts';

/** How long entries are kept in the database, in months. */
export const KEPT_MONTHS = 36;

/** What is to be archived. */
export interface ArchiveRequest {
  /** Connections of the owner of the tables. */
  readonly owner: Pool;
  readonly clock: Clock;
  /** All months before this one, 'YYYY-MM'. */
  readonly before: string;
  /** Folder for the files; made when it is not there. */
  readonly dir: string;
  /** Told of each month when it is done. */
  readonly onMonth?: (archived: CheckedArchive & { readonly path: string }) => void;
}

/** The request asks for what must be kept; the message says what may be archived. */
export class ArchiveRefused extends Error {}

/**
 * Archives the months one by one, oldest first; what was done stays done when a later one fails.
 * @throws ArchiveRefused, before anything is done, where a month with entries is younger than three years
 */
export async function archiveMonths({ owner, clock, before, dir, onMonth }: ArchiveRequest): Promise<number> {
  const present = clock.today().slice(0, 7);
  if (before > present)
    throw new ArchiveRefused(`${before} has not come yet: months up to the last one can be archived.`);
  const months = (await listMonths(owner)).filter(({ month }) => month < before);
  // The youngest entry of a month is as old as the month after it.
  const last = addToMonth(present, -KEPT_MONTHS - 1);
  const kept = months.find(({ month, entries }) => month > last && entries > 0);
  if (kept !== undefined)
    throw new ArchiveRefused(
      `${kept.month} holds entries that are to be kept in the database for three years; take --before ${addToMonth(last, 1)} or earlier.`,
    );
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const { month } of months) {
    const path = join(resolve(dir), `ledger-${month}.ndjson.gz`);
    const checked = await writeMonth(owner, month, path);
    await dropMonth(owner, clock, checked, path);
    onMonth?.({ ...checked, path });
  }
  return months.length;
}

/** Writes the file and checks it as it lies on the disk. */
async function writeMonth(owner: Pool, month: string, path: string): Promise<CheckedArchive & SharedSeals> {
  // A file that an interrupted run left is no evidence of anything: its month is still in the database.
  await rm(path, { force: true });
  const shared: Record<string, string> = {};
  await inTransaction(
    owner,
    async (client) => {
      await client.query('set transaction read only');
      await writeArchive(path, noted(archiveLines(client, month), month, shared));
    },
    { isolation: 'REPEATABLE READ', retries: 0 },
  );
  return { ...(await checkArchive(path)), shared };
}

interface SharedSeals {
  /** Digests of the month's entries whose seals also cover entries of another month, by id. */
  readonly shared: Readonly<Record<string, string>>;
}

async function* noted(
  lines: AsyncIterable<ArchiveLine>,
  month: string,
  shared: Record<string, string>,
): AsyncGenerator<ArchiveLine> {
  let straddles = false;
  for await (const line of lines) {
    if (line.what === 'seal') straddles = line.entries.some((id) => monthOfId(id) !== month);
    if (line.what === 'entry' && straddles) shared[line.id] = line.digest;
    yield line;
  }
}

/** The month leaves the database in the transaction in which it is noted where it went. */
async function dropMonth(
  owner: Pool,
  clock: Clock,
  { month, entries, digest, shared }: CheckedArchive & SharedSeals,
  path: string,
): Promise<void> {
  const table = quoteIdent(partitionOf(month));
  await inTransaction(owner, async (client) => {
    await client.query(`lock table ${table} in access exclusive mode`);
    const { rows } = await client.query<{ entries: string }>(`select count(*) as entries from ${table}`);
    if (Number(rows[0]?.entries) !== entries)
      throw new Error(`${month} has other entries than when it was written: run this again.`);
    await client.query(
      'insert into ledger_archive (month, entries, digest, place, archived_at, shared) values ($1, $2, $3, $4, $5, $6)',
      [month, entries, digest, path, clock.now().toISOString(), JSON.stringify(shared)],
    );
    await client.query(`alter table access_record detach partition ${table}`);
    await client.query(`drop table ${table}`);
  });
}
