/**
 * Values as departments write them, brought to the one form that the hub keeps; undefined where the meaning would have
 * to be guessed. Every text arrives in NFKC (full-width figures are plain ones) and without spaces.
 */
import { parseDate, parseMonth } from '../platform/dates.ts';
import { parseYuan } from '../platform/money.ts';

/** Stands where a character was broken: the rules of every field refuse it, so the row is lost and not the call. */
export const REPLACEMENT = '\ufffd';

/** Ten figures of yuan: beyond it is a slip of the pen. */
const MOST_FEN = 999_999_999_999n;

const DATE =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/;
const MONTH = /^(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月|(\d{2}))$/;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/;
const DIVISION = /^(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/;
const WHOLE = /^-?\d{1,9}$/;
const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/;
const YES = new Set(['是', '有', 'Y', 'YES', '1', 'T', 'TRUE', '√', '对']);
const NO = new Set(['否', '无', '没有', 'N', 'NO', '0', 'F', 'FALSE', '×', 'X', '非']);
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

/** Fen of a sum above zero, or from `least` on: 1200, 1200.5, 1,200.50, ¥1200, 1200元. */
export function toFen(text: string, least = 1n): bigint | undefined {
  const bare = text.replace(/^¥/u, '').replace(/元$/u, '');
  const fen = parseYuan(THOUSANDS.test(bare) ? bare.replaceAll(',', '') : bare);
  return fen !== undefined && fen >= least && fen <= MOST_FEN ? fen : undefined;
}

/** A whole number: 12, 012, 1,200, -3. */
export function toWhole(text: string): number | undefined {
  const bare = THOUSANDS.test(text) ? text.replaceAll(',', '') : text;
  return WHOLE.test(bare) ? Number(bare) : undefined;
}

/** A decimal number with at most so many places, as PostgreSQL writes it: 01.50 → '1.5'. */
export function toDecimal(text: string, places: number): string | undefined {
  const match = DECIMAL.exec(text);
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  const digits = fraction.replace(/0+$/u, '');
  if (match === null || digits.length > places) return undefined;
  const bare = `${whole.replace(/^0+(?=\d)/u, '')}${digits === '' ? '' : `.${digits}`}`;
  return bare === '0' ? bare : sign + bare;
}

/** 是, 有, Y, 1, true, √ → true; 否, 无, N, 0, false, × → false. */
export function toYesNo(text: string): boolean | undefined {
  const word = text.toUpperCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
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
