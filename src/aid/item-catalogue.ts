/** The items of aid (救助细项) with their dated rules: rows of `aid_item`, from seeds/reference/aid-items.csv. */
import type { Pool } from '../platform/database.ts';
import type { AidProgramme } from './programmes.ts';

/** One item as it holds in one division for some time. */
export interface AidItemRule {
  readonly code: string;
  readonly programme: string;
  /** Its name, and how else departments write it. */
  readonly names: readonly string[];
  /** What it is granted once for: never mind, a person, a house, a person and a course, a person and a month. */
  readonly once: 'NONE' | 'PERSON' | 'REFERENCE' | 'PERSON_REFERENCE' | 'PERSON_TERM';
  /** Items with one word here exclude each other. */
  readonly onceAs: string;
  /** Most of one grant in fen; null: no limit is known. */
  readonly mostFen: bigint | null;
  readonly regionCode: string;
  /** 'YYYY-MM-DD', both days included. */
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** Which item of which programme, and when and where it was decided. */
export interface ItemAsked {
  /** Code or name as the department wrote it. */
  readonly word: string;
  readonly programme: AidProgramme;
  /** 'YYYY-MM-DD' */
  readonly on: string;
  /** Divisions of the office or the home, 12 digits. */
  readonly chain: readonly (string | null)[];
}

const NATIONAL = '000000000000';

/** All items of these programmes, of all days and divisions. One statement. */
export async function readItems(pool: Pool, programmes: readonly AidProgramme[]): Promise<readonly AidItemRule[]> {
  const { rows } = await pool.query<Omit<AidItemRule, 'mostFen'> & { readonly mostFen: string | null }>(
    `select code, programme, array[name] || other_names as names, once, once_as as "onceAs", most_fen::text as "mostFen",
       region_code as "regionCode", valid_from::text as "validFrom", valid_to::text as "validTo"
     from aid_item where programme = any($1::text[]) order by region_code desc, valid_from desc, code`,
    [programmes],
  );
  return rows.map((row) => ({ ...row, mostFen: row.mostFen === null ? null : BigInt(row.mostFen) }));
}

/** The item that is meant, by the finest division that has it that day; undefined when it has none there and then. */
export function itemOf(
  items: readonly AidItemRule[],
  { word, programme, on, chain }: ItemAsked,
): AidItemRule | undefined {
  const there = new Set<string | null>([...chain, NATIONAL]);
  const holds = items.filter(
    (item) =>
      item.programme === programme &&
      there.has(item.regionCode) &&
      item.validFrom <= on &&
      (item.validTo === null || item.validTo >= on),
  );
  const meant = holds.find(({ code, names }) => code === word.toUpperCase() || names.includes(word));
  // The name may be written in the national row, and the amount in the county's.
  return meant && holds.find(({ code }) => code === meant.code);
}
