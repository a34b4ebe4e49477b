import { readTable } from './tables.ts';

/** Where the source does not say since when a code has been in use. */
export const UNKNOWN_BEGINNING = '1900-01-01';

/** One division of `regions.csv`. Codes have 12 digits; dates are 'YYYY-MM-DD'; both ends are included. */
export interface Region {
  readonly code: string;
  readonly name: string;
  readonly level: 'PROVINCE' | 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP';
  readonly parentCode: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** One event of `region-changes.csv`. Codes have 12 digits. */
export interface RegionChange {
  readonly kind: 'MERGE' | 'SPLIT' | 'RENAME' | 'RECODE';
  readonly fromCode: string;
  readonly fromName: string;
  readonly toCode: string;
  readonly effectiveOn: string;
  readonly source: string;
}

const LEVELS = ['PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP'] as const;
const KINDS = ['MERGE', 'SPLIT', 'RENAME', 'RECODE'] as const;

/** All divisions, those that are gone included, in the order of their codes. */
export async function readRegions(): Promise<Region[]> {
  return (await readTable('regions.csv')).map((row) => ({
    code: cell(row, 'code'),
    name: cell(row, 'name'),
    level: oneOf(LEVELS, cell(row, 'level')),
    parentCode: row['parent'] || null,
    validFrom: cell(row, 'valid_from'),
    validTo: row['valid_to'] || null,
  }));
}

/** All known changes of divisions, oldest first. */
export async function readRegionChanges(): Promise<RegionChange[]> {
  return (await readTable('region-changes.csv')).map((row) => ({
    kind: oneOf(KINDS, cell(row, 'kind')),
    fromCode: cell(row, 'from_code').padEnd(12, '0'),
    fromName: cell(row, 'from_name'),
    toCode: cell(row, 'to_code').padEnd(12, '0'),
    effectiveOn: cell(row, 'effective_on'),
    source: cell(row, 'source'),
  }));
}

function cell(row: Record<string, string>, column: string): string {
  const value = row[column];
  if (value === undefined || value === '') throw new Error(`A row of the reference data has no ${column}.`);
  return value;
}

function oneOf<T extends string>(words: readonly T[], word: string): T {
  const found = words.find((known) => known === word);
  if (found === undefined) throw new Error(`${word} is not one of ${words.join(', ')}.`);
  return found;
}
