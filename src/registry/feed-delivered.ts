/** A delivery moves the feeds that it covers: the one function for it, in the transaction that applied the delivery. */
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
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
  await tx.query('select from feed where source_system = $1 and record = $2 order by id for update', [
    sourceSystem,
    record,
  ]);
  await tx.query(
    `insert into feed (id, source_system, department, record, region_code, as_of, rhythm_hours)
     select $1::uuid, $2::varchar, $3::varchar, $4::varchar, $5::varchar, $6::timestamptz, coalesce($7::int,
       (select like_it.rhythm_hours from feed like_it where like_it.department = $3 and like_it.record = $4
        order by like_it.source_system <> $2, like_it.region_code nulls first limit 1), ${String(OTHERWISE_HOURS)})
     on conflict (source_system, record, region_code) do update
       set as_of = greatest(feed.as_of, excluded.as_of), rhythm_hours = coalesce($7, feed.rhythm_hours)`,
    [newId(), sourceSystem, department, record, regionCode, asOf, rhythmHours ?? null],
  );
  await tx.query(
    `update feed set as_of = $3 from region
     where feed.source_system = $1 and feed.record = $2 and region.code = feed.region_code
       and (feed.as_of is null or feed.as_of < $3)
       and ($4::text is null or $4 in (region.township_code, region.county_code, region.prefecture_code, region.province_code))`,
    [sourceSystem, record, asOf, regionCode],
  );
}
