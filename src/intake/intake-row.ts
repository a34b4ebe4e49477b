/** The temporary table `intake_row` of a step, and how rows get into it: home resolved to today's division, by set. */
import type { PoolClient } from '../platform/database.ts';
import type { KeyedTable, StepDelivery } from './record-kind.ts';

/**
 * Settings of the connections that apply deliveries: a chunk stays in memory while it is worked on, and no statement lasts long
 * enough for a compiler.
 */
export const INTAKE_SETTINGS = { jit: 'off', temp_buffers: '64MB' } as const;

// Every row is updated two or three times: room on its own page spares the index a new entry each time.
/** The columns of `intake_row`, one row per row of the chunk, for writers and for the matching. */
const TABLE = `
  create temporary table if not exists intake_row (
    row_no int primary key,
    id uuid not null,
    new_person_id uuid,
    source_key text not null,
    content jsonb not null,
    digest bytea not null,
    id_type text,
    id_value text,
    id_key text,
    name text,
    name_key text,
    sex char(1),
    birth_date date,
    region_code varchar(12),
    township_code varchar(12),
    county_code varchar(12),
    prefecture_code varchar(12),
    province_code varchar(12),
    person_id uuid,
    household_id uuid,
    held boolean,
    match text,
    verdict text,
    code text,
    field text
  ) with (fillfactor = 35) on commit delete rows`;

const PLACES = `
  create temporary table if not exists intake_region (
    code text primary key,
    region_code varchar(12) not null,
    township_code varchar(12),
    county_code varchar(12),
    prefecture_code varchar(12),
    province_code varchar(12) not null,
    known boolean not null
  ) on commit delete rows`;

// Each code that is none of today's, by its village, township and county, followed through mergers and new codes to what it is today. Where a
// division was split, or has two successors, nobody can say which one it is now: the old code stays, which is data and
// no error. A rest below the county moves along where the same place exists there.
const RESOLVE = `
  with recursive asked as (
    select distinct region_code as code from intake_row where region_code is not null and province_code is null
  ), unit as (
    select distinct rpad(left(code, n), 12, '0') as first from asked, (values (12), (9), (6)) as level (n)
  ), hop as (
    select first, first as code, 0 as depth from unit
    union all
    select hop.first, c.to_code, hop.depth + 1
    from hop join region_change c
      on c.from_code = hop.code and c.to_code <> c.from_code and c.kind in ('MERGE', 'RECODE')
    where hop.depth < 8
      and not exists (select from region live where live.code = hop.code and live.valid_to is null)
      and not exists (select from region_change split
        where split.from_code = hop.code and split.kind = 'SPLIT' and split.to_code <> split.from_code)
  ), today as (
    select first, case when bool_or(several) then first else (array_agg(code order by depth desc))[1] end as code
    from (select hop.*, count(*) over (partition by first, depth) > 1 as several from hop) as counted
    group by first
  ), resolved as (
    select distinct on (asked.code) asked.code, coalesce(same.code, township.code, today.code, asked.code) as region_code
    from asked
    cross join (values (12), (9), (6)) as level (n)
    left join today on today.first = rpad(left(asked.code, n), 12, '0') and today.code <> today.first
    left join region same on same.code = left(today.code, n) || substr(asked.code, n + 1) and same.valid_to is null
    left join region township on n = 6 and township.valid_to is null
      and township.code = left(today.code, 6) || substr(asked.code, 7, 3) || '000'
    order by asked.code, today.code is null, n desc
  )
  insert into intake_region
  select resolved.code, resolved.region_code,
         coalesce(r.township_code, township.code),
         coalesce(r.county_code, case when substr(region_code, 5, 2) <> '00' then rpad(left(region_code, 6), 12, '0') end),
         coalesce(r.prefecture_code, case when substr(region_code, 3, 2) <> '00' then rpad(left(region_code, 4), 12, '0') end),
         coalesce(r.province_code, rpad(left(region_code, 2), 12, '0')),
         r.code is not null or county.code is not null
           or exists (select from region_change c where c.from_code = rpad(left(region_code, 6), 12, '0'))
           or not exists (select from region p where p.code = rpad(left(region_code, 2), 12, '0'))
  from resolved
  left join region r on r.code = region_code
  left join region township on r.code is null and township.level = 'TOWNSHIP'
    and township.code = rpad(left(region_code, 9), 12, '0')
  left join region county on county.code = rpad(left(region_code, 6), 12, '0')`;

const RESOLVED = `
  update intake_row i set region_code = p.region_code, township_code = p.township_code, county_code = p.county_code,
    prefecture_code = p.prefecture_code, province_code = p.province_code
  from intake_region p where i.region_code = p.code and i.province_code is null`;

const countyOf = (code: string): string =>
  `case when substr(${code}, 5, 2) <> '00' then rpad(left(${code}, 6), 12, '0') end`;
const prefectureOf = (code: string): string =>
  `case when substr(${code}, 3, 2) <> '00' then rpad(left(${code}, 4), 12, '0') end`;

/** The row of the kind's table that has the key, and whether it says the very same. */
const heldBy = ({ table, person }: KeyedTable): string => `
  left join lateral (
    select t.id, ${person === undefined ? 'null::uuid' : `t.${person}`} as person_id, t.digest = r.digest and t.ended_on is null as same
    from ${table} t where t.source_system = $4 and t.source_key = r.source_key limit 1
  ) held on true`;
const NOT_LOOKED_UP = `cross join (select null::uuid as id, null::uuid as person_id, null::boolean as same) held`;

// Most rows are about somebody known, under today's code of their home, and each update of a row costs as much as writing it:
// so what a lookup by an index can say is said while the row is written. Each lateral with its limit is such a lookup,
// whatever the planner thinks of the size of a table that nobody has analysed yet.
const fill = (states: string, { keyed, known }: Lookups): string => `
  insert into intake_row (row_no, id, new_person_id, source_key, content, digest, id_type, id_value, id_key, name,
    name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code, province_code,
    person_id, held, match, verdict)
  select r.row_no, case when held.same then held.id else r.id end, r.new_person_id, r.source_key, r.content, r.digest,
    r.id_type, r.id_value, r.id_key, r.name, r.name_key, r.sex, r.birth_date,
    r.region, p.township_code, coalesce(p.county_code, ${countyOf('p.code')}),
    coalesce(p.prefecture_code, ${prefectureOf('p.code')}), p.province_code,
    case when held.same then held.person_id else known.person_id end, ${keyed === undefined ? 'null' : 'held.id is not null'},
    case when held.same then 'KNOWN' when known.person_id is not null then 'CERTAIN' end,
    case when held.same then 'UNCHANGED' end
  from delivery_row r
  left join lateral (select * from region live where live.code = r.region and live.valid_to is null limit 1) p on true
  ${keyed === undefined ? NOT_LOOKED_UP : heldBy(keyed)}
  ${known === undefined ? 'cross join (select null::uuid as person_id) known' : `left join lateral (${known('r', 'held.same is not true')}) known on true`}
  where r.delivery_id = $1 and r.row_no > $2 and r.row_no <= $3 and r.state in (${states})`;

/** SQL of a query with the `person_id` whom the row's number and name are certain to mean, or with no row; evaluated where `when` holds. */
export type KnownPerson = (row: string, when: string) => string;

/** What is looked up while rows are written. */
export interface Lookups {
  /** Rows whose very content is held get the verdict UNCHANGED; `held` says of every row whether its key is known. */
  readonly keyed?: KeyedTable | undefined;
  readonly known?: KnownPerson | undefined;
}

/** Rows of a delivery, by number: after `from`, to `through`. */
export interface RowRange {
  readonly from: number;
  readonly through: number;
}

/** How `intake_row` is filled. */
export interface Filling {
  /** This transaction has filled it before. */
  readonly again: boolean;
  /** Numbers of held rows that take the place of the staged ones. */
  readonly heldRows?: readonly number[] | undefined;
  readonly lookups: Lookups;
}

/**
 * Fills `intake_row` with the staged rows of the range, or with the held ones of `heldRows`; how many. The tables are of
 * the connection and empty themselves with the transaction; `again`: this transaction has filled them before.
 */
export async function fillIntakeRows(
  tx: PoolClient,
  { id, sourceSystem }: Pick<StepDelivery, 'id' | 'sourceSystem'>,
  { from, through }: RowRange,
  { again, heldRows, lookups }: Filling,
): Promise<number> {
  await tx.query(TABLE);
  await tx.query(PLACES);
  if (again) await tx.query('truncate intake_row, intake_region');
  const source = lookups.keyed === undefined ? [] : [sourceSystem];
  const range = [id, from, through, ...source];
  const { rowCount } =
    heldRows === undefined
      ? await tx.query(fill(`'STAGED'`, lookups), range)
      : await tx.query(`${fill(`'HELD'`, lookups)} and r.row_no = any($${String(range.length + 1)}::int[])`, [
          ...range,
          heldRows,
        ]);
  // A tenth of the usual sample, of what is compared: how many rows there are and which columns are distinct or empty is
  // what the plans turn on.
  await tx.query('set local default_statistics_target = 10');
  await tx.query('analyze intake_row (row_no, source_key, id_type, held, match, verdict)');
  if (((await tx.query(RESOLVE)).rowCount ?? 0) > 0) await tx.query(RESOLVED);
  return rowCount ?? 0;
}

/** The row after which the next chunk ends; undefined when there is none left. */
export async function nextChunk(
  tx: Pick<PoolClient, 'query'>,
  deliveryId: string,
  from: number,
  size: number,
): Promise<number | undefined> {
  const { rows } = await tx.query<{ through: number | null }>(
    `select max(row_no) as through from (
       select row_no from delivery_row where delivery_id = $1 and row_no > $2 order by row_no limit $3) chunk`,
    [deliveryId, from, size],
  );
  return rows[0]?.through ?? undefined;
}
