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

/** What a statement answers. */
export interface Answer {
  /** False when a guard of the plan does not hold for this request; then nothing was read. */
  readonly permitted: boolean;
  /** JSON of the response's `data`. */
  readonly text: ByteText;
  readonly subjects: readonly Subject[];
}

/** A person or household that the answer is about, or a question (`miss`, by ordinal) that found nobody. */
export interface Subject {
  readonly kind: 'person' | 'household' | 'miss' | 'fruitless';
  /** Number of the plan's node. */
  readonly node: number;
  /** UUID; empty for a miss. */
  readonly id: string;
  /** Ordinal (from 1) of the question that this answers, where rows answer questions. */
  readonly question?: number;
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

const KINDS: Readonly<Record<string, Subject['kind']>> = { p: 'person', h: 'household', m: 'miss', n: 'fruitless' };

const UUID_LENGTH = 36;
const SPACE = 32;
const ZERO = 48;

/**
 * Reads `5p<uuid> 5h<uuid> 6p<uuid>/2 6m3 `: the number of the node, a letter, then the id, and where rows answer
 * questions, the ordinal. By position, as a page has hundreds; ids that are none are refused by the ledger.
 */
function readSubjects(text: string): Subject[] {
  const subjects: Subject[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(at) - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    return value;
  };
  while (at < text.length) {
    const node = number();
    const kind = KINDS[text.charAt(at)];
    at += 1;
    if (kind === 'person' || kind === 'household') {
      const id = text.slice(at, (at += UUID_LENGTH));
      if (text[at] === '/') {
        at += 1;
        subjects.push({ kind, node, id, question: number() });
      } else subjects.push({ kind, node, id });
    } else if (kind !== undefined) subjects.push({ kind, node, id: '', question: number() });
    if (kind === undefined || text.charCodeAt(at) !== SPACE)
      throw new Error('The statement named a subject that cannot be read');
    at += 1;
  }
  return subjects;
}
