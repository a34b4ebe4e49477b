/** A delivery, or a report over the API, moves the feeds that it covers, in the transaction that recorded it. */
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { anySourceOf } from './feed.ts';
import type { DepartmentCode } from './lists.ts';

/** What was delivered. */
export interface Delivered {
  readonly sourceSystem: string;
  readonly department: DepartmentCode;
  /** The word of the record kind, e.g. STUDENT. */
  readonly record: string;
  /** When the data was true in its source. */
  readonly asOf: Date;
  /** Division covered, 12 digits, with all below it; left out or null: everywhere. */
  readonly regionCode?: string | null | undefined;
  /** Expected time until the next one, in hours; left out: as before, or else as the department's like feeds. */
  readonly rhythmHours?: number | undefined;
}

/** A month of 31 days: the rhythm of what nobody said a rhythm for. */
const OTHERWISE_HOURS = 744;

/**
 * Moves `asOf` of the feed of that source, record and region, which begins with its first delivery, and of the source's feeds
 * of the same record below that region. A feed never goes back. An error of PostgreSQL ends the transaction.
 */
export async function noteDelivered(
  tx: Pick<PoolClient, 'query'>,
  { sourceSystem, department, record, asOf, regionCode = null, rhythmHours }: Delivered,
): Promise<void> {
  // In the order of their ids, so that two deliveries of one source never wait for each other.
  const sources = [sourceSystem, anySourceOf(department)];
  await tx.query('select from feed where source_system = any($1) and record = $2 order by id for update', [
    sources,
    record,
  ]);
  await tx.query(
    `insert into feed (id, source_system, department, record, region_code, as_of, rhythm_hours)
     select $1::uuid, $2::varchar, $3::varchar, $4::varchar, $5::varchar, $6::timestamptz, coalesce($7::int,
       (select like_it.rhythm_hours from feed like_it where like_it.department = $3 and like_it.record = $4
        order by like_it.source_system <> $2, like_it.region_code nulls first limit 1), ${String(OTHERWISE_HOURS)})
     on conflict (source_system, record, region_code) do update
       set as_of = greatest(feed.as_of, excluded.as_of), ended_at = null, rhythm_hours = coalesce($7, feed.rhythm_hours)`,
    [newId(), sourceSystem, department, record, regionCode, asOf, rhythmHours ?? null],
  );
  await tx.query(
    `update feed set as_of = $3 from region
     where feed.ended_at is null and feed.source_system = any($1) and feed.record = $2 and region.code = feed.region_code
       and (feed.as_of is null or feed.as_of < $3)
       and ($4::text is null
         or $4 in (region.code, region.township_code, region.county_code, region.prefecture_code, region.province_code))`,
    [sources, record, asOf, regionCode],
  );
}

/** What was reported piece by piece, as it happened. */
export interface Reported extends Pick<Delivered, 'sourceSystem' | 'department' | 'record' | 'asOf'> {
  /** Divisions that the reporter answers for, 12 digits each, with all below them. */
  readonly regions: readonly string[];
}

// What somebody else moves at this moment is moved: nobody waits for it.
const REPORTED = `
  with due as (
    select feed.id from feed left join region on region.code = feed.region_code
    where feed.department = $2 and feed.record = $3 and feed.source_system in ($1, $7) and (feed.ended_at is null or feed.source_system = $1)
      and (feed.as_of is null or feed.as_of < $5)
      and (feed.region_code = any($4::text[])
        or array[region.township_code, region.county_code, region.prefecture_code, region.province_code]::text[] && $4::text[])
    order by feed.id for update of feed skip locked
  ), moved as (update feed set as_of = $5, ended_at = null from due where feed.id = due.id)
  insert into feed (id, source_system, department, record, region_code, as_of, rhythm_hours)
  select new.id, $1, $2, $3, new.region, $5, coalesce(
    (select like_it.rhythm_hours from feed like_it where like_it.department = $2 and like_it.record = $3
     order by like_it.source_system <> $1, like_it.region_code nulls first limit 1), ${String(OTHERWISE_HOURS)})
  from unnest($6::uuid[], $4::text[]) as new (id, region)
  where not exists (select from feed known where known.source_system = $1 and known.record = $3 and known.region_code = new.region)
  order by new.region
  on conflict (source_system, record, region_code) do nothing`;

/**
 * The same of what is reported as it happens: whoever reports is up to date for the divisions that it answers for. One statement,
 * which waits for nobody. A feed never goes back.
 */
export async function noteReported(
  tx: Pick<PoolClient, 'query'>,
  { sourceSystem, department, record, asOf, regions }: Reported,
): Promise<void> {
  const all = [...new Set(regions)].sort();
  await tx.query(REPORTED, [
    sourceSystem,
    department,
    record,
    all,
    asOf,
    all.map(() => newId()),
    anySourceOf(department),
  ]);
}
