/** What applying would do: the same steps in one transaction that is rolled back, with nothing but temporary tables written. */
import { requireStamp } from '../access/index.ts';
import type { Pool } from '../platform/database.ts';
import { toStepDelivery } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import { nextChunk } from './intake-row.ts';
import type { RecordKind } from './record-kind.ts';
import { scopeOf, tooMany } from './snapshot.ts';
import { runStep } from './step.ts';
import type { MatchSubjects, StepCounts } from './step.ts';

/** What a preview works with. */
export interface PreviewParts {
  readonly pool: Pool;
  readonly matchSubjects: MatchSubjects;
  readonly kind: RecordKind;
  readonly chunk: number;
  readonly share: number;
}

/** Counts as they would be; `refused`: a snapshot that would end too many. */
export interface Preview extends StepCounts {
  readonly missing: number;
  readonly ended: number;
  readonly refused: boolean;
}

/** Judges every row. Whoever else writes meanwhile is not held up. */
export async function previewDelivery(
  { pool, matchSubjects, kind, chunk, share }: PreviewParts,
  record: DeliveryRecord,
  at: Date,
  policyStamp: number,
): Promise<Preview> {
  const counts = { recorded: 0, changed: 0, unchanged: 0, rejected: 0, held: 0, conflicts: 0 };
  const step = { kind, delivery: toStepDelivery(record), at, preview: true };
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    await requireStamp(tx, policyStamp);
    for (let from = 0; ;) {
      const through = await nextChunk(tx, record.id, from, chunk);
      if (through === undefined) break;
      // Row locks of a chunk are let go with it: a preview must not stop anybody for its whole length.
      await tx.query('savepoint chunk');
      const done = await runStep(tx, step, { from, through }, matchSubjects);
      await tx.query('rollback to savepoint chunk');
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += done[name];
      from = through;
    }
    const { writer } = kind;
    const ends = record.mode === 'SNAPSHOT' && writer.end !== undefined;
    const missing = ends ? ((await writer.missing?.(tx, scopeOf(kind, record, at))) ?? 0) : 0;
    const refused = tooMany(missing, counts, share);
    return { ...counts, missing, ended: refused ? 0 : missing, refused };
  } finally {
    await tx.query('rollback').then(
      () => {
        tx.release();
      },
      () => {
        tx.release(true);
      },
    );
  }
}
