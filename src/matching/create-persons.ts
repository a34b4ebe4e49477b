/** Persons whom nobody knew: created in the transaction of the row that names them, and never twice. */
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { birthOf, sexOf } from './candidates.ts';
import type { MatchStep } from './step.ts';

// A person has a home: the row's, or else the one that the delivery is about.
const WANT = `
  update intake_row r set match = 'WANTED'
  where r.match is null and r.verdict is null and (r.id_key is not null or r.id_type = 'TEMPORARY') and r.new_person_id is not null
    and (r.province_code is not null or exists (select from region where code = $1))`;

const wanted = (key: string): string => `
  select distinct on (named.key, named.type) r.row_no, r.new_person_id, named.key, named.type
  from intake_row r
  cross join lateral (select
    case when r.id_type = 'TEMPORARY' then ${key} || ':' || coalesce(r.id_value, r.source_key) else r.id_key end as key,
    coalesce(r.id_type, 'RESIDENT_ID') as type) named
  where r.match = 'WANTED'
  order by named.key, named.type, r.row_no`;

const NEW_ROWS = `select row_no as "rowNo" from (${wanted('$1')}) wanted`;

const place = (row: string): string => `
    coalesce(${row}.region_code, home.code),
    case when ${row}.province_code is null then home.township_code else ${row}.township_code end,
    case when ${row}.province_code is null then coalesce(home.county_code, home.prefecture_code, home.province_code)
      else coalesce(${row}.county_code, ${row}.prefecture_code, ${row}.province_code) end,
    case when ${row}.province_code is null then coalesce(home.prefecture_code, home.province_code)
      else coalesce(${row}.prefecture_code, ${row}.province_code) end,
    coalesce(${row}.province_code, home.province_code)`;

// The identifier decides: where another transaction has it, this one waits, takes nothing, and no person is written. That a
// person is there is checked at the end of the statement. In the order of the keys, so that two importers of the same people
// never wait for each other.
const CREATE = `
  with wanted as materialized (
    select wanted.*, $4::uuid[] as ids, row_number() over (order by wanted.key, wanted.type) as n from (${wanted('$1')}) wanted
  ), named as (
    insert into person_identifier
      (id, person_id, type, value, match_key, verified, source_system, source_key, as_of, recorded_at)
    select wanted.ids[wanted.n], r.new_person_id, wanted.type, coalesce(r.id_value, wanted.key), wanted.key, false,
      $1, r.source_key, $2, $3
    from wanted join intake_row r on r.row_no = wanted.row_no
    order by wanted.key, wanted.type
    on conflict (match_key, type) where superseded_by_id is null do nothing
    returning person_id
  ), born as (
    insert into person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code,
      province_code, source_system, source_key, as_of, recorded_at)
    select r.new_person_id, r.name, r.name_key, ${sexOf('r')}, ${birthOf('r')}, ${place('r')},
      $1, r.source_key, $2, $3
    from wanted join named on named.person_id = wanted.new_person_id
    join intake_row r on r.row_no = wanted.row_no
    left join region home on home.code = $5
    returning id
  )
  update intake_row r set match = 'CREATED', person_id = r.new_person_id
  from wanted join born on born.id = wanted.new_person_id
  where r.row_no = wanted.row_no`;

/** The same without the writing: the first row of each new person stands for it. */
const FORESEE = `
  update intake_row r set match = case when r.row_no = first.row_no then 'CREATED' else 'CERTAIN' end, person_id = first.new_person_id
  from (
    select w.row_no as member, wanted.row_no, wanted.new_person_id
    from (${wanted('$1')}) wanted join intake_row leader on leader.row_no = wanted.row_no
    join intake_row w on w.match = 'WANTED' and w.name_key = leader.name_key
      and (w.id_key = wanted.key or w.id_type = 'TEMPORARY' and $1 || ':' || coalesce(w.id_value, w.source_key) = wanted.key)
  ) first
  where r.row_no = first.member`;

/**
 * Creates a person for each number, or temporary key of this source, that no row of the registry has: the rows left over that
 * have one. The first row of a person is CREATED; the others, and those whom somebody else created meanwhile, are open again.
 */
export async function createPersons(
  tx: PoolClient,
  { sourceSystem, asOf, at, regionCode, preview }: MatchStep,
): Promise<number> {
  const { rowCount } = await tx.query(WANT, [regionCode]);
  if ((rowCount ?? 0) === 0) return 0;
  if (preview) {
    await tx.query(FORESEE, [sourceSystem]);
  } else {
    const { rows } = await tx.query(NEW_ROWS, [sourceSystem]);
    await tx.query(CREATE, [sourceSystem, asOf, at, rows.map(() => newId()), regionCode]);
  }
  await tx.query(`update intake_row set match = null where match = 'WANTED'`);
  return rowCount ?? 0;
}
