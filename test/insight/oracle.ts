/**
 * What a statistic must tell, by plain loops over rows in memory, written from docs/decisions/0006 and the descriptions of
 * the schema. It uses nothing of the hub's own code.
 */

/** A row as `select *` gives it; dates as text. */
export type Row = Readonly<Record<string, unknown>>;

/** One statistic: what it can be grouped by, what cells are made of, what is counted. */
export interface Statistic {
  /** Field of the answer by the name of its dimension. */
  readonly fields: Readonly<Record<string, string>>;
  readonly valueOf: Readonly<Record<string, (row: Row) => unknown>>;
  /** Dimensions of a cell. */
  readonly cell: readonly string[];
  /** Who must be many for a cell to be told. */
  readonly persons: (rows: readonly Row[]) => number;
  readonly counts: Readonly<Record<string, (rows: readonly Row[]) => number>>;
}

/** A question to it. */
export interface Asked {
  /** Divisions of the caller. */
  readonly regions: readonly string[];
  /** Smallest count of the caller's agreement; 0 tells everything. */
  readonly least: number;
  readonly region: string;
  readonly groupBy: readonly string[];
  /** By dimension. */
  readonly only: Readonly<Record<string, unknown>>;
  /** Rows that the question is about, region aside: valid on its day, or decided in its months. */
  readonly concerns: (row: Row) => boolean;
}

const PLACES = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];
const liesIn = (row: Row, regions: readonly string[]): boolean =>
  PLACES.some((column) => regions.includes(String(row[column])));

const distinct = (column: string) => (rows: readonly Row[]) => new Set(rows.map((row) => row[column])).size;
const as = (column: string) => (row: Row) => row[column] ?? null;

/** Recipients of a day. */
export const RECIPIENTS: Statistic = {
  fields: {
    PREFECTURE: 'prefectureCode',
    COUNTY: 'countyCode',
    TOWNSHIP: 'townshipCode',
    PROGRAMME: 'programme',
    URBAN_RURAL: 'urbanRural',
    CATEGORY: 'category',
  },
  valueOf: {
    PREFECTURE: as('prefecture_code'),
    COUNTY: as('county_code'),
    TOWNSHIP: as('township_code'),
    PROGRAMME: as('programme'),
    URBAN_RURAL: as('urban_rural'),
    CATEGORY: as('category'),
  },
  cell: ['PREFECTURE', 'COUNTY', 'PROGRAMME', 'URBAN_RURAL', 'CATEGORY'],
  persons: distinct('person_id'),
  counts: { persons: distinct('person_id'), households: distinct('household_id') },
};

/** Enrolments of a day; whose they are is their applicant. */
export const ENROLMENTS: Statistic = {
  fields: {
    PREFECTURE: 'prefectureCode',
    COUNTY: 'countyCode',
    PROGRAMME: 'programme',
    URBAN_RURAL: 'urbanRural',
    STATUS: 'status',
  },
  valueOf: {
    PREFECTURE: as('prefecture_code'),
    COUNTY: as('county_code'),
    PROGRAMME: as('programme'),
    URBAN_RURAL: as('urban_rural'),
    STATUS: as('status'),
  },
  cell: ['PREFECTURE', 'COUNTY', 'PROGRAMME', 'URBAN_RURAL', 'STATUS'],
  persons: distinct('applicant_id'),
  counts: { enrolments: (rows) => rows.length, households: distinct('household_id') },
};

/** Grants in force, by the month of their decision. */
export const AID: Statistic = {
  fields: {
    MONTH: 'month',
    PREFECTURE: 'prefectureCode',
    COUNTY: 'countyCode',
    DEPARTMENT: 'department',
    PROGRAMME: 'programme',
  },
  valueOf: {
    MONTH: (row) => String(row['decided_on']).slice(0, 7),
    PREFECTURE: as('prefecture_code'),
    COUNTY: as('county_code'),
    DEPARTMENT: as('department'),
    PROGRAMME: as('programme'),
  },
  cell: ['MONTH', 'PREFECTURE', 'COUNTY', 'DEPARTMENT', 'PROGRAMME'],
  persons: distinct('person_id'),
  counts: { grants: (rows) => rows.length, persons: distinct('person_id') },
};

/** The answer, in its order. */
export function answerOf(statistic: Statistic, rows: readonly Row[], asked: Asked): Record<string, unknown>[] {
  const { least, regions, region, concerns, only, groupBy } = asked;
  const { valueOf, counts, fields, cell, persons } = statistic;
  const dimensions = [...new Set(groupBy)];
  const valuesOf = (names: readonly string[], row: Row): unknown[] => names.map((name) => valueOf[name]?.(row));
  const told = rows.filter((row) => liesIn(row, regions) && liesIn(row, [region]) && concerns(row));
  const parts = least === 0 ? [told] : [...groups(told, (row) => valuesOf(cell, row))];
  const numbersOf = (part: readonly Row[]): Record<string, number> => {
    const exact = Object.entries(counts).map(([name, count]) => [name, count(part)] as const);
    if (least === 0) return Object.fromEntries(exact);
    return Object.fromEntries(
      exact.map(([name, count]) => [
        name,
        count < least ? 0 : Math.floor((count + Math.floor(least / 2)) / least) * least,
      ]),
    );
  };
  const isWanted = (row: Row): boolean => Object.entries(only).every(([name, value]) => valueOf[name]?.(row) === value);

  const answer = new Map<string, Record<string, unknown>>();
  const large = parts.filter((part) => least === 0 || persons(part) >= least);
  // Without a smallest count there is one part of all rows, and its groups are counted; otherwise numbers of cells are added.
  for (const part of large.flatMap((one) => [...groups(one.filter(isWanted), (row) => valuesOf(dimensions, row))])) {
    const [first] = part;
    if (first === undefined) continue;
    const values = valuesOf(dimensions, first);
    const key = JSON.stringify(values);
    const group = answer.get(key) ?? Object.fromEntries(dimensions.map((name, i) => [fields[name] ?? '', values[i]]));
    for (const [name, number] of Object.entries(numbersOf(part))) group[name] = Number(group[name] ?? 0) + number;
    answer.set(key, group);
  }
  const order = dimensions.map((name) => fields[name] ?? '');
  return [...answer.values()].sort((a, b) => order.reduce((so, field) => so || compare(a[field], b[field]), 0));
}

/** Values in the order of their signs, nothing last. */
const compare = (a: unknown, b: unknown): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : String(a) < String(b) ? -1 : 1;

function groups(rows: readonly Row[], keyOf: (row: Row) => readonly unknown[]): Iterable<Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  return found.values();
}
