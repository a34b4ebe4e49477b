/** The root fields: what each leads to, and which fields of it an argument chooses rows by. */
import { feedStatus } from './freshness.ts';
import { there } from './installed.ts';
import { ownShareAtRisk } from './labour.ts';
import { NOUNS, inOrder, standing, typesOf } from './nouns.ts';
import type { Args, Order, Row, World } from './nouns.ts';
import type { Asker } from './scopes.ts';

/** A field of `Query`. */
export interface Root {
  readonly to: string;
  /** `each`: a row or null for each thing asked about. */
  readonly many: 'one' | 'list' | 'connection' | 'each';
  /** Whether it reads what belongs to persons, so that purpose, case and an agreement are asked for. */
  readonly personal: boolean;
  /** Of a connection: what orders the rows before their ids do, unless the caller says. */
  readonly order?: Order;
  rows(args: Args, at: World, asker: Asker): readonly Row[];
  /** Fields that always choose or order the rows: whoever may not see them in full cannot ask. */
  readonly uses?: readonly string[];
  /** What the caller wrote to choose rows by, and the field that must then be open to it in full. */
  chooses(args: Args, at: World): readonly { readonly coordinate: string; readonly field: string }[];
}

const LEVELS: Readonly<Record<string, readonly [column: string, field: string]>> = {
  PROVINCE: ['province_code', 'countyCode'],
  PREFECTURE: ['prefecture_code', 'countyCode'],
  COUNTY: ['county_code', 'countyCode'],
  TOWNSHIP: ['township_code', 'townshipCode'],
  VILLAGE: ['region_code', 'regionCode'],
};

/** The level of a division, e.g. `COUNTY`; undefined for a code that nobody knows. */
export function levelOf(code: unknown, { tables }: World): string | undefined {
  const region = (tables['region'] ?? []).find((row) => row['code'] === code);
  return region === undefined ? undefined : String(region['level']);
}

const placeOf = (code: unknown, at: World): readonly [column: string, field: string] =>
  LEVELS[levelOf(code, at) ?? ''] ?? ['region_code', 'regionCode'];

/** The field that tells where a row lies, as finely as a division of that level does. */
export const placeFieldOf = (level: string): string => LEVELS[level]?.[1] ?? 'regionCode';

const byId = (to: string, table: string): Root => ({
  to,
  many: 'one',
  personal: true,
  rows: ({ id }, { tables }) => (tables[table] ?? []).filter((row) => row['id'] === id),
  chooses: () => [],
});

/** The row with an id, whatever it is. */
const anyRow = (id: unknown, { tables }: World): readonly Row[] | undefined => {
  const rows = typesOf('Node').flatMap((type) =>
    (tables[NOUNS[type]?.table ?? ''] ?? []).filter((row) => row['id'] === id),
  );
  return rows.length === 0 ? undefined : rows;
};

/** Stands for an id that is nobody's in a list of ids. */
export const NOBODY: Row = {};

const CHOSEN = { programme: 'programme', category: 'category', urbanRural: 'urban_rural' } as const;

const filterOf = ({ filter }: Args): Args => (filter ?? {}) as Args;

const isValid = (row: Row, day: unknown): boolean =>
  String(row['valid_from']) <= String(day) && (row['valid_to'] === null || String(row['valid_to']) >= String(day));

/** All of them. */
export const ROOTS: Readonly<Record<string, Root>> = there({
  person: byId('Person', 'person'),
  household: byId('Household', 'household'),
  node: {
    to: 'Node',
    many: 'one',
    personal: true,
    rows: ({ id }, at) => anyRow(id, at) ?? [],
    chooses: () => [],
  },
  nodes: {
    to: 'Node',
    many: 'each',
    personal: true,
    rows: ({ ids }, at) => (ids as readonly unknown[]).flatMap((id) => anyRow(id, at) ?? NOBODY),
    chooses: () => [],
  },
  recipients: {
    to: 'Recipient',
    many: 'connection',
    personal: true,
    rows: (args, at) => {
      const filter = filterOf(args);
      const region = filter['region'] ?? null;
      return (at.tables['recipient'] ?? []).filter(
        (row) =>
          isValid(row, filter['onDate'] ?? at.today) &&
          Object.entries(CHOSEN).every(
            ([key, column]) => (filter[key] ?? null) === null || row[column] === filter[key],
          ) &&
          (region === null || row[placeOf(region, at)[0]] === region),
      );
    },
    chooses: (args, at) => {
      const filter = filterOf(args);
      return [
        ...Object.keys(CHOSEN)
          .filter((key) => (filter[key] ?? null) !== null)
          .map((key) => ({ coordinate: `RecipientFilter.${key}`, field: key })),
        ...((filter['region'] ?? null) === null
          ? []
          : [{ coordinate: 'RecipientFilter.region', field: placeOf(filter['region'], at)[1] }]),
        ...((filter['onDate'] ?? null) === null
          ? []
          : ['validFrom', 'validTo'].map((field) => ({ coordinate: 'RecipientFilter.onDate', field }))),
      ];
    },
  },
  refusalsToActOn: {
    to: 'WorkRefusal',
    many: 'list',
    personal: true,
    rows: (_args, at) =>
      (at.tables['work_refusal'] ?? [])
        .filter((row) => ownShareAtRisk(row, at))
        .sort(inOrder(['refused_on', 'refusedOn', -1])),
    uses: ['ownShareAtRisk', 'refusedOn'],
    chooses: () => [],
  },
  checkStatus: {
    to: 'StatusCheck',
    many: 'list',
    personal: true,
    rows: ({ checks, onDate }, at, asker) =>
      (checks as readonly Args[]).map((check) => {
        const key = String(check['idNumber']);
        const malformed = !/^\d{17}[\dX]$/u.test(key);
        const personId = (at.tables['person_identifier'] ?? []).find((row) => row['match_key'] === key)?.['person_id'];
        const day = onDate ?? at.today;
        const held = standing(personId, day, at).length > 0;
        const name = check['name'] ?? null;
        const known = (at.tables['person'] ?? []).find((row) => row['id'] === personId)?.['name'];
        return {
          person_id: personId ?? null,
          result: malformed ? 'MALFORMED' : held ? 'RECIPIENT' : 'NOT_RECIPIENT',
          case_no: check['caseNo'] ?? asker.caseNo ?? null,
          name_agrees: held && name !== null ? name === known : null,
          problem: malformed ? 'LENGTH' : null,
          on_date: day,
          missed: !malformed && personId === undefined,
        };
      }),
    chooses: () => [],
  },
  region: {
    to: 'Region',
    many: 'one',
    personal: false,
    rows: ({ code }, { tables }) => (tables['region'] ?? []).filter((row) => row['code'] === code),
    chooses: () => [],
  },
  regions: {
    to: 'Region',
    many: 'list',
    personal: false,
    rows: ({ level, parent }, { tables }) =>
      (tables['region'] ?? [])
        .filter(
          (row) =>
            ((level ?? null) === null || row['level'] === level) &&
            ((parent ?? null) === null || row['parent_code'] === parent),
        )
        .sort((a, b) => (String(a['code']) < String(b['code']) ? -1 : 1)),
    chooses: () => [],
  },
  feedStatus: {
    to: 'FeedStatus',
    many: 'list',
    personal: false,
    rows: (args, at) => feedStatus(args, at),
    chooses: () => [],
  },
});
