/** Which feed an answer about a place rests on, and whether it is overdue: in SQL, for whatever reads. */
import { raw, sql } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';

/** The columns of a feed that freshness is told by. */
export interface FeedColumns {
  readonly asOf: Sql;
  readonly rhythmHours: Sql;
}

/** A delivery is overdue: the last one is older than the rhythm that was agreed, or there was none. `now` is the injected clock's. */
export const isOverdueFeed = ({ asOf, rhythmHours }: FeedColumns, now: Sql): Sql =>
  sql`(${asOf} is null or ${asOf} + make_interval(hours => ${rhythmHours}) < ${now})`;

/** Hours beyond the rhythm, whole ones; 0 while in time, null where nothing was ever delivered. */
export const hoursLate = ({ asOf, rhythmHours }: FeedColumns, now: Sql): Sql =>
  sql`case when ${asOf} is not null
    then greatest(0, floor(extract(epoch from ${now} - ${asOf}) / 3600)::int - ${rhythmHours}) end`;

/** The place of what is asked about, the finest division first: five expressions, each a code of 12 digits or null. */
export type Chain = readonly Sql[];

/**
 * One row with `as_of`, `stale` and `region_code` of the feed that an answer about this place rests on, none where nobody
 * delivers there. Of one source it is the feed of the finest division that covers the place; of several sources the stalest,
 * because the answer needs them all. A township that is not known is null in the chain, and so is no feed of everywhere.
 */
export function coveringFeed(department: Sql, record: string, chain: Chain, now: Sql): Sql {
  const codes = sql`array[${chain.flatMap((code, i) => (i === 0 ? [code] : [raw(', '), code])).reduce((a, b) => sql`${a}${b}`)}]::varchar[]`;
  const columns = { asOf: raw('finest.as_of'), rhythmHours: raw('finest.rhythm_hours') };
  return sql`select finest.as_of, finest.region_code, ${isOverdueFeed(columns, now)} as stale
    from (select distinct on (feed.source_system) feed.* from feed
      where feed.department = ${department} and feed.record = ${raw(`'${record}'`)} and feed.ended_at is null
        and (feed.region_code is null or feed.region_code = any(${codes}))
      order by feed.source_system, feed.region_code is null, array_position(${codes}, feed.region_code)) finest
    order by stale desc, finest.as_of nulls first, finest.id limit 1`;
}

/** Whether any feed of that kind of record is overdue anywhere; true as well where there is none: then nothing is known. */
export const isAnyFeedOverdue = (record: string, now: Sql): Sql =>
  sql`coalesce((select bool_or(${isOverdueFeed({ asOf: raw('feed.as_of'), rhythmHours: raw('feed.rhythm_hours') }, now)})
    from feed where feed.record = ${raw(`'${record}'`)} and feed.ended_at is null), true)`;
