/**
 * Working days (工作日) over the State Council's arrangements of holidays: Monday to Friday without the days off, and the
 * Saturdays and Sundays that are worked in exchange (调休). Days are 'YYYY-MM-DD' in China. A term in working days begins
 * on the day after the event, which is not counted itself, and lasts to the end of its last day (民法典 art. 201, 203).
 * Terms in calendar days are `addDays` of dates.ts, terms in hours are arithmetic on instants: three clocks, three names.
 */
import { addDays, parseDate } from './dates.ts';

/** What the arrangements say, over the years that they cover. */
export interface WorkingCalendar {
  /** Years whose arrangement is known, e.g. 2026. */
  readonly years: ReadonlySet<number>;
  /** Days on which no office works, weekends included or not. */
  readonly off: ReadonlySet<string>;
  /** Saturdays and Sundays that are worked. */
  readonly worked: ReadonlySet<string>;
}

/** The calendar does not reach there; whether that day is worked is not known, and nobody may guess it. */
export class UnknownYearError extends Error {
  override readonly name = 'UnknownYearError';
  readonly year: number;

  constructor(year: number) {
    super(`The arrangement of holidays of ${String(year)} is not in the calendar; load it first`);
    this.year = year;
  }
}

/** @throws UnknownYearError, and RangeError for what is no date */
export function isWorkingDay(calendar: WorkingCalendar, day: string): boolean {
  if (parseDate(day) === undefined) throw new RangeError('A day is YYYY-MM-DD, on the calendar');
  const year = Number(day.slice(0, 4));
  if (!calendar.years.has(year)) throw new UnknownYearError(year);
  if (calendar.worked.has(day)) return true;
  return !calendar.off.has(day) && !isWeekend(day);
}

/** Whether the day is a Saturday or a Sunday, whatever any arrangement says. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/**
 * The last day of a term of so many working days (at least 1) from an event on `day`, which need not be a working day.
 * @throws UnknownYearError when the term leaves the known years, RangeError
 */
export function addWorkingDays(calendar: WorkingCalendar, day: string, count: number): string {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('A term has at least one working day');
  // The event's own year counts too: nothing is told about days that no arrangement covers.
  isWorkingDay(calendar, day);
  let last = day;
  for (let left = count; left > 0;) {
    last = addDays(last, 1);
    if (isWorkingDay(calendar, last)) left -= 1;
  }
  return last;
}

/**
 * How many working days lie after `from` up to and including `to`; negative when `to` is earlier.
 * @throws UnknownYearError, RangeError
 */
export function workingDaysBetween(calendar: WorkingCalendar, from: string, to: string): number {
  isWorkingDay(calendar, from);
  isWorkingDay(calendar, to);
  if (to < from) return 0 - workingDaysBetween(calendar, to, from);
  let count = 0;
  for (let day = from; day < to;) {
    day = addDays(day, 1);
    if (isWorkingDay(calendar, day)) count += 1;
  }
  return count;
}
