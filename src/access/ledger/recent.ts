import type { Pool } from '../../platform/database.ts';

/** One line of the ledger, as somebody reads it who asks what happened lately. */
export interface RecentAccess {
  readonly id: string;
  readonly at: Date;
  readonly client: string;
  readonly purpose: string | null;
  readonly caseNo: string | null;
  readonly kind: 'READ' | 'WRITE';
  readonly decision: 'ALLOWED' | 'REFUSED';
  readonly reason: string | null;
  /** Name of the operation, or the beginning of its text. */
  readonly operation: string;
  readonly items: number | null;
  readonly persons: number;
  readonly households: number;
  readonly misses: number;
}

/** The last entries that were sealed, oldest first. Reads the ends of the newest chains, so its cost does not grow. */
export async function recentAccesses(pool: Pool, limit: number): Promise<RecentAccess[]> {
  const { rows } = await pool.query<RecentAccess>(RECENT, [limit]);
  return rows;
}

const CHAINS = 100; // the newest ones, which are those that live

const RECENT = `
  with seals as (
    select s.chain, s.seq
    from (select number from ledger_chain order by number desc limit ${CHAINS}) c
    cross join lateral (
      select chain, seq, at from ledger_seal
      where chain = c.number and entries is not null order by seq desc limit $1
    ) s
    order by s.at desc limit $1
  ), entries as (
    select l.* from seals s join access_log l on l.chain = s.chain and l.seal = s.seq
    union all
    select l.* from seals s
    join ledger_sealed_write w on w.chain = s.chain and w.seq = s.seq
    join access_log l on l.chain = w.chain and l.seal = 0 and l.id = w.entry_id
    order by at desc, id desc limit $1
  )
  select id, at, client, purpose, case_no as "caseNo", kind, decision, reason,
    coalesce(operation_name, left(regexp_replace(operation_text, '\\s+', ' ', 'g'), 40)) as operation, items,
    coalesce(cardinality(persons), 0) as persons, coalesce(cardinality(households), 0) as households, misses
  from entries order by at, id`;
