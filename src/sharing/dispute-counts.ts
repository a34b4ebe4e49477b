/** How many values of a feed's kind of record are disputed: the accuracy of a source beside its timeliness. */
import { callerSlot, sql } from '../graph/index.ts';
import type { Row, Sql } from '../graph/index.ts';
import { lastWorkingDay } from '../registry/index.ts';
import { raw } from '../graph/index.ts';

const late = lastWorkingDay(raw('disputed.opened_on'), raw('disputed.term_days'));

/** Which disputes count. */
export const DisputeCounts = {
  open: raw('true'),
  overdue: sql`${late} < ${callerSlot('today', 'date')}`,
} as const;

/** How many corrections of that kind of record await the department's answer. */
export const disputesOf = (feed: Row, which: Sql): Sql =>
  sql`(select count(*)::int from correction disputed where disputed.owner = ${feed.column('department')}
    and disputed.record = ${feed.column('record')} and disputed.state = 'OPEN' and ${which})`;
