/** Findings of a delivery in the order of rows, some at a time, for the result file. */
import type { Pool } from '../platform/database.ts';
import { FAULTS } from './faults.ts';
import type { DeliveryFindingRow } from './intake-service.ts';

/** Findings read at a time. */
const PAGE = 5_000;

/** All of them; whether the reader may see the delivery was asked before. */
export async function* readFindings(pool: Pool, deliveryId: string): AsyncIterable<readonly DeliveryFindingRow[]> {
  let after: readonly [number, string] = [-1, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await pool.query<Omit<DeliveryFindingRow, 'reason' | 'remedy'> & { id: string }>(
      `select id, row_no as "rowNo", source_key as "sourceKey", field, code from delivery_finding
       where delivery_id = $1 and (row_no, id) > ($2::int, $3::uuid) order by row_no, id limit $4`,
      [deliveryId, ...after, PAGE],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ rowNo, sourceKey, field, code }) => ({ rowNo, sourceKey, field, code, ...FAULTS[code] }));
    after = [last.rowNo, last.id];
  }
}
