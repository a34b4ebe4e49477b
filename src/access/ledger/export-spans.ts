/** Which seals an export of months holds: from the last checkpoint before them to the first one after them. */
import type { PoolClient } from '../../platform/database.ts';
import type { ChainSpan } from './items.ts';

const SHANGHAI = 8 * 3_600_000; // ms before UTC, without summer time since 1991

/** The instant at which a month ('YYYY-MM') begins in Asia/Shanghai, `later` months after it. */
function startOfMonth(month: string, later = 0): Date {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + later, 1) - SHANGHAI);
}

interface Row {
  readonly chain: number;
  readonly startedAt: Date;
  readonly headAt: Date;
  readonly headSeq: number;
  /** Of the last checkpoint. */
  readonly newest: number | null;
  readonly signedSeq: number | null;
  /** The first checkpoint in or after the months, and the seal that the one before it signs. */
  readonly first: number | null;
  readonly after: number | null;
  /** The last checkpoint in or before the months, and the seal that the one after it signs. */
  readonly last: number | null;
  readonly through: number | null;
  /** The seal that the first checkpoint signs. */
  readonly firstSeq: number | null;
}

/**
 * The seals of the months, both included, by the time of checkpoints; a bound that is null is none. Clocks may go back:
 * then more is told, never less.
 */
export async function spansOfMonths(client: PoolClient, from: string | null, to: string | null): Promise<ChainSpan[]> {
  const start = from === null ? null : startOfMonth(from);
  const end = to === null ? null : startOfMonth(to, 1);
  const { rows } = await client.query<Row>(SPANS, [start?.toISOString() ?? null, end?.toISOString() ?? null]);
  return rows.flatMap((row) => spanOf(row, start, end) ?? []);
}

function spanOf(row: Row, start: Date | null, end: Date | null): ChainSpan | undefined {
  const { chain, newest, first, last } = row;
  let after: number | null = null;
  let through: number | null = null;
  if (start !== null) {
    if (first !== null) after = row.after;
    else if (newest === null ? row.headAt < start : row.headSeq === row.signedSeq) return undefined;
    else after = row.signedSeq;
  }
  if (end !== null) {
    if (last !== null) through = row.through;
    else if (row.startedAt >= end) return undefined;
    else through = row.firstSeq;
  }
  return after !== null && through !== null && after >= through ? undefined : { chain, after, through };
}

const SPANS = `
  select c.number as chain, c.started_at as "startedAt", head.at as "headAt", head.seq as "headSeq", k.newest, k.first, k.last,
    (select seq from ledger_checkpoint s where s.chain = c.number and s.number = k.newest) as "signedSeq",
    (select seq from ledger_checkpoint s where s.chain = c.number and s.number = k.first - 1) as after,
    (select seq from ledger_checkpoint s where s.chain = c.number and s.number = k.last + 1) as through,
    (select seq from ledger_checkpoint s where s.chain = c.number and s.number = 1) as "firstSeq"
  from ledger_chain c
  cross join lateral (select at, seq from ledger_seal s where s.chain = c.number order by seq desc limit 1) head
  left join (
    select chain, max(number) as newest, min(number) filter (where at >= $1::timestamptz) as first,
      max(number) filter (where at < $2::timestamptz) as last
    from ledger_checkpoint group by chain
  ) k on k.chain = c.number
  order by c.number`;

/** Entries in the spans, or in the whole ledger: checkpoints count them, so that only what none signs is counted here. */
export async function countEntries(client: PoolClient, spans: readonly ChainSpan[] | null): Promise<number> {
  const { rows } = await client.query<{ total: number }>(COUNT, [
    spans?.map(({ chain }) => chain) ?? null,
    spans?.map(({ after }) => after) ?? null,
    spans?.map(({ through }) => through) ?? null,
  ]);
  return rows[0]?.total ?? 0;
}

const COUNT = `
  with span as (
    select * from unnest($1::int[], $2::int[], $3::int[]) as s (chain, after, through)
    union all
    select number, null, null from ledger_chain where $1::int[] is null
  )
  select coalesce(sum(
    coalesce((select k.entries from ledger_checkpoint k where k.chain = s.chain and k.seq = s.through),
      signed.entries + (
        select coalesce(sum(octet_length(l.entries)), 0) / 16 from ledger_seal l where l.chain = s.chain and l.seq > signed.seq
      ))
    - coalesce((select k.entries from ledger_checkpoint k where k.chain = s.chain and k.seq = s.after), 0)
  ), 0)::float8 as total
  from span s
  cross join lateral (
    select coalesce(max(entries), 0) as entries, coalesce(max(seq), 0) as seq from (
      select entries, seq from ledger_checkpoint k where k.chain = s.chain order by k.number desc limit 1
    ) newest
  ) signed`;
