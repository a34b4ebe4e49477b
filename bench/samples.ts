/** Whom the requests ask about: many different persons and places, drawn from the data set in a fixed order. */
import { UNASSIGNED_COUNTIES, makeResidentId } from '../seeds/synthetic/resident-id.ts';
import type { Pool } from '../src/platform/database.ts';
import { PROVINCE } from './callers.ts';
import type { DataSet } from './data-set.ts';

/** A person by number and name, as a department knows them. */
export interface Known {
  readonly number: string;
  readonly name: string;
}

/** Where a page begins: after this recipient, in this division. */
export interface PageStart {
  readonly region: string;
  readonly after: string;
}

/** What the operations draw from. */
export interface Samples {
  /** Persons of the whole hub, recipients and others. */
  readonly known: readonly Known[];
  /** Valid numbers that nobody has. */
  readonly unknown: readonly Known[];
  /** Persons of civil affairs' province who are recipients. */
  readonly persons: readonly string[];
  /** In prefectures of the province, with a whole page of 低保 after it. */
  readonly prefecturePages: readonly PageStart[];
  /** In the province, as somebody comes by them who takes page after page of `SYNC_PAGE`. */
  readonly syncPages: readonly PageStart[];
  /** Among the recipients of housing's open cases. */
  readonly caseloadPages: readonly PageStart[];
  /** Number of an open case by department. */
  readonly caseOf: Readonly<Record<'EDUCATION' | 'HOUSING', string>>;
}

// So many that the rows of one turn are not all in memory because of the turn before.
const MOST = 20_000;
/** Different numbers, for the checks of a thousand. */
const MOST_KNOWN = 64_000;
const MOST_UNKNOWN = 10_000;
/** Recipients of a page of a nightly sync. */
export const SYNC_PAGE = 1_000;

const VALID = 'valid_from <= $1 and (valid_to is null or valid_to >= $1)';

/** Draws the samples; `day` is today for everybody who is measured. */
export async function drawSamples(
  { owner, persons: size }: Pick<DataSet, 'owner' | 'persons'>,
  day: string,
): Promise<Samples> {
  // Of the largest data sets a part: enough to choose from, without sorting all of them.
  const percent = Math.min(100, (300 * MOST_KNOWN) / size);
  // Names that are already in the form in which names are compared: reading sloppy ones is not what is measured.
  const known = await owner.query<Known>(
    `select i.match_key as number, p.name
     from person_identifier i tablesample bernoulli (${percent}) repeatable (1) join person p on p.id = i.person_id
     where i.type = 'RESIDENT_ID' and i.superseded_by_id is null and p.name = p.name_key
     order by md5(i.id::text) limit ${MOST_KNOWN}`,
  );
  const persons = await owner.query<{ id: string }>(
    `select person_id as id from recipient where province_code = $2 and ${VALID} order by md5(id::text) limit ${MOST}`,
    [day, PROVINCE],
  );
  return {
    known: known.rows,
    unknown: await numbersOfNobody(owner),
    persons: persons.rows.map(({ id }) => id),
    prefecturePages: await pages(owner, {
      region: 'prefecture_code',
      where: `programme = 'DIBAO' and province_code = '${PROVINCE}'`,
      day,
      size: 50,
    }),
    syncPages: await syncPages(owner, day),
    caseloadPages: await pages(owner, {
      region: `'${PROVINCE}'`,
      where: `programme = 'DIBAO' and exists (select from caseload c where c.person_id = recipient.person_id
        and c.department = 'HOUSING' and c.opened_on <= $1 and (c.closed_on is null or c.closed_on >= $1))`,
      day,
      size: 50,
    }),
    caseOf: { EDUCATION: await openCase(owner, 'EDUCATION', day), HOUSING: await openCase(owner, 'HOUSING', day) },
  };
}

interface PageQuery {
  readonly region: string;
  readonly where: string;
  readonly day: string;
  /** Rows that must follow. */
  readonly size: number;
}

/** Starts with a whole page after them; where the data set is too small for that, the very first ones. */
async function pages(owner: Pool, { region, where, day, size }: PageQuery): Promise<readonly PageStart[]> {
  const { rows } = await owner.query<PageStart>(
    `select region, id as after from (
       select ${region} as region, id, row_number() over (partition by ${region} order by id desc) as left,
         row_number() over (partition by ${region} order by id) as nth
       from recipient where ${VALID} and ${where}
     ) found where "left" > ${size} or nth = 1 order by md5(id::text) limit ${MOST}`,
    [day],
  );
  return rows;
}

/** Each begins where the one before ends. */
async function syncPages(owner: Pool, day: string): Promise<readonly PageStart[]> {
  const { rows } = await owner.query<PageStart>(
    `select $2 as region, id as after from (
       select id, row_number() over (order by id) as nth from recipient where province_code = $2 and ${VALID}
     ) found where nth % ${SYNC_PAGE} = 0 order by id limit ${MOST}`,
    [day, PROVINCE],
  );
  return rows;
}

/** Numbers of the county that was never assigned, with days of birth of long ago. */
async function numbersOfNobody(owner: Pool): Promise<readonly Known[]> {
  const numbers = Array.from({ length: MOST_UNKNOWN }, (_, n) => {
    const born = new Date(Date.UTC(1890, 0, 1 + (n % 3_600)));
    return makeResidentId(UNASSIGNED_COUNTIES[n % 2 === 0 ? 0 : 1], born.toISOString().slice(0, 10), (n * 7) % 1_000);
  });
  const { rowCount } = await owner.query('select from person_identifier where match_key = any($1) limit 1', [numbers]);
  if ((rowCount ?? 0) > 0) throw new Error('Somebody has a number that should be nobody’s.');
  return numbers.map((number) => ({ number, name: '王秀英' }));
}

async function openCase(owner: Pool, department: string, day: string): Promise<string> {
  const { rows } = await owner.query<{ number: string }>(
    `select case_no as number from caseload where department = $1 and opened_on <= $2 and closed_on is null
     order by case_no limit 1`,
    [department, day],
  );
  if (rows[0] === undefined) throw new Error(`The data set has no open case of ${department}: load more persons.`);
  return rows[0].number;
}
