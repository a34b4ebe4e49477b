/** The end of a delivery: what a snapshot does not have any more has ended, unless it is more than the set share. */
import type { PoolClient } from '../platform/database.ts';
import { noteDelivered } from '../registry/index.ts';
import { toStepDelivery } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import { insertFindings } from './stage.ts';
import type { RecordKind, SnapshotScope } from './record-kind.ts';

/** Largest share of what was held that a snapshot ends unasked. */
export const SANITY_SHARE = 0.1;

// Held for this division: in a delivery of the same source and kind for it or one below it. What came for a wider division,
// or before there were deliveries, only a snapshot of everything ends.
const ABSENT = `t.source_system = $2 and t.ended_on is null and t.as_of <= $3
  and ($4::text is null or t.delivery_id in (
    select d.id from delivery d left join region g on g.code = d.region_code
    where d.source_system = $2 and d.record = $5
      and $4 in (d.region_code, g.township_code, g.county_code, g.prefecture_code, g.province_code)))
  and not exists (select from delivery_row r where r.delivery_id = $1 and r.source_key = t.source_key)`;

/** What a snapshot speaks of. */
export function scopeOf(kind: RecordKind, record: DeliveryRecord, at: Date): SnapshotScope {
  const delivery = toStepDelivery(record);
  const { id, sourceSystem, asOf, regionCode, record: name } = delivery;
  return { kind, delivery, at, absent: ABSENT, params: [id, sourceSystem, asOf, regionCode, name] };
}

/** Whether so many missing are too many to be ended unasked: a file that was cut short looks like this. */
export function tooMany(
  missing: number,
  { changed, unchanged }: { changed: number; unchanged: number },
  share: number,
): boolean {
  return missing > 0 && missing > share * (missing + changed + unchanged);
}

/** What became of a snapshot's end. */
export interface Ended {
  readonly missing: number;
  readonly ended: number;
  readonly refused: boolean;
}

/** How many held records a snapshot does not have; none for anything else. */
export async function countMissing(
  tx: PoolClient,
  kind: RecordKind,
  record: DeliveryRecord,
  at: Date,
): Promise<number> {
  const { writer } = kind;
  if (record.mode !== 'SNAPSHOT' || writer.missing === undefined || writer.end === undefined) return 0;
  return writer.missing(tx, scopeOf(kind, record, at));
}

/** Counts what is missing and ends it, or refuses to. */
export async function endSnapshot(
  tx: PoolClient,
  kind: RecordKind,
  record: DeliveryRecord,
  { at, share, endAll }: { readonly at: Date; readonly share: number; readonly endAll: boolean },
): Promise<Ended> {
  const missing = await countMissing(tx, kind, record, at);
  const refused = !endAll && tooMany(missing, record, share);
  const ended = refused || missing === 0 ? 0 : ((await kind.writer.end?.(tx, scopeOf(kind, record, at))) ?? 0);
  await tx.query('update delivery set missing_count = $2, ended_count = $3 where id = $1', [record.id, missing, ended]);
  if (refused) {
    await insertFindings(tx, { deliveryId: record.id, at }, [
      { rowNo: 0, sourceKey: null, field: '', code: 'TOO_MANY_MISSING' },
    ]);
  }
  return { missing, ended, refused };
}

/** Moves the feeds that the delivery covers. */
export async function noteFeed(tx: PoolClient, record: DeliveryRecord): Promise<void> {
  const { sourceSystem, department, record: name, asOf, region } = record;
  await noteDelivered(tx, { sourceSystem, department, record: name, asOf, regionCode: region });
}
