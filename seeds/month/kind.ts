/**
 * The records of a month: who is in which, what a row says, under which headers, and which of its own faults may be put into
 * it. Headers are those of the templates, and their aliases; what they mean is written down here once more, on purpose.
 */
import type { Draw, MonthPerson } from './people.ts';

/** The cells of a row by field; the subject's own are added by the writer. */
export type Cells = Readonly<Record<string, string>>;

/** A fault that one record can have: cells in place of the sound ones, and the findings that name it. */
export interface Spoil {
  readonly cells: Cells;
  readonly codes: readonly string[];
  /** Found when the row is judged and not when it is read: its person is known from then on. */
  readonly judged?: true;
}

/** A record of the month. */
export interface MonthKind {
  readonly record: string;
  readonly department: 'CIVIL_AFFAIRS' | 'EDUCATION' | 'MEDICAL_SECURITY' | 'HEALTH' | 'HOUSING' | 'LABOUR';
  readonly table: string | undefined;
  /** Before the number of the person, in the key. */
  readonly key: string;
  /** Header by field, as each of two kinds of clerks writes it. */
  readonly headers: Readonly<Record<string, readonly [string, string]>>;
  readonly has: (index: number) => boolean;
  /** @param version 0, or 1 after a change */
  readonly cells: (person: MonthPerson, version: number, draw: Draw) => Cells;
  readonly spoils: readonly Spoil[];
  /** A finding that loses no row. */
  readonly warns?: (index: number) => string | undefined;
}

/** Whether a person's number leaves one of these remainders. */
export const every =
  (n: number, ...rests: readonly number[]) =>
  (index: number): boolean =>
    rests.includes(index % n);

/** Yuan of so many fen, with separators or without. */
export function yuan(fen: number, apart: boolean): string {
  const whole = String(Math.floor(fen / 100));
  return `${apart ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole}.${String(fen % 100).padStart(2, '0')}`;
}

/** Weights of GB 32100: 3^i mod 31. A code of the demo, with the sign that it checks by, or the one after it. */
export function uscc(n: number, wrong: boolean): string {
  const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const first = `91620100MA${String(n % 10_000_000).padStart(7, '0')}`;
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i += 1, weight = (weight * 3) % 31)
    sum += signs.indexOf(first.charAt(i)) * weight;
  return first + signs.charAt((31 - (sum % 31) + (wrong ? 1 : 0)) % 31);
}
/** Headers of the subject in schools and labour offices. */
export const SUBJECT = {
  name: ['姓名', '人员姓名'],
  idNumber: ['身份证号', '公民身份号码'],
  sex: ['性别', '性别代码'],
  birthDate: ['出生日期', '出生年月日'],
  region: ['户籍地区划代码', '行政区划代码'],
} as const;
/** … in hospitals and insurances. */
export const PATIENT = {
  ...SUBJECT,
  name: ['姓名', '参保人姓名'],
  idNumber: ['证件号码', '身份证号码'],
  region: ['户籍区划代码', '所属区划'],
} as const;
/** … in housing. */
export const TENANT = { ...PATIENT, name: ['姓名', '承租人姓名'] } as const;
