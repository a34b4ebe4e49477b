/** Which months are archived, and what is still known of their entries: `verify` asks. */
import type { Pool, PoolClient } from '../../platform/database.ts';
import { monthOfId } from './months.ts';

/** A month that was exported, checked and dropped. */
export interface ArchivedMonth {
  /** 'YYYY-MM', in Asia/Shanghai. */
  readonly month: string;
  readonly entries: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string;
  /** Where the file was written. */
  readonly place: string;
  readonly archivedAt: Date;
}

/** The archived months, oldest first. */
export async function listArchives(db: Pool | PoolClient): Promise<ArchivedMonth[]> {
  const { rows } = await db.query<Omit<ArchivedMonth, 'entries'> & { entries: string }>(
    `select month, entries, encode(digest, 'hex') as digest, place, archived_at as "archivedAt"
     from ledger_archive order by month`,
  );
  return rows.map((row) => ({ ...row, entries: Number(row.entries) }));
}

/**
 * Digests of archived entries whose seal also covers entries of another month, by id: with them that seal can still be
 * checked against the entries that remain.
 */
export async function knownDigests(db: Pool | PoolClient): Promise<ReadonlyMap<string, Buffer>> {
  const { rows } = await db.query<{ id: string; digest: string }>(
    'select d.key as id, d.value as digest from ledger_archive, jsonb_each_text(shared) d',
  );
  return new Map(rows.map(({ id, digest }) => [id, Buffer.from(digest, 'hex')]));
}

/** What `verify` needs to know of archived entries. */
export interface Archived {
  /** Whether an entry with this id was in a month that is archived. */
  covers(id: string): boolean;
  /** Its digest, where its seal also covers entries of another month. */
  digestOf(id: string): Buffer | undefined;
}

/** Reads it once for a whole walk. */
export async function readArchived(db: Pool | PoolClient): Promise<Archived> {
  const months = new Set((await listArchives(db)).map(({ month }) => month));
  const known = months.size === 0 ? new Map<string, Buffer>() : await knownDigests(db);
  return {
    covers: (id) => months.size > 0 && months.has(monthOfId(id)),
    digestOf: (id) => known.get(id),
  };
}
