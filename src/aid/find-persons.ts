import type { Pool } from '../platform/database.ts';

/** Whom to look for. */
export interface PersonAsked {
  readonly idKey: string;
  readonly nameKey: string;
  /** 'YYYY-MM-DD': the household is the one on this day. */
  readonly on: string;
}

/** A division and its ancestors, 12 digits each. */
export interface Place {
  readonly regionCode: string;
  readonly townshipCode: string | null;
  readonly countyCode: string;
  readonly prefectureCode: string;
  readonly provinceCode: string;
}

/** The one person whose number and name agree. */
export interface PersonFound {
  readonly personId: string;
  readonly householdId: string | null;
  /** The person's home. */
  readonly place: Place;
}

// Who absorbed somebody answers to that name as well. The household is the one in which the person benefits, before one in which the person is only counted.
const FIND = `
  select asked.n, p.id as "personId", home.household_id as "householdId", p.region_code as "regionCode",
         p.township_code as "townshipCode", p.county_code as "countyCode", p.prefecture_code as "prefectureCode",
         p.province_code as "provinceCode"
  from unnest($1::int[], $2::text[], $3::text[], $4::date[]) as asked (n, id_key, name_key, day)
  join person_identifier i on i.match_key = asked.id_key and i.superseded_by_id is null and i.type <> 'TEMPORARY'
  join person p on p.id = i.person_id and (p.name_key = asked.name_key
    or exists (select from person_alias a join person other on other.id = a.alias_id
               where a.person_id = p.id and other.name_key = asked.name_key))
  left join lateral (
    select m.household_id from membership m
    where m.person_id = p.id and m.valid_from <= asked.day and (m.valid_to is null or m.valid_to >= asked.day)
    order by m.role = 'COUNTED_NOT_BENEFICIARY', m.valid_from desc, m.id limit 1
  ) home on true`;

/**
 * One answer per question, in order; undefined when the number is unknown, the name does not agree, or two persons fit:
 * the three are one answer, and the statement does the same work for each. One statement for all questions.
 */
export async function findPersons(
  pool: Pool,
  asked: readonly PersonAsked[],
): Promise<readonly (PersonFound | undefined)[]> {
  if (asked.length === 0) return [];
  const { rows } = await pool.query<Place & { n: number; personId: string; householdId: string | null }>(FIND, [
    asked.map((_, n) => n),
    asked.map(({ idKey }) => idKey),
    asked.map((one) => one.nameKey),
    asked.map(({ on }) => on),
  ]);
  const found: (PersonFound | undefined)[] = asked.map(() => undefined);
  const ambiguous = new Set<number>();
  for (const { n, personId, householdId, ...place } of rows) {
    if (found[n] !== undefined && found[n].personId !== personId) ambiguous.add(n);
    found[n] = { personId, householdId, place };
  }
  for (const n of ambiguous) found[n] = undefined;
  return found;
}

/** The places of these division codes, as far as they are known. Divisions are open to every caller. */
export async function findPlaces(
  pool: Pool,
  codes: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (codes.length === 0) return new Map();
  const { rows } = await pool.query<{ code: string; chain: readonly (string | null)[] }>(
    `select code, array[code, township_code, county_code, prefecture_code, province_code]::text[] as chain
     from region where code = any($1::text[])`,
    [codes],
  );
  return new Map(rows.map(({ code, chain }) => [code, chain.filter((one) => one !== null)]));
}
