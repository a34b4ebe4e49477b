/** Runs planned statements: prepared once per connection, values bound, the answer taken as text. */
import type { Bounds } from '../platform/bounds.ts';
import type { ByteText } from '../platform/bytes.ts';
import { cancelFor, connectFor } from '../platform/cancel.ts';
import type { Asker } from '../platform/cancel.ts';
import { queryBytes, sqlState } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { cancelled, tooLarge, tooSlow } from '../platform/errors.ts';
import { assertAffordable } from './cost.ts';
import type { StatementPlan } from './statement-plan.ts';
import type { Bindings } from './slot.ts';
import { readSubjects } from './subjects.ts';
import type { Subject } from './subjects.ts';

/** What a statement answers. */
export interface Answer {
  /** False when a guard of the plan does not hold for this request; then nothing was read. */
  readonly permitted: boolean;
  /** JSON of the response's `data`. */
  readonly text: ByteText;
  readonly subjects: readonly Subject[];
}

/** Each named statement costs about 125 kB in the server; a connection that holds this many is replaced. */
const MOST_STATEMENTS = 200;

/** Whether a guard holds, the JSON, and the subjects; null where they are larger than the plan may tell. */
type AnswerRow = [permitted: boolean, text: ByteText | null, subjects: ByteText | null];

/** SQLSTATE of a statement that was cancelled, by its time limit or by request. */
const QUERY_CANCELED = '57014';

/**
 * Runs one plan; nothing is read for an asker who has gone, or where it could cost too much.
 * @throws TOO_COSTLY, TOO_LARGE, TOO_SLOW, CANCELLED
 */
export type StatementRunner = (plan: StatementPlan, bindings: Bindings, asker?: Asker) => Promise<Answer | undefined>;

/** A runner of plans over a pool. */
export function statementRunner(
  pool: Pool,
  bounds: Pick<Bounds, 'cost' | 'checks' | 'rows' | 'answer'>,
): StatementRunner {
  const held = new WeakMap<PoolClient, Set<string>>();
  return async (plan, bindings, asker) => {
    assertAffordable(plan.cost, bindings, bounds);
    const values = plan.slots.map((slot) => slot.read(bindings));
    const client = await connectFor(pool, asker);
    let broken: Error | undefined;
    let row: AnswerRow | undefined;
    try {
      if (asker !== undefined) cancelFor(asker, client);
      const names = held.get(client) ?? new Set<string>();
      names.add(plan.name);
      held.set(client, names);
      [row] = await queryBytes<AnswerRow>(client, { name: plan.name, text: plan.text, values });
      if (asker?.gone === true) throw cancelled();
    } catch (error) {
      broken = error instanceof Error ? error : new Error('The statement failed');
      if (asker?.gone === true) throw cancelled();
      throw sqlState(error) === QUERY_CANCELED ? tooSlow(error) : error;
    } finally {
      if (asker !== undefined) asker.onGone = undefined;
      const full = (held.get(client)?.size ?? 0) >= MOST_STATEMENTS;
      client.release(broken !== undefined || full);
    }
    if (row === undefined) return undefined;
    const [permitted, text, told] = row;
    if (text === null || told === null) throw tooLarge('answer', bounds.answer);
    const subjects = readSubjects(told);
    if (subjects.length > bounds.rows) throw tooLarge('rows', bounds.rows);
    return { permitted, text, subjects };
  };
}
