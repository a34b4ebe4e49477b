import type { PoolClient } from '../../platform/database.ts';
import type { Step } from '../../intake/index.ts';

/**
 * Keeps rows of the shared spine as they stand, before a list changes them: nothing that somebody may have relied on is
 * lost. `delivery_id` is the delivery that took their place; a row that it changes twice is kept once, as it stood before.
 * @param which predicate over `t`, with parameters from $4 on
 * @param person column with the person
 */
export async function keepOld(
  tx: PoolClient,
  { delivery, at }: Pick<Step, 'delivery' | 'at'>,
  table: string,
  which: string,
  parameters: readonly unknown[],
  person = 'person_id',
): Promise<void> {
  await tx.query(
    `insert into record_history (record, row_id, person_id, source_system, source_key, content, recorded_at,
       superseded_at, delivery_id)
     select $1, t.id, t.${person}, t.source_system, t.source_key, to_jsonb(t), t.recorded_at, $2, $3
     from ${table} t
     where ${which} and not exists (
       select from record_history known where known.row_id = t.id and known.delivery_id = $3)
     order by t.id`,
    [table.toUpperCase(), at, delivery.id, ...parameters],
  );
}
