/** Builders: persons in the registry, and the temporary table that the intake hands to the matching. */
import { normaliseResidentId, nameKey } from '../../src/registry/index.ts';
import { matchSubjects } from '../../src/matching/index.ts';
import type { MatchStep } from '../../src/matching/index.ts';
import { newId } from '../../src/platform/id.ts';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { createIntakeRow } from '../../seeds/truth/intake-row.ts';

/** Two townships of one county, one of another county, and one of another province. */
export const PLACES = {
  here: ['620402001000', '620402000000', '620400000000', '620000000000'],
  near: ['620402002000', '620402000000', '620400000000', '620000000000'],
  away: ['620102001000', '620102000000', '620100000000', '620000000000'],
  far: ['360102001000', '360102000000', '360100000000', '360000000000'],
} as const;
/** One of them. */
export type PlaceName = keyof typeof PLACES;

export const AT = new Date('2026-11-22T10:00:00+08:00');

/** A number of nobody: born that day, with that sequence (odd for men). */
export const numberOf = (born: string, sequence: number): string => makeResidentId('620199', born, sequence);

/** A person of the registry. */
export interface Known {
  readonly name: string;
  readonly sex?: string;
  readonly born?: string | null;
  readonly number?: string | null;
  readonly place?: PlaceName;
}

/** Writes a person, with an identifier where there is a number; the person's id. */
export async function knownPerson(pool: Pool | PoolClient, known: Known): Promise<string> {
  const { name, sex = '1', born = '1970-03-05', number = null, place = 'here' } = known;
  const id = newId();
  const [township, county, prefecture, province] = PLACES[place];
  await pool.query(
    `insert into person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code, province_code,
       source_system, source_key, as_of) values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, 'civil-affairs', 'T', now())`,
    [id, name, nameKey(name), sex, born, township, county, prefecture, province],
  );
  if (number !== null) await identify(pool, id, number);
  return id;
}

/** Gives a person one more number. */
export async function identify(
  pool: Pool | PoolClient,
  personId: string,
  number: string,
  { type = 'RESIDENT_ID', supersededBy = null }: { type?: string; supersededBy?: string | null } = {},
): Promise<string> {
  const id = newId();
  const key = normaliseResidentId(number);
  await pool.query(
    `insert into person_identifier (id, person_id, type, value, match_key, verified, superseded_by_id, source_system, source_key, as_of)
     values ($1, $2, $3, $4, $5, true, $6, 'civil-affairs', 'T', now())`,
    [id, personId, type, number, key.ok ? key.key : number, supersededBy],
  );
  return id;
}

/** A row as a department delivers it. */
export interface Delivered {
  readonly name: string;
  readonly number?: string | null;
  readonly type?: string;
  readonly sex?: string | null;
  readonly born?: string | null;
  readonly place?: PlaceName | null;
  readonly sourceKey?: string;
}

/** What became of a row. */
export interface Outcome {
  readonly match: string | null;
  readonly personId: string | null;
}

/** The step of a delivery of education. */
export function stepOf(change: Partial<MatchStep> = {}): MatchStep {
  return {
    at: AT,
    asOf: AT,
    sourceSystem: 'education',
    department: 'EDUCATION',
    deliveryId: newId(),
    regionCode: null,
    preview: false,
    ...change,
  };
}

/** Fills `intake_row` as the intake does. */
export async function fill(tx: PoolClient, rows: readonly Delivered[]): Promise<void> {
  await createIntakeRow(tx);
  const given = rows.map(
    ({ name, number = null, type = 'RESIDENT_ID', sex = null, born = null, place = 'here', sourceKey }, n) => {
      const read = number === null || type === 'TEMPORARY' ? undefined : normaliseResidentId(number);
      const chain = place === null ? [null, null, null, null] : PLACES[place];
      return {
        n: n + 1,
        name,
        number,
        type,
        sex,
        born,
        chain,
        key: read?.ok === true ? read.key : null,
        sourceKey: sourceKey ?? `S${String(n + 1)}`,
      };
    },
  );
  await tx.query(
    `insert into intake_row (row_no, id, new_person_id, source_key, id_type, id_value, id_key, name, name_key, sex, birth_date,
       region_code, township_code, county_code, prefecture_code, province_code)
     select row_no, id, new_person_id, source_key, id_type, id_value, id_key, name, name_key, sex, birth_date,
       township_code, township_code, county_code, prefecture_code, province_code
     from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
         $11::date[], $12::text[], $13::text[], $14::text[], $15::text[])
       as r (row_no, id, new_person_id, source_key, id_type, id_value, id_key, name, name_key, sex, birth_date, township_code,
         county_code, prefecture_code, province_code)`,
    [
      given.map(({ n }) => n),
      given.map(() => newId()),
      given.map(() => newId()),
      given.map(({ sourceKey }) => sourceKey),
      given.map(({ type }) => type),
      given.map(({ number }) => number),
      given.map(({ key }) => key),
      given.map(({ name }) => name),
      given.map(({ name }) => nameKey(name)),
      given.map(({ sex }) => sex),
      given.map(({ born }) => born),
      ...[0, 1, 2, 3].map((level) => given.map(({ chain }) => chain[level])),
    ],
  );
}

/** Matches the rows in one transaction, as the intake would; what became of each, in order. */
export async function match(
  pool: Pool,
  rows: readonly Delivered[],
  change: Partial<MatchStep> = {},
): Promise<readonly Outcome[]> {
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    await fill(tx, rows);
    await matchSubjects(tx, stepOf(change));
    const { rows: found } = await tx.query<Outcome>(
      'select match, person_id as "personId" from intake_row order by row_no',
    );
    await tx.query('commit');
    return found;
  } catch (error) {
    await tx.query('rollback');
    throw error;
  } finally {
    tx.release();
  }
}
