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

// The number, or the source's temporary key, in the form in which identifiers are kept. $1 is the source.
const KEY = `case when r.id_type = 'TEMPORARY' then $1 || ':' || coalesce(r.id_value, r.source_key) else r.id_key end`;
const TYPE = `coalesce(r.id_type, 'RESIDENT_ID')`;

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
// never wait for each other. Ids are taken from a list by number: a list within each row would be copied with each.
const CREATE = `
  with wanted as materialized (
    select leader.*, row_number() over (order by leader.key, leader.type) as n from (
      select distinct on (key, type) r.*, ${KEY} as key, ${TYPE} as type from intake_row r
      where r.match = 'WANTED' order by key, type, r.row_no
    ) leader
  ), home as materialized (
    select * from region where code = $5
  ), named as (
    insert into person_identifier
      (id, person_id, type, value, match_key, verified, source_system, source_key, as_of, recorded_at)
    select fresh.id, wanted.new_person_id, wanted.type, coalesce(wanted.id_value, wanted.key), wanted.key, false,
      $1, wanted.source_key, $2, $3
    from wanted join unnest($4::uuid[]) with ordinality as fresh (id, n) on fresh.n = wanted.n
    order by wanted.key, wanted.type
    on conflict (match_key, type) where superseded_by_id is null do nothing
    returning person_id
  ), born as (
    insert into person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code,
      province_code, source_system, source_key, as_of, recorded_at)
    select wanted.new_person_id, wanted.name, wanted.name_key, ${sexOf('wanted')}, ${birthOf('wanted')}, ${place('wanted')},
      $1, wanted.source_key, $2, $3
    from wanted join named on named.person_id = wanted.new_person_id
    left join home on true
    returning id
  )
  update intake_row r set match = 'CREATED', person_id = r.new_person_id
  from born
  where r.new_person_id = born.id and r.match = 'WANTED'`;

/** The same without the writing: the first row of each new person stands for it, and others of its name with it. */
const FORESEE = `
  update intake_row r set match = case when r.row_no = seen.first then 'CREATED' else 'CERTAIN' end, person_id = seen.person_id
  from (
    select r.row_no, first_value(r.row_no) over same as first, first_value(r.new_person_id) over same as person_id,
      r.name_key = first_value(r.name_key) over same as agrees
    from intake_row r where r.match = 'WANTED'
    window same as (partition by ${KEY}, ${TYPE} order by r.row_no)
  ) seen
  where r.row_no = seen.row_no and seen.agrees`;

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
    // Nothing tells the planner how many rows are wanted: with nested loops each of them would be compared with every other.
    await tx.query('set local enable_nestloop = off');
    const ids = Array.from({ length: rowCount ?? 0 }, () => newId());
    await tx.query(CREATE, [sourceSystem, asOf, at, ids, regionCode]);
    await tx.query('set local enable_nestloop = on');
  }
  await tx.query(`update intake_row set match = null where match = 'WANTED'`);
  return rowCount ?? 0;
}
