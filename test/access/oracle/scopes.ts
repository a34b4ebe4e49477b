/** Whose rows a caller gets: the scopes of the agreements, as simply as they can be said. */
import { NOUNS } from './nouns.ts';
import type { Noun, Row, World } from './nouns.ts';

/** Who asks, as far as rows depend on it. */
export interface Asker {
  readonly department: string;
  readonly role: string;
  readonly regions: readonly string[];
  readonly caseNo?: string;
}

/** An agreement as its file in schema/policy/agreements says. */
export interface Agreement {
  readonly number: string;
  readonly department: string;
  readonly role: string;
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  readonly rows: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly smallestCount?: number;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly emergency?: boolean;
}

/** Stewards and registrars see who shares and delivers what, suppliers what became of their files: nobody's data. */
export const isOfData = ({ role, purposes }: Agreement): boolean =>
  role !== 'STEWARD' && role !== 'REGISTRAR' && !purposes.includes('DATA_SUPPLY');

/** The open caseload of the caller's department today; both ends are included. */
export const caseloadOf = ({ department }: Pick<Asker, 'department'>, { tables, today }: World): readonly Row[] =>
  (tables['caseload'] ?? []).filter(
    (row) =>
      row['department'] === department &&
      String(row['opened_on']) <= today &&
      (row['closed_on'] === null || String(row['closed_on']) >= today),
  );

/** Whether a row lies in the scope. What no anchor ties to anything is in no scope but everything. */
export function inScope(type: string, row: Row, scope: string, asker: Asker, world: World): boolean {
  const noun = NOUNS[type];
  if (noun === undefined) throw new Error(`The oracle does not know ${type}`);
  switch (scope) {
    case 'everything':
    case 'match':
      return true;
    case 'region':
      return isWithin(noun, row, asker, world);
    case 'caseload':
      return isIn(noun, row, caseloadOf(asker, world), world);
    case 'case':
      return isIn(
        noun,
        row,
        caseloadOf(asker, world).filter((entry) => entry['case_no'] === asker.caseNo),
        world,
      );
    case 'own-department':
      return noun.department !== undefined && row[noun.department] === asker.department;
    default:
      throw new Error(`The oracle does not know the scope ${scope}`);
  }
}

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];

function isWithin(noun: Noun, row: Row, asker: Asker, world: World): boolean {
  if (noun.place === true) return PLACE.some((column) => asker.regions.includes(String(row[column])));
  return followed(noun, row, world, (above, parent) => isWithin(above, parent, asker, world));
}

function isIn(noun: Noun, row: Row, caseload: readonly Row[], world: World): boolean {
  if (noun.person !== undefined) return caseload.some((entry) => entry['person_id'] === row[noun.person ?? '']);
  if (noun.household !== undefined)
    return caseload.some((entry) => entry['household_id'] === row[noun.household ?? '']);
  return followed(noun, row, world, (above, parent) => isIn(above, parent, caseload, world));
}

function followed(noun: Noun, row: Row, world: World, ask: (above: Noun, parent: Row) => boolean): boolean {
  const [type, column] = noun.via ?? [];
  const above = type === undefined ? undefined : NOUNS[type];
  if (above === undefined || column === undefined) return false;
  const parent = (world.tables[above.table] ?? []).find((candidate) => candidate['id'] === row[column]);
  return parent !== undefined && ask(above, parent);
}

/** Whether a field that is open in one scope is open on every row of another. */
export const covers = (fieldScope: string | undefined, rowScope: string): boolean =>
  fieldScope === undefined || fieldScope === rowScope;
