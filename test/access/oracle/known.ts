/**
 * A couple whom every department knows in every way, one of them dead: whatever an agreement opens, of any one case, there
 * is a row at the end of the way, however the dice fell for everybody else.
 */
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import type { Random } from '../../../seeds/synthetic/random.ts';

type Values = Record<string, unknown>;

/** What the couple is added to. */
export interface Drawn {
  readonly random: Random;
  /** Rows by table, drawn so far. */
  readonly rows: ReadonlyMap<string, readonly Values[]>;
  readonly add: (table: string, values: Values) => Values;
  /** Departments with a caseload, and those that grant aid. */
  readonly keeping: readonly string[];
  readonly granting: readonly string[];
  readonly cases: readonly string[];
}

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];
const ALWAYS = { valid_from: '2025-01-01', valid_to: null };
/** Tables with rows about persons that are made one by one; of every other one a row is enough. */
const MADE: ReadonlySet<string> = new Set(['person_identifier', 'membership', 'recipient', 'caseload', 'aid_grant']);
/** Of the couple everything is open and current; what must be unique is. */
const OWN: Readonly<Record<string, (nonce: string) => Values>> = {
  ended_on: () => ({ ended_on: null }),
  source_key: (nonce) => ({ source_key: nonce }),
  house_code: (nonce) => ({ house_code: `N-${nonce}` }),
  client_key: (nonce) => ({ client_key: nonce, number: `JH-2026-${nonce}` }),
};
const AT = 1_790_000_000_000;

/** Adds the two with a household, its programme and a row of every table about persons. @returns their numbers */
export function addKnown({ random, rows, add, keeping, granting, cases }: Drawn): readonly string[] {
  const tables = [...rows.keys()];
  const copy = (table: string, of: Values, from: readonly Values[] = rows.get(table) ?? []): Values => {
    const { id: _, ...whole } = random.pick(from);
    const nonce = random.uuid(AT);
    const own = Object.entries(OWN).flatMap(([column, value]) => (column in whole ? Object.entries(value(nonce)) : []));
    // A row tells of the columns that it has, and of no others.
    const fitting = Object.entries(of).filter(([column]) => column in whole);
    return add(table, { ...whole, ...Object.fromEntries([...own, ...fitting]) });
  };
  const anybody = random.pick(rows.get('person') ?? []);
  const home = Object.fromEntries(PLACE.map((column) => [column, anybody[column]]));
  const born = '1987-05-06';
  const couple = [null, '2026-07-01'].map((died) =>
    copy('person', { ...home, birth_date: born, died_on: died, labour_ability: 'ABLE' }),
  );
  const [applicant] = couple;
  const household = copy('household', { ...home, head_person_id: applicant?.['id'] });
  const shared = { ...home, ...ALWAYS, household_id: household['id'], applicant_id: applicant?.['id'] };
  const enrolment = copy('enrolment', shared);
  copy('enrolment_event', { enrolment_id: enrolment['id'] });
  const about = new Set(tables.filter((table) => rows.get(table)?.some((row) => 'person_id' in row)));
  return couple.map((person, i) => {
    const of = { ...shared, person_id: person['id'], enrolment_id: enrolment['id'] };
    const number = makeResidentId('620199', born, 500 + i);
    copy('person_identifier', { ...of, value: number, match_key: number });
    copy('membership', of);
    copy('recipient', of);
    for (const department of keeping)
      for (const caseNo of cases)
        add('caseload', {
          department,
          person_id: person['id'],
          household_id: household['id'],
          case_no: caseNo,
          opened_on: '2026-01-01',
          closed_on: null,
        });
    for (const department of granting) copy('aid_grant', { ...of, department, state: 'CURRENT' });
    for (const table of [...about].filter((one) => !MADE.has(one))) {
      const fit = (rows.get(table) ?? []).filter((row) => row['state'] === undefined || row['state'] === 'OPEN');
      copy(
        table,
        { ...of, ...(table === 'correction' ? { coordinate: 'Person.id', field_group: 'person-id' } : {}) },
        fit,
      );
    }
    return number;
  });
}
