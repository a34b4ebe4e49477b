/** Rows that need more than a lookup, and the persons who may be meant, found by blocking keys that indexes serve. */
import type { PoolClient } from '../platform/database.ts';
import { normaliseResidentId } from '../registry/index.ts';
import { birthWithin, numberVariants } from './number-variants.ts';
import type { Candidate, Subject } from './score.ts';
import { subjectKey } from './subject-key.ts';

/** A row as the rules see it, with what a review keeps of it. */
export interface DoubtfulRow extends Subject {
  readonly rowNo: number;
  readonly subjectKey: Buffer;
}

interface RawRow {
  readonly rowNo: number;
  readonly subjectKey: Buffer;
  readonly idType: string | null;
  readonly idValue: string | null;
  readonly idKey: string | null;
  readonly nameKey: string;
  readonly sex: string | null;
  readonly birthDate: string | null;
  readonly townshipCode: string | null;
  readonly countyCode: string | null;
  readonly prefectureCode: string | null;
  readonly provinceCode: string | null;
}

/** The birth date of a row, or what its own number says of it: for 18 characters, whose date was checked. */
export const birthOf = (row: string): string =>
  `coalesce(${row}.birth_date, case when ${row}.id_key ~ '^[0-9]{17}[0-9X]$' then to_date(substr(${row}.id_key, 7, 8), 'YYYYMMDD') end)`;
/** The sex of a row, or what its own number says of it; 0 where neither does. */
export const sexOf = (row: string): string =>
  `case when ${row}.sex in ('1', '2') then ${row}.sex when ${row}.id_key ~ '^[0-9]{17}[0-9X]$'
     then case when substr(${row}.id_key, 17, 1)::int % 2 = 1 then '1' else '2' end else coalesce(${row}.sex, '0') end`;

// A valid number that nobody has is somebody new unless a person of that name and birth date is known.
const DOUBTFUL = `
  select r.row_no as "rowNo", ${subjectKey('r')} as "subjectKey", r.id_type as "idType", r.id_value as "idValue", r.id_key as "idKey", r.name_key as "nameKey",
    ${sexOf('r')} as sex, r.birth_date as "birthDate", r.township_code as "townshipCode", r.county_code as "countyCode",
    r.prefecture_code as "prefectureCode", r.province_code as "provinceCode"
  from intake_row r
  where r.match is null and r.verdict is null and r.id_type is distinct from 'TEMPORARY'
    and (r.id_key is null
      or (select true from person_identifier i where i.match_key = r.id_key and i.type <> 'TEMPORARY' limit 1)
      or (select true from person p where p.birth_date = ${birthOf('r')} and p.name_key = r.name_key limit 1))
  order by r.row_no`;

/** The rows that are neither matched by lookup nor plainly new. */
export async function readDoubtful(tx: PoolClient): Promise<readonly DoubtfulRow[]> {
  const { rows } = await tx.query<RawRow>(DOUBTFUL);
  return rows.map(({ idType: _, idValue, birthDate, ...row }) => {
    const text = row.idKey ?? idValue ?? '';
    return {
      ...row,
      hasNumber: text !== '',
      unchecked: row.idKey !== null && [...(idValue ?? '')].filter((sign) => sign.trim() !== '').length === FIFTEEN,
      variants: new Set(row.idKey === null && idValue !== null ? numberVariants(idValue) : []),
      birthDate: birthDate ?? birthWithin(text) ?? null,
      birthDelivered: birthDate !== null,
    };
  });
}

const FIFTEEN = 15;

// Who was merged into somebody else is not there any more.
const STANDING = 'not exists (select from person_alias a where a.alias_id = p.id)';

/**
 * Blocking keys, each an index: the number itself, current or former, and its variants; birth date with name, or with sex and
 * county, or with sex and surname; name with county. What agrees in none of them shares too little to be the same person.
 */
const CANDIDATES = `
  with asked as (
    select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[])
      as asked (row_no, id_key, name_key, sex, birth_date, county_code)
  ), slips as (
    select * from unnest($7::int[], $8::text[]) as slips (row_no, match_key)
  ), named as (
    select asked.row_no, i.person_id from asked cross join lateral (
      select i.person_id from person_identifier i where i.match_key = asked.id_key and i.type <> 'TEMPORARY' limit 5) i
    union
    select slips.row_no, i.person_id from slips cross join lateral (
      select i.person_id from person_identifier i where i.match_key = slips.match_key and i.type <> 'TEMPORARY' limit 5) i
    union
    select asked.row_no, p.id from asked cross join lateral (
      select p.id from person p where p.birth_date = asked.birth_date and p.name_key = asked.name_key limit 20) p
    union
    select asked.row_no, p.id from asked cross join lateral (
      select p.id from person p
      where p.birth_date = asked.birth_date and (p.sex = asked.sex or asked.sex not in ('1', '2') or p.sex not in ('1', '2'))
        and (p.county_code = asked.county_code or left(p.name_key, 1) = left(asked.name_key, 1)) limit 60) p
    union
    select asked.row_no, p.id from asked cross join lateral (
      select p.id from person p where p.name_key = asked.name_key and p.county_code = asked.county_code limit 40) p
  )
  select named.row_no as "rowNo", p.id as "personId", p.name_key as "nameKey", p.sex, p.birth_date as "birthDate",
    p.township_code as "townshipCode", p.county_code as "countyCode", p.prefecture_code as "prefectureCode",
    p.province_code as "provinceCode", coalesce(numbers.keys, '{}') as numbers
  from named
  cross join lateral (select * from person p where p.id = named.person_id and ${STANDING} limit 1) p
  cross join lateral (
    select array_agg(i.match_key::text) as keys from person_identifier i where i.person_id = p.id and i.type <> 'TEMPORARY'
  ) numbers`;

/** The candidates of each row, by row number; rows without any are not in the map. */
export async function findCandidates(
  tx: PoolClient,
  rows: readonly DoubtfulRow[],
): Promise<ReadonlyMap<number, readonly Candidate[]>> {
  const found = new Map<number, Candidate[]>();
  if (rows.length === 0) return found;
  const slips = rows.flatMap(({ rowNo, idKey, variants, unchecked }) =>
    [...variants, ...(unchecked && idKey !== null ? fifteenSlips(idKey) : [])].map((key) => ({ rowNo, key })),
  );
  const { rows: pairs } = await tx.query<Candidate & { readonly rowNo: number }>(CANDIDATES, [
    rows.map(({ rowNo }) => rowNo),
    rows.map(({ idKey }) => idKey),
    rows.map(({ nameKey }) => nameKey),
    rows.map(({ sex }) => sex ?? '0'),
    rows.map(({ birthDate }) => birthDate),
    rows.map(({ countyCode }) => countyCode),
    slips.map(({ rowNo }) => rowNo),
    slips.map(({ key }) => key),
  ]);
  for (const { rowNo, ...candidate } of pairs) {
    const sofar = found.get(rowNo);
    if (sofar === undefined) found.set(rowNo, [candidate]);
    else sofar.push(candidate);
  }
  return found;
}

/** The numbers of 15 digits one mistyped digit away from this one, as 18 characters; their dates need not be dates. */
function fifteenSlips(idKey: string): readonly string[] {
  const fifteen = idKey.slice(0, 6) + idKey.slice(8, 17);
  return [...fifteen].flatMap((_, i) =>
    [...'0123456789'].flatMap((digit) => {
      const other = fifteen.slice(0, i) + digit + fifteen.slice(i + 1);
      return other === fifteen ? [] : (toEighteen(other) ?? []);
    }),
  );
}

function toEighteen(fifteen: string): string | undefined {
  const read = normaliseResidentId(fifteen);
  return read.ok ? read.key : undefined;
}
