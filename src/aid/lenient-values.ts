/**
 * Values as departments write them, brought to the one form that the hub keeps; undefined where the meaning would have
 * to be guessed. Every text arrives in NFKC (full-width figures are plain ones) and without spaces.
 */
import { parseDate, parseMonth } from '../platform/dates.ts';
import { parseYuan } from '../platform/money.ts';

/** Ten figures of yuan: beyond it is a slip of the pen. */
const MOST_FEN = 999_999_999_999n;

const DATE =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/;
const MONTH = /^(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月|(\d{2}))$/;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/;
const DIVISION = /^(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;
const VERSION = /^\d{1,9}$/;

/** 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301 → '2026-03-01'. Year first only: 3/1/2026 could be two days. */
export function toDate(text: string): string | undefined {
  const [year, month, day] = parts(DATE, text);
  return year === undefined ? undefined : parseDate(`${year}-${two(month)}-${two(day)}`);
}

/** 2026-03, 2026/3, 2026.3, 2026年3月, 202603 → '2026-03'. */
export function toMonth(text: string): string | undefined {
  const [year, month] = parts(MONTH, text);
  return year === undefined ? undefined : parseMonth(`${year}-${two(month)}`);
}

/** Fen of a sum above zero: 1200, 1200.5, 1,200.50, ¥1200, 1200元. */
export function toFen(text: string): bigint | undefined {
  const bare = text.replace(/^¥/u, '').replace(/元$/u, '');
  const fen = parseYuan(THOUSANDS.test(bare) ? bare.replaceAll(',', '') : bare);
  return fen !== undefined && fen > 0n && fen <= MOST_FEN ? fen : undefined;
}

/** A version number from 1. */
export function toVersion(text: string): number | undefined {
  const version = VERSION.test(text) ? Number(text) : 0;
  return version > 0 ? version : undefined;
}

/** A division code of 2, 4, 6, 9 or 12 digits, filled with zeros to 12. */
export function toDivision(text: string): string | undefined {
  return DIVISION.test(text) ? text.padEnd(12, '0') : undefined;
}

/** What the pattern's groups caught, in order. */
function parts(pattern: RegExp, text: string): readonly string[] {
  const caught: readonly (string | undefined)[] = pattern.exec(text)?.slice(1) ?? [];
  return caught.filter((part) => part !== undefined);
}

function two(digits: string | undefined): string {
  return (digits ?? '').padStart(2, '0');
}
