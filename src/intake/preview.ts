/**
 * Foreseeing as the worker does it: the steps of applying, each chunk taken back at once. Nothing is kept but counts, in the row
 * of the delivery; its state says that nothing of it was applied.
 */
import type { Pool } from '../platform/database.ts';
import { standStill, toStepDelivery } from './delivery-rows.ts';
import type { ApplyParts } from './apply-delivery.ts';
import { countMissing, tooMany } from './snapshot.ts';
import { fillStep, runStep } from './step.ts';
import type { Task } from './work-through.ts';

/** What a preview works with. */
export interface PreviewParts extends Pick<ApplyParts, 'matchSubjects' | 'kindOf' | 'share'> {
  readonly pool: Pool;
}

/** Previews. */
export function previewing({ pool, matchSubjects, kindOf, share }: PreviewParts): Task {
  return {
    state: 'PREVIEWING',
    inOrder: false,
    mayLookAhead: () => false,
    prepare: () => Promise.resolve(0),
    async run(tx, record, range, { at }) {
      const step = { kind: kindOf(record), delivery: toStepDelivery(record), at, preview: true };
      await tx.query('savepoint chunk');
      const done = await runStep(tx, step, range, matchSubjects, await fillStep(tx, step, range, matchSubjects));
      await tx.query('rollback to savepoint chunk');
      return done;
    },
    async conclude(tx, record, at) {
      const missing = await countMissing(tx, kindOf(record), record, at);
      const refused = tooMany(missing, record, share);
      await tx.query('update delivery set missing_count = $2, ended_count = $3 where id = $1', [
        record.id,
        missing,
        refused ? 0 : missing,
      ]);
      await standStill(tx, record.id, 'PREVIEWED', refused ? 'TOO_MANY_MISSING' : null);
    },
    // Whether it can be applied is not said by that.
    failed: (deliveryId) => standStill(pool, deliveryId, 'STAGED', 'INTERNAL'),
  };
}
