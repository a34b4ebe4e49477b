/** Dates as days since 1970-01-01: compared, added and drawn as numbers, written as 'YYYY-MM-DD' at the edge. */

const MS_A_DAY = 86_400_000;
/** Days before 1970 come first: the oldest person of any population was born after 1800. */
const OLDEST = 70_000;
const written: (string | undefined)[] = [];

/** The day of a date 'YYYY-MM-DD'. */
export function dayOf(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / MS_A_DAY);
}

/** 'YYYY-MM-DD'. Each day is written once and remembered: a million persons share some forty thousand dates. */
export function dateOf(day: number): string {
  return (written[day + OLDEST] ??= new Date(day * MS_A_DAY).toISOString().slice(0, 10));
}

/** 'YYYY-MM'. */
export function monthOf(day: number): string {
  return dateOf(day).slice(0, 7);
}

/** The first day of the month that lies `months` after the month of `day`; negative for before. */
export function monthStart(day: number, months = 0): number {
  const date = new Date(day * MS_A_DAY);
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / MS_A_DAY);
}

/** The last day of the month that lies `months` after the month of `day`. */
export function monthEnd(day: number, months = 0): number {
  return monthStart(day, months + 1) - 1;
}

/** Midnight at the beginning of the day in China, in milliseconds. */
export function midnight(day: number): number {
  return day * MS_A_DAY - 8 * 3_600_000;
}

/** Full years between a birth and a day. */
export function ageOn(born: number, day: number): number {
  const birth = dateOf(born);
  const then = dateOf(day);
  const years = Number(then.slice(0, 4)) - Number(birth.slice(0, 4));
  return then.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** The school term that a day lies in: '2026-1' from September to January, '2026-2' from February to August of 2027. */
export function termOf(day: number): string {
  const year = Number(dateOf(day).slice(0, 4));
  const month = Number(dateOf(day).slice(5, 7));
  if (month >= 9) return `${year}-1`;
  return month === 1 ? `${year - 1}-1` : `${year - 1}-2`;
}
