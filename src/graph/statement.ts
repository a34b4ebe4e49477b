/** Runs planned statements: prepared once per connection, values bound, the answer taken as text. */
import type { Pool, PoolClient } from '../platform/database.ts';
import type { StatementPlan } from './planner.ts';
import type { Bindings } from './slot.ts';

/** What a statement answers. */
export interface Answer {
  /** False when a guard of the plan does not hold for this request; then nothing was read. */
  readonly permitted: boolean;
  /** JSON of the response's `data`. */
  readonly text: string;
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

const KINDS = new Map([
  ['p', 'person'],
  ['h', 'household'],
  ['m', 'miss'],
  ['n', 'fruitless'],
] as const) as ReadonlyMap<string, Subject['kind']>;

/** A runner of plans over a pool. */
export function statementRunner(pool: Pool): (plan: StatementPlan, bindings: Bindings) => Promise<Answer | undefined> {
  const held = new WeakMap<PoolClient, Set<string>>();
  return async (plan, bindings) => {
    const values = plan.slots.map((slot) => slot.read(bindings));
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      const names = held.get(client) ?? new Set<string>();
      names.add(plan.name);
      held.set(client, names);
      const { rows } = await client.query<[boolean, string, string]>({
        name: plan.name,
        text: plan.text,
        values,
        rowMode: 'array',
      });
      const row = rows[0];
      return row === undefined ? undefined : { permitted: row[0], text: row[1], subjects: readSubjects(row[2]) };
    } catch (error) {
      broken = error instanceof Error ? error : new Error('The statement failed');
      throw error;
    } finally {
      const full = (held.get(client)?.size ?? 0) >= MOST_STATEMENTS;
      client.release(broken !== undefined || full);
    }
  };
}

/** Reads `5p<uuid> 5h<uuid> 6p<uuid>/2 6m3 `, each subject once per node and question. */
function readSubjects(text: string): Subject[] {
  const seen = new Set<string>();
  const subjects: Subject[] = [];
  for (const token of text.split(' ')) {
    if (token === '' || seen.has(token)) continue;
    seen.add(token);
    const [, node, letter = '', id = '', question] = /^(\d+)([phmn])([0-9a-f-]{36})?\/?(\d+)?$/.exec(token) ?? [];
    const kind = KINDS.get(letter);
    if (kind === undefined) throw new Error('The statement named a subject that cannot be read');
    subjects.push({ kind, node: Number(node), id, ...(question === undefined ? {} : { question: Number(question) }) });
  }
  return subjects;
}
