/**
 * Terms in working days, in SQL over `calendar_day`. The day of the event is not counted itself (民法典 art. 201). Where the
 * calendar does not reach, the answer is null: unknown, never guessed.
 */
import { sql } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';

/** How many working days there are up to and including a day. */
const ordinalOf = (day: Sql): Sql => sql`(select known.ordinal from calendar_day known where known.day = ${day})`;

/** The last day of a term of so many working days from an event on that day. */
export const lastWorkingDay = (from: Sql, days: Sql): Sql =>
  sql`(select due.day from calendar_day due where due.working and due.ordinal = ${ordinalOf(from)} + ${days})`;

/** Working days after today up to and including the last one; 0 on that day, negative afterwards. */
export const workingDaysUntil = (from: Sql, days: Sql, today: Sql): Sql =>
  sql`(${ordinalOf(from)} + ${days} - ${ordinalOf(today)})`;
