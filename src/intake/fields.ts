/**
 * Builders of the fields of a kind. Each reads leniently what departments write and gives the one canonical text that
 * the column's type takes; what would have to be guessed is a fault of that field.
 */
import { meaningsOf } from '../graph/index.ts';
import type { FaultCode } from './faults.ts';
import { toDate, toDecimal, toDivision, toFen, toMonth, toWhole, toYesNo } from './lenient-values.ts';
import type { RecordField } from './record-kind.ts';

/** What every builder takes. */
export interface FieldOptions {
  /** '学校名称 · Name of the school' */
  readonly title: string;
  /** False unless said. */
  readonly required?: boolean;
  /** Column of the kind's own table; without it the writer reads the content itself. */
  readonly column?: string;
}

/** Controls and NUL, which PostgreSQL or a log cannot hold; half of a character, or what stands in its place. */
export const NOT_STORABLE = /[\p{Cc}\p{Cs}\ufffd]/u;
/** Longest text that is looked at as a code, number or date. */
const LONGEST_WORD = 100;
const LONGEST_TEXT = 200;
const SPACES = /\s+/gu;

type Rest = Pick<RecordField, 'sqlType' | 'read' | 'fault'> & Partial<Pick<RecordField, 'verbatim' | 'warn'>>;

const make = (name: string, { title, required = false, column }: FieldOptions, rest: Rest): RecordField => ({
  name,
  title,
  required,
  column,
  ...rest,
});

/** A code, number or date, in which spaces mean nothing. */
const word =
  (rule: (bare: string) => string | undefined) =>
  (text: string): string | undefined =>
    text.length > LONGEST_WORD ? undefined : rule(text.replace(SPACES, ''));

const typed = (
  name: string,
  options: FieldOptions,
  sqlType: string,
  fault: FaultCode,
  rule: (bare: string) => string | undefined,
): RecordField => make(name, options, { sqlType, fault, read: word(rule) });

/** Free text as delivered, in NFC; at most `most` code points (200 unless said). */
function text(name: string, options: FieldOptions & { readonly most?: number }): RecordField {
  const { most = LONGEST_TEXT } = options;
  return make(name, options, {
    sqlType: 'varchar',
    fault: 'BAD_TEXT',
    verbatim: true,
    read: (sent) =>
      sent.length > 2 * most || NOT_STORABLE.test(sent) || Array.from(sent).length > most ? undefined : sent,
  });
}

/** A date: 'YYYY-MM-DD'. Whether it may lie in the future is the kind's `check`. */
const date = (name: string, options: FieldOptions): RecordField => typed(name, options, 'date', 'BAD_DATE', toDate);

/** A month: 'YYYY-MM'; a date is taken as the month in which it lies. */
const month = (name: string, options: FieldOptions): RecordField =>
  typed(name, options, 'varchar', 'BAD_MONTH', (bare) => toMonth(bare) ?? toDate(bare)?.slice(0, 7));

/** A sum in yuan, not below zero (or above it where `positive`); canonical text: fen. */
const yuan = (name: string, options: FieldOptions & { readonly positive?: boolean }): RecordField =>
  typed(name, options, 'bigint', 'BAD_AMOUNT', (bare) => toFen(bare, options.positive === true ? 1n : 0n)?.toString());

/** A whole number between `least` (0 unless said) and `most`, both included. */
function whole(name: string, options: FieldOptions & { readonly least?: number; readonly most?: number }): RecordField {
  const { least = 0, most = 999_999_999 } = options;
  return typed(name, options, 'int', 'BAD_NUMBER', (bare) => {
    const found = toWhole(bare);
    return found !== undefined && found >= least && found <= most ? String(found) : undefined;
  });
}

/** A number of at most `digits` digits, `places` of them after the point; not below `least` (0 unless said). */
function decimal(
  name: string,
  options: FieldOptions & { readonly digits: number; readonly places: number; readonly least?: number },
): RecordField {
  const { digits, places, least = 0 } = options;
  return typed(name, options, `numeric(${digits},${places})`, 'BAD_NUMBER', (bare) => {
    const found = toDecimal(bare, places);
    if (found === undefined || Number(found) < least) return undefined;
    return Math.abs(Number(found)) < 10 ** (digits - places) ? found : undefined;
  });
}

/** Yes or no, as 是 and 否, 1 and 0, Y and N, and others write it. */
const yesNo = (name: string, options: FieldOptions): RecordField =>
  typed(name, options, 'boolean', 'BAD_YES_NO', (bare) => toYesNo(bare)?.toString());

/** Other words for codes of a list, by word. */
export type Aliases<List extends object> = Readonly<Record<string, keyof List & string>>;

/** One code of a closed list, by code, by the Chinese name that its description begins with, or by an alias. */
function oneOf<List extends object>(
  name: string,
  list: List,
  options: FieldOptions & { readonly aliases?: Aliases<List> },
): RecordField {
  const codes = codesOf(list, options.aliases);
  return typed(name, options, 'varchar', 'BAD_CODE', (bare) => codes.get(fold(bare)));
}

/** Several codes of a closed list, between commas, semicolons or 、; canonical text: PostgreSQL's array. */
function list<List extends object>(
  name: string,
  values: List,
  options: FieldOptions & { readonly aliases?: Aliases<List> },
): RecordField {
  const codes = codesOf(values, options.aliases);
  return typed(name, options, 'text[]', 'BAD_CODE', (bare) => {
    const found = bare
      .split(/[,;、|/]/u)
      .filter((part) => part !== '')
      .map((part) => codes.get(fold(part)));
    if (found.length === 0 || found.includes(undefined)) return undefined;
    return `{${[...new Set(found)].sort().join(',')}}`;
  });
}

/** A division by its code of 2 to 12 digits; canonical text: 12 digits, as delivered and not resolved. */
const region = (name: string, options: FieldOptions): RecordField =>
  typed(name, options, 'varchar', 'BAD_DIVISION', toDivision);

const USCC_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * A unified social credit code (GB 32100), 18 signs in upper case. A check character that differs is a warning and no
 * fault: real codes exist that fail it.
 */
const uscc = (name: string, options: FieldOptions): RecordField => ({
  ...typed(name, options, 'varchar', 'BAD_TEXT', (bare) =>
    /^[0-9A-Z]{18}$/u.test(bare.toUpperCase()) ? bare.toUpperCase() : undefined,
  ),
  warn: (code) => (usccAgrees(code) ? undefined : 'BAD_USCC'),
});

/** Weights 3^i mod 31; the last sign is what is missing to a multiple of 31. */
function usccAgrees(code: string): boolean {
  let sum = 0;
  let weight = 1;
  for (const sign of code.slice(0, 17)) {
    const value = USCC_SIGNS.indexOf(sign);
    if (value < 0) return false;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return code.charAt(17) === USCC_SIGNS.charAt((31 - (sum % 31)) % 31);
}

/** Words by which a code is found: the code, the Chinese name in whole, without its brackets, and what is in them. */
function codesOf<List extends object>(list: List, aliases: Aliases<List> = {}): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  const clash = new Set<string>();
  for (const [code, meaning] of Object.entries(meaningsOf(list))) {
    const [chinese = ''] = meaning.split(' · ');
    const bare = chinese.replace(/[（(].*$/u, '');
    const inside = /[（(]([^）)]*)[）)]/u.exec(chinese)?.[1] ?? '';
    for (const one of new Set([chinese, bare, inside].map(fold))) {
      if (one === '') continue;
      if (codes.has(one)) clash.add(one);
      codes.set(one, code);
    }
  }
  // A word that two codes share names neither of them.
  for (const one of clash) codes.delete(one);
  for (const code of Object.keys(list)) codes.set(fold(code), code);
  for (const [alias, code] of Object.entries<string>(aliases)) codes.set(fold(alias), code);
  return codes;
}

const fold = (sent: string): string => sent.normalize('NFKC').replace(SPACES, '').toUpperCase();

/** The builders. */
export const field = { text, date, month, yuan, whole, decimal, yesNo, oneOf, list, region, uscc } as const;
