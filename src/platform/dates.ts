/**
 * Calendar dates ('YYYY-MM-DD') and months ('YYYY-MM') as text: they have no time zone and sort as they stand.
 * Validity includes both ends everywhere in the hub.
 */
import { Temporal } from 'temporal-polyfill';

const DATE = /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})$/;
const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;
// PostgreSQL has no year 0 and the hub no reason for antiquity; the bound also keeps arithmetic inside four digits.
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** The date when the text is exactly 'YYYY-MM-DD' and on the calendar between 1900 and 2199; otherwise undefined. */
export function parseDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!inRange(year) || day === 0) return undefined;
  // Day 0 of the next month is the last of this one. A report has thousands of dates, and Temporal takes its time.
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate() ? text : undefined;
}

/** The month when the text is exactly 'YYYY-MM' between 1900 and 2199; otherwise undefined. */
export function parseMonth(text: string): string | undefined {
  const match = MONTH.exec(text);
  return match !== null && inRange(Number(match[1])) ? text : undefined;
}

/** The month in which a date lies. */
export function monthOf(date: string): string {
  return date.slice(0, 7);
}

/** First and last day of a month, both included. */
export function daysOfMonth(month: string): { first: string; last: string } {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month);
  return { first: `${month}-01`, last: `${month}-${String(daysInMonth)}` };
}

/** The date so many days later; earlier when negative. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The date so many calendar months later, at most the last day of that month (31 January + 1 = 28 or 29 February). */
export function addMonths(date: string, months: number): string {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Whole days from one date to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;
}

/** Full years of age (周岁) on a date; the birthday itself completes the year, 29 February on 1 March where it is missing. */
export function ageOn(birthDate: string, date: string): number {
  return Temporal.PlainDate.from(birthDate).until(date, { largestUnit: 'year' }).years;
}

/** Whether a date lies within a validity; both ends belong to it, and no end means open. */
export function isWithin(date: string, from: string, to?: string | null): boolean {
  return date >= from && (to === undefined || to === null || date <= to);
}

/** The calendar date in China (Asia/Shanghai, UTC+8 all year) at an instant. */
export function dateInChina(at: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO('Asia/Shanghai')
    .toPlainDate()
    .toString();
}

function inRange(year: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}
