import { InvalidArgumentError } from 'commander';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const LONGEST = 30 * 86_400;

/** Seconds of a span such as `8h`, `30m` or `7d`, at most 30 days; for an option of the command line. */
export function parseLifetime(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? NaN);
  if (seconds > 0 && seconds <= LONGEST) return seconds;
  throw new InvalidArgumentError('Give a span such as 30m, 8h or 7d, at most 30d.');
}
