/** What became of the rows of a feed's deliveries: in SQL over the deliveries that were applied. */
import { raw, sql } from '../graph/index.ts';
import type { Row, Sql } from '../graph/index.ts';

/** Deliveries of the very source, kind of record and region of the feed. */
const ofFeed = (feed: Row): Sql =>
  sql`applied.source_system = ${feed.column('sourceSystem')} and applied.record = ${feed.column('record')}
    and applied.department = ${feed.column('department')}
    and applied.region_code is not distinct from ${feed.column('regionCode')} and applied.state = 'APPLIED'`;

const COUNTS = {
  rows: raw('applied.row_count'),
  recorded: raw('applied.recorded_count + applied.changed_count'),
  rejected: raw('applied.faulty_count + applied.rejected_count'),
} as const;

/** A count of the last one; null where there was none. */
export const lastDelivery = (feed: Row, count: keyof typeof COUNTS): Sql =>
  sql`(select ${COUNTS[count]} from delivery applied where ${ofFeed(feed)}
    order by applied.finished_at desc, applied.id desc limit 1)`;

/** Rows sent back as a share of all rows of the last 30 days; null where there were none. */
export const errorRateOf = (feed: Row, now: Sql): Sql =>
  sql`(select round(sum(${COUNTS.rejected})::numeric / nullif(sum(${COUNTS.rows}), 0), 4)::text from delivery applied
    where ${ofFeed(feed)} and applied.finished_at > ${now} - interval '30 days')`;
