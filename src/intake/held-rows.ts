/** Rows that waited for a decision: applied once it was taken, or let go. */
import type { PoolClient } from '../platform/database.ts';
import { addCounts, findDelivery, toStepDelivery } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import type { IntakeCore } from './intake-core.ts';
import { fillStep, runStep } from './step.ts';

const STILL_OPEN = ` and not exists (
  select from intake_row i where i.row_no = r.row_no and i.verdict in ('HELD', 'CONFLICT'))`;

/** Applies held rows again, or drops them, in the transaction of the act that decided them; how many left the review. */
export async function applyHeldRows(
  core: IntakeCore,
  tx: PoolClient,
  deliveryId: string,
  rowNos: readonly number[],
  drop: boolean,
): Promise<number> {
  const record = await findDelivery(tx, deliveryId);
  if (record === undefined || rowNos.length === 0) return 0;
  const { rowCount: locked } = await tx.query(
    `select from delivery_row where delivery_id = $1 and row_no = any($2::int[]) and state = 'HELD' order by row_no for update`,
    [deliveryId, rowNos],
  );
  if ((locked ?? 0) === 0) return 0;
  if (!drop) await runHeld(core, tx, record, rowNos);
  const { rowCount } = await tx.query(
    `update delivery_row r set state = 'DECIDED'
     where r.delivery_id = $1 and r.row_no = any($2::int[]) and r.state = 'HELD'${drop ? '' : STILL_OPEN}`,
    [deliveryId, rowNos],
  );
  if (drop && (rowCount ?? 0) > 0) {
    const none = { recorded: 0, changed: 0, unchanged: 0, conflicts: 0 };
    await addCounts(tx, deliveryId, { ...none, rejected: rowCount ?? 0, held: -(rowCount ?? 0) }, undefined);
  }
  return rowCount ?? 0;
}

/** The decision is found by the matching; a row that is still in doubt stays held and is counted once. */
async function runHeld(
  { clock, kinds, matchSubjects }: IntakeCore,
  tx: PoolClient,
  record: DeliveryRecord,
  rowNos: readonly number[],
): Promise<void> {
  const step = { kind: kinds.named(record.record), delivery: toStepDelivery(record), at: clock.now(), preview: false };
  const range = { from: Math.min(...rowNos) - 1, through: Math.max(...rowNos) };
  const done = await runStep(tx, step, range, matchSubjects, await fillStep(tx, step, range, matchSubjects, rowNos));
  const left = done.recorded + done.changed + done.unchanged + done.rejected;
  await addCounts(tx, record.id, { ...done, held: -left }, undefined);
}
