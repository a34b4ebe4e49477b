/** Terms: the year in which they are and 1 (spring) or 2 (autumn), e.g. '2026-2'. */
import type { FieldOptions, RecordField } from '../../intake/index.ts';

/** The CHECK on a term. */
export const TERM_CHECK = `term ~ '^[0-9]{4}-[12]$'`;

const SPRING = /^(\d{4})年?(?:春季?|上半年)(?:学期)?$/u;
const AUTUMN = /^(\d{4})年?(?:秋季?|下半年)(?:学期)?$/u;
/** A school year has two names for its years and begins in autumn: its second term lies in the spring of the next year. */
const SCHOOL_YEAR = /^(\d{4})[-—–~至](\d{4})(?:学年度?)?[-，,]?第?([12一二上下])(?:学期)?$/u;

/** A term as schools write it: `2026-2`, `2026年秋季学期`, `2026-2027学年第一学期`; undefined where it is none. */
export function toTerm(text: string): string | undefined {
  const plain = /^(\d{4})-?([12])$/u.exec(text);
  if (plain !== null) return `${plain[1] ?? ''}-${plain[2] ?? ''}`;
  const spring = SPRING.exec(text)?.[1];
  if (spring !== undefined) return `${spring}-1`;
  const autumn = AUTUMN.exec(text)?.[1];
  if (autumn !== undefined) return `${autumn}-2`;
  const [, from, to, half = ''] = SCHOOL_YEAR.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(to) !== Number(from) + 1) return undefined;
  return '1一上'.includes(half) ? `${from}-2` : `${to}-1`;
}

/** The field of a term. */
export const termField = (name: string, { title, required = false, column }: FieldOptions): RecordField => ({
  name,
  title,
  required,
  column,
  sqlType: 'varchar',
  fault: 'BAD_TERM',
  read: (text) => toTerm(text.replace(/\s+/gu, '')),
});
