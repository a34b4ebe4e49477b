/**
 * The legal clocks of an answer, in SQL over `calendar_day` (政务数据共享条例 art. 21: 1 working day where sharing is
 * unconditional, 10 where it is conditional, extended once by at most 10). The day of receipt is not counted (民法典
 * art. 201). What is granted is delivered within 20 (art. 22). Where the calendar does not reach, the answer is null: unknown, never guessed.
 */
import { callerSlot, raw, sql } from '../../graph/index.ts';
import type { Row, Sql } from '../../graph/index.ts';

/** Working days for an answer, by the sharing attribute of what is asked for. */
export const TERM_DAYS = { UNCONDITIONAL: 1, CONDITIONAL: 10 } as const;
/** Working days by which the owner may extend its term, once. */
export const EXTENSION_DAYS = 10;

/** Working days from a grant to the delivery of what was granted (政务数据共享条例 art. 22). */
const DELIVERY_DAYS = 20;

const today = callerSlot<string>('today', 'date');

/** How many working days there are up to and including a day. */
const ordinalOf = (day: Sql): Sql => sql`(select known.ordinal from calendar_day known where known.day = ${day})`;

const lastOrdinal = (answer: Row): Sql =>
  sql`(${ordinalOf(answer.column('receivedOn'))} + ${answer.column('termDays')} + ${answer.column('extendedDays')})`;

/** The last day on which an answer is in time. */
export const dueOn = (answer: Row): Sql =>
  sql`(select due.day from calendar_day due where due.working and due.ordinal = ${lastOrdinal(answer)})`;

/** Working days after today up to and including the due day; 0 on that day, negative afterwards. */
export const workingDaysLeft = (answer: Row): Sql => sql`(${lastOrdinal(answer)} - ${ordinalOf(sql`${today}`)})`;

/** The last day to deliver what was granted; null where nothing was, or where the calendar does not reach. */
export function deliverBy(answer: Row): Sql {
  const answeredOn = sql`(${answer.column('answeredAt')} at time zone 'Asia/Shanghai')::date`;
  return sql`(select due.day from calendar_day due where ${answer.column('verdict')} = 'GRANTED' and due.working
    and due.ordinal = ${ordinalOf(answeredOn)} + ${raw(String(DELIVERY_DAYS))})`;
}

/** Whether an answer is awaited and late. Null where the calendar does not tell. */
export const isOverdue = (answer: Row): Sql =>
  sql`(${answer.column('verdict')} = 'PENDING' and ${dueOn(answer)} < ${today})`;
