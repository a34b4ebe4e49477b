/**
 * Masks: what is left of a value for a caller who may see it in part. Each is SQL over the plain column, so the hidden
 * part never leaves the database. Lengths count characters, not bytes. A value too short to hide something of it (a
 * landline without its area code, a mistyped number) is hidden whole.
 */
import type { Row } from '../graph/index.ts';
import { raw, sql } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';

type Mask = (value: Sql, row: Row) => Sql;

/** A star for each character but the last ones; all stars where the text is shorter than `atLeast`. */
const tail = (v: Sql, shown: number, atLeast: number): Sql =>
  sql`case when char_length(${v}) < ${raw(String(atLeast))} then repeat('*', char_length(${v}))
    else repeat('*', char_length(${v}) - ${raw(String(shown))}) || right(${v}, ${raw(String(shown))}) end`;

const MASKS: Readonly<Record<string, Mask>> = {
  /** 王小明 → 王**: the surname's first character. */
  'name-surname': (v) => sql`left(${v}, 1) || repeat('*', greatest(char_length(${v}) - 1, 1))`,
  /** The last four characters: enough to tell two members of a household apart, no birth date, no place. */
  'id-number': (v) => tail(v, 4, 8),
  /** First day of the ten-year band of the birth date. */
  'age-band': (v) => sql`make_date((extract(year from ${v})::int / 10) * 10, 1, 1)`,
  /** 138****5678 */
  phone: (v) => sql`case when char_length(${v}) < 11 then '****' else left(${v}, 3) || '****' || right(${v}, 4) end`,
  /** The county in place of a finer division. */
  'region-county': (_v, row) => row.column('countyCode'),
  /** The township in place of a finer division; the county where no township is known. */
  'region-township': (_v, row) => sql`coalesce(${row.column('townshipCode')}, ${row.column('countyCode')})`,
  /** ****1234 */
  'account-last4': (v) => sql`'****' || case when char_length(${v}) < 8 then '' else right(${v}, 4) end`,
  /** Rounded down to whole hundreds of yuan. */
  'amount-band': (v) => sql`(${v} / 10000) * 10000`,
  /** The number's last two characters; the rest is the ID number. */
  certificate: (v) => tail(v, 2, 4),
  /** That there is a value, not which. */
  presence: (v) => sql`case when ${v} is not null then '***' end`,
  /** Households of five and more are told as five. */
  'count-band': (v) => sql`least(${v}, 5)`,
};

/** The mask of that name; undefined when there is none. */
export const maskOf = (name: string): Mask | undefined => MASKS[name];
