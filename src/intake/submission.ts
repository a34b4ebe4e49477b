/** A call of the API from the door to its answer: one transaction, begun anew where somebody else writes the same key. */
import { requireStamp } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { UNIQUE_VIOLATION, inTransaction, sqlState } from '../platform/database.ts';
import type { PoolClient } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { admit, entryFor } from './admission.ts';
import { checkOpening } from './delivery-opening.ts';
import { addCounts, findDelivery, finish, insertDelivery, noSuchDelivery, toStepDelivery } from './delivery-rows.ts';
import type { IntakeCore } from './intake-core.ts';
import type { DeliveryContext, Submission, SubmissionResult } from './intake-service.ts';
import { noteFeed } from './snapshot.ts';
import { submitItems } from './submit.ts';
import type { Submitted } from './submit.ts';

/** Most items of one call. */
export const MOST_ITEMS = 1_000;
const MOST_RESTARTS = 5;

/** Rows of the API: staged, applied and answered in one call. */
export async function submit(
  core: IntakeCore,
  caller: Bound,
  { record, asOf, region, items, dryRun = false }: Submission,
  context: DeliveryContext,
): Promise<SubmissionResult> {
  const { pool, clock, ledger, kinds, matchSubjects, meter } = core;
  const admitted = await admit(core, caller, 'submitRecords', context);
  const kind = kinds.of(caller, record);
  if (items.length > MOST_ITEMS) {
    throw badUserInput(`At most ${MOST_ITEMS} items a call; split them. 每次最多 ${MOST_ITEMS} 条，请分批报送。`, {
      argument: 'items',
    });
  }
  const now = clock.now();
  const opening = { record, mode: 'DELTA', asOf: asOf ?? now, region, format: 'API' } as const;
  const checked = await checkOpening(pool, caller, opening, now);
  const id = newId();

  const once = async (tx: PoolClient): Promise<Submitted> => {
    await requireStamp(tx, context.policyStamp);
    if (dryRun) await tx.query('savepoint submission');
    await insertDelivery(tx, { id, ...checked });
    const opened = await findDelivery(tx, id);
    if (opened === undefined) throw noSuchDelivery();
    const step = { kind, delivery: toStepDelivery(opened), at: now, preview: dryRun };
    const submitted = await submitItems(tx, step, clock.today(), items, matchSubjects);
    const { done, faulty, repeated } = submitted;
    if (dryRun) {
      await tx.query('rollback to savepoint submission');
    } else {
      await addCounts(tx, id, done, items.length);
      await tx.query(
        `update delivery set row_count = $2, faulty_count = $3, repeated_count = $4, staged_at = $5 where id = $1`,
        [id, items.length, faulty, repeated, now],
      );
      await noteFeed(tx, opened);
      await finish(tx, id, 'APPLIED', now);
    }
    await ledger.recordIn(tx, entryFor(admitted, now, items.length, done.persons, dryRun ? 'READ' : 'WRITE'));
    return submitted;
  };

  for (let restarts = 0; ; restarts += 1) {
    try {
      const { results, done } = await inTransaction(pool, once);
      if (!dryRun) meter.count(record, done);
      return { deliveryId: dryRun ? null : id, results };
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION || restarts === MOST_RESTARTS) throw error;
    }
  }
}
