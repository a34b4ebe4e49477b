/** Which months are archived, where they are, and which seals they took along: `verify` asks. */
import type { Pool, PoolClient } from '../../platform/database.ts';
import type { ChainSpan } from './items.ts';

/** A month that was exported, verified and dropped. */
export interface ArchivedMonth {
  /** 'YYYY-MM', in Asia/Shanghai. */
  readonly month: string;
  readonly entries: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string;
  /** Where the file was written; empty for a month without entries. */
  readonly place: string;
  readonly archivedAt: Date;
  /** The seals that the file tells: the database holds them, but no longer all of their entries. */
  readonly spans: readonly ChainSpan[];
}

/** The archived months, oldest first. */
export async function listArchives(db: Pool | PoolClient): Promise<ArchivedMonth[]> {
  const { rows } = await db.query<Omit<ArchivedMonth, 'entries'> & { readonly entries: string }>(
    `select month, entries, encode(digest, 'hex') as digest, place, archived_at as "archivedAt", spans
     from ledger_archive order by month`,
  );
  return rows.map((row) => ({ ...row, entries: Number(row.entries) }));
}

/** The last seal that an archive tells, by chain: archives begin where the one before ended. */
export function archivedThrough(archives: readonly ArchivedMonth[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  for (const { chain, through } of archives.flatMap(({ spans }) => spans))
    ends.set(chain, Math.max(through ?? 0, ends.get(chain) ?? 0));
  return ends;
}
