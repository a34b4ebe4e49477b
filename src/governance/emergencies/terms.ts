/** How long an emergency access lasts, how often it may be opened, and when its review is due. */
import type { PoolClient } from '../../platform/database.ts';
import { addDays } from '../../platform/dates.ts';
import { UnknownYearError, addWorkingDays } from '../../platform/working-days.ts';
import { loadWorkingCalendar } from '../requests/calendar.ts';

/** Two hours: long enough for a rescue, and over by itself before anybody forgets it. */
export const OPEN_MINUTES = 120;

/**
 * Openings a client may make in a day (Asia/Shanghai). Somebody on duty meets a few emergencies; who needs more every day
 * needs an agreement, with a request and an answer of the owner (政务数据共享条例 art. 20).
 */
export const MOST_A_DAY = 5;

/** Characters of a reason. Ten say more than "紧急情况". */
export const REASON = { shortest: 10, longest: 500 } as const;

/** Most characters of a reviewer's note. */
export const LONGEST_NOTE = 1_000;

const REVIEW_DAYS = 3;

/**
 * The last day for the review of what was opened on `day`: the third working day after it. Where the calendar of
 * holidays does not reach, the third day, which is never later.
 */
export async function reviewDueOn(tx: Pick<PoolClient, 'query'>, day: string): Promise<string> {
  try {
    return addWorkingDays(await loadWorkingCalendar(tx), day, REVIEW_DAYS);
  } catch (error) {
    if (error instanceof UnknownYearError) return addDays(day, REVIEW_DAYS);
    throw error;
  }
}
