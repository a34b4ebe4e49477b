/** Measures the matching: rows about people who are known to be who they are, matched by the hub's own rules, and counted. */
import { matchSubjects } from '../../src/matching/index.ts';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { normaliseResidentId } from '../../src/registry/identity/index.ts';
import { Random } from '../synthetic/random.ts';
import { createIntakeRow } from './intake-row.ts';
import { keyOf, makePeople } from './people.ts';
import type { TruePerson } from './people.ts';
import { makeRow, SLIP_KINDS } from './slips.ts';
import type { SlipKind, TrueRow } from './slips.ts';

/** What is measured. */
export interface MeasureOptions {
  /** Of a migrated database without persons, as the hub's own role. */
  readonly pool: Pool;
  readonly persons: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Counts of rows of one kind. */
export interface Tally {
  rows: number;
  /** Rows whose person the registry had. */
  known: number;
  certain: number;
  /** Certain, and another person. */
  wrong: number;
  /** Certain of somebody known, and right. */
  found: number;
  /** In review, with the right person among the candidates. */
  reviewed: number;
  /** In review without the right person, the person being known or not. */
  reviewedInVain: number;
  /** A person was created. */
  created: number;
  none: number;
}

/** What was measured. */
export interface Measurement {
  readonly kinds: Readonly<Record<SlipKind, Tally>>;
  readonly total: Tally;
  /** Of what is certain, the share that is right. */
  readonly precision: number;
  /** Of the rows whose person is known, the share that is certain and right, or in review beside the right person. */
  readonly recall: number;
  /** Time of the matching alone, a row. */
  readonly microsecondsPerRow: number;
}

/** What the hub promises. */
export const GOALS = { precision: 0.999, recall: 0.98 } as const;

const CHUNK = 10_000;

/** Loads the people whom the registry has, delivers one row about everybody, and counts what became of them. */
export async function measureMatching({ pool, persons, seed, onProgress }: MeasureOptions): Promise<Measurement> {
  const people = await makePeople(persons, seed);
  const registered = people.filter((one) => one.registered);
  for (let n = 0; n < registered.length; n += CHUNK)
    await inTransaction(pool, (tx) => register(tx, registered.slice(n, n + CHUNK)));
  const rows = rowsAbout(people, seed);
  const kinds = Object.fromEntries(SLIP_KINDS.map((kind) => [kind, tally()])) as Record<SlipKind, Tally>;
  /** The truth behind each person of the registry. */
  const behind = new Map(registered.map(({ id }) => [id, id]));
  const deliveryId = newId();
  let spent = 0;
  for (let first = 0; first < rows.length; first += CHUNK) {
    const chunk = rows.slice(first, first + CHUNK);
    await inTransaction(pool, async (tx) => {
      await deliver(tx, chunk, first);
      const at = new Date();
      const begun = performance.now();
      await matchSubjects(tx, {
        at,
        asOf: at,
        sourceSystem: 'education',
        department: 'EDUCATION',
        deliveryId,
        regionCode: null,
        preview: false,
      });
      spent += performance.now() - begun;
      await count(tx, chunk, first, { kinds, behind, deliveryId });
    });
    onProgress?.(Math.min(first + CHUNK, rows.length), rows.length);
  }
  const total = Object.values(kinds).reduce(sum, tally());
  return {
    kinds,
    total,
    precision: total.certain === 0 ? 1 : 1 - total.wrong / total.certain,
    recall: recallOf(total),
    microsecondsPerRow: (spent * 1000) / rows.length,
  };
}

/** Of the rows whose person is known, those that lead there, at once or by review; 1 where nobody is known. */
export const recallOf = ({ known, found, reviewed }: Tally): number => (known === 0 ? 1 : (found + reviewed) / known);

const tally = (): Tally => ({
  rows: 0,
  known: 0,
  certain: 0,
  wrong: 0,
  found: 0,
  reviewed: 0,
  reviewedInVain: 0,
  created: 0,
  none: 0,
});

function sum(a: Tally, b: Tally): Tally {
  const total = tally();
  for (const key of COUNTS) total[key] = a[key] + b[key];
  return total;
}

const COUNTS = ['rows', 'known', 'certain', 'wrong', 'found', 'reviewed', 'reviewedInVain', 'created', 'none'] as const;

function rowsAbout(people: readonly TruePerson[], seed: number): readonly TrueRow[] {
  const random = new Random(seed, 'truth/rows');
  const places = [...new Set(people.map(({ place }) => place))];
  const bySurname = new Map<string, TruePerson>();
  return people.map((person, n) => {
    const surname = [...person.name][0] ?? '';
    const relative = bySurname.get(surname + person.place.county) ?? people[n === 0 ? 1 : n - 1] ?? person;
    bySurname.set(surname + person.place.county, person);
    return makeRow(person, { random, places, relative });
  });
}

async function register(tx: PoolClient, people: readonly TruePerson[]): Promise<void> {
  const at = new Date('2026-01-01T00:00:00Z');
  await tx.query(
    `insert into person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code,
       province_code, source_system, source_key, as_of)
     select p.id, p.name, p.name_key, p.sex, p.born, p.township, p.township, p.county, p.prefecture, p.province, 'civil-affairs', p.id::text, $10
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[], $8::text[], $9::text[])
       as p (id, name, name_key, sex, born, township, county, prefecture, province)`,
    [
      people.map(({ id }) => id),
      people.map(({ name }) => name),
      people.map(({ name }) => keyOf(name)),
      people.map(({ sex }) => sex),
      people.map(({ born }) => born),
      people.map(({ place }) => place.township),
      people.map(({ place }) => place.county),
      people.map(({ place }) => place.prefecture),
      people.map(({ place }) => place.province),
      at,
    ],
  );
  const numbered = people.filter(({ withoutNumber }) => !withoutNumber);
  await tx.query(
    `insert into person_identifier (id, person_id, type, value, match_key, verified, source_system, source_key, as_of)
     select i.id, i.person_id, 'RESIDENT_ID', i.number, i.number, true, 'civil-affairs', i.id::text, $4
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as i (id, person_id, number)`,
    [numbered.map(() => newId()), numbered.map(({ id }) => id), numbered.map(({ number }) => number), at],
  );
}

async function deliver(tx: PoolClient, rows: readonly TrueRow[], first: number): Promise<void> {
  await createIntakeRow(tx);
  const keys = rows.map(({ number }) => {
    const read = number === null ? undefined : normaliseResidentId(number);
    return read?.ok === true ? read.key : null;
  });
  await tx.query(
    `insert into intake_row (row_no, id, new_person_id, source_key, id_type, id_value, id_key, name, name_key, sex, birth_date,
       region_code, township_code, county_code, prefecture_code, province_code)
     select row_no, id, new_person_id, 'T' || row_no, 'RESIDENT_ID', id_value, id_key, name, name_key, sex, birth_date,
       coalesce(township, county), township, county, prefecture, province
     from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::date[],
         $10::text[], $11::text[], $12::text[], $13::text[])
       as r (row_no, id, new_person_id, id_value, id_key, name, name_key, sex, birth_date, township, county, prefecture, province)`,
    [
      rows.map((_, n) => first + n),
      rows.map(() => newId()),
      rows.map(() => newId()),
      rows.map(({ number }) => number),
      keys,
      rows.map(({ name }) => name),
      rows.map(({ name }) => keyOf(name)),
      rows.map(({ sex }) => sex),
      rows.map(({ born }) => born),
      rows.map(({ place, townshipKnown }) => (townshipKnown ? (place?.township ?? null) : null)),
      rows.map(({ place }) => place?.county ?? null),
      rows.map(({ place }) => place?.prefecture ?? null),
      rows.map(({ place }) => place?.province ?? null),
    ],
  );
  await tx.query('analyze intake_row');
}

interface Found {
  readonly rowNo: number;
  readonly match: string;
  readonly personId: string | null;
  readonly candidates: readonly string[];
}

interface Book {
  readonly kinds: Record<SlipKind, Tally>;
  readonly behind: Map<string, string>;
  readonly deliveryId: string;
}

async function count(
  tx: PoolClient,
  rows: readonly TrueRow[],
  first: number,
  { kinds, behind, deliveryId }: Book,
): Promise<void> {
  const { rows: found } = await tx.query<Found>(
    `select r.row_no as "rowNo", r.match, r.person_id as "personId",
       array(select c.person_id::text from match_review_row w join match_candidate c on c.review_id = w.review_id
             where w.delivery_id = $1 and w.row_no = r.row_no) as candidates
     from intake_row r order by r.row_no`,
    [deliveryId],
  );
  // Who was created by this chunk: rows of it may have met them already.
  for (const { rowNo, match, personId } of found) {
    const truth = rows[rowNo - first]?.person.id;
    if (match === 'CREATED' && personId !== null && truth !== undefined) behind.set(personId, truth);
  }
  for (const { rowNo, match, personId, candidates } of found) {
    const row = rows[rowNo - first];
    if (row === undefined) throw new Error('A row came back that was not delivered.');
    const { person, kind } = row;
    const of = kinds[kind];
    of.rows += 1;
    if (person.registered) of.known += 1;
    if (match === 'CERTAIN') {
      of.certain += 1;
      if (behind.get(personId ?? '') !== person.id) of.wrong += 1;
      else if (person.registered) of.found += 1;
    } else if (match === 'REVIEW') {
      if (person.registered && candidates.includes(person.id)) of.reviewed += 1;
      else of.reviewedInVain += 1;
    } else if (match === 'CREATED') of.created += 1;
    else of.none += 1;
  }
}
