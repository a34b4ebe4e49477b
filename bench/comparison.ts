/** Before anything is measured: everybody is asked the same, and answers and records are compared. */
import { ask, comparable, difference, holdsRows, roughDifference } from './answers.ts';
import type { Arena, Fighter } from './arena.ts';
import { bodiesOf } from './bodies.ts';
import type { ContestantName } from './contestants.ts';
import { clearGrants } from './data-set.ts';
import { REQUEST_NUMBER } from './operations.ts';
import type { Operation } from './operations.ts';
import { compareRecords } from './records.ts';
import { forgetMisses } from './server-state.ts';

/** Who takes no part in an operation. */
export interface Comparison {
  /** Why, by name: not able to, or with other answers than the reference. */
  readonly out: ReadonlyMap<ContestantName, string>;
  /** Those that should have taken part. */
  readonly wrong: ReadonlySet<ContestantName>;
  readonly recordsDiffer: string | undefined;
}

/** How many different questions all contestants are asked. */
const COMPARED = 12;
/** A prime: the questions asked lie all over the list, and at every place of whatever comes round in it. */
const STRIDE = 7_919;

/** Asks everybody the same questions. Throws when nobody's answers hold anything: equal nothings prove nothing. */
export async function compare(arena: Arena, operation: Operation): Promise<Comparison> {
  const { fighters, data } = arena;
  const out = new Map<ContestantName, string>();
  const wrong = new Set<ContestantName>();
  const able = fighters.filter(({ contestant }) => {
    const reason = contestant.absent(operation.name);
    if (reason !== undefined) out.set(contestant.name, reason);
    return reason === undefined;
  });
  await forgetMisses(data);
  const answers = new Map<Fighter, readonly unknown[]>();
  for (const fighter of able) {
    try {
      answers.set(fighter, await answersOf(arena, operation, fighter));
    } catch (error) {
      exclude(fighter, `it answers with an error: ${error instanceof Error ? error.message.trim() : 'unknown'}`);
    }
  }
  // Limit B is written after the policy by hand; without it the first that answers within its scope has to do.
  const guarded = [...answers.keys()].toSorted((a, b) => rank(a) - rank(b))[0];
  const expected = guarded === undefined ? [] : (answers.get(guarded) ?? []);
  if (answers.size > 0 && !expected.some(holdsRows)) {
    throw new Error(`${operation.name}: the answers are all empty; load more persons.`);
  }
  const exact = [...answers.keys()].find(({ contestant }) => contestant.showsSmallCounts);
  for (const [fighter, found] of answers) {
    const { contestant } = fighter;
    // Counts that suppress nothing are another answer: they agree among themselves, and with the reference roughly.
    const differs =
      operation.name === 'aggregate' && contestant.showsSmallCounts
        ? (first(expected, (one, n) => roughDifference(one, found[n])) ??
          (exact && difference(answers.get(exact), found, contestant)))
        : difference(expected, found, contestant);
    if (differs !== undefined) exclude(fighter, `its answers differ: ${differs}`);
  }
  const recordsDiffer = await compareRecords(data.owner, operation, expected.length);
  if (operation.writes) await clearGrants(data.owner);
  return { out, wrong, recordsDiffer };

  function exclude({ contestant: { name } }: Fighter, reason: string): void {
    out.set(name, reason);
    wrong.add(name);
  }
}

/** What the first of the answers that has something against it has. */
const first = (answers: readonly unknown[], against: (answer: unknown, n: number) => string | undefined) =>
  answers.map(against).find((found) => found !== undefined);

const rank = ({ contestant: { name, nestedScope } }: Fighter): number => (name === 'limit-b' ? 0 : nestedScope ? 1 : 2);

async function answersOf(arena: Arena, operation: Operation, fighter: Fighter): Promise<readonly unknown[]> {
  const { contestant, running } = fighter;
  const bodies = bodiesOf(operation, contestant, arena.translating(operation));
  const letter = String.fromCharCode(97 + arena.fighters.indexOf(fighter));
  const answers: unknown[] = [];
  if (contestant.rowSecurity) await arena.peers.rowSecurity(true);
  try {
    for (let n = 0; n < Math.min(COMPARED, bodies.length); n += 1) {
      const index = (n * STRIDE) % bodies.length;
      const number = `${letter}${String(index).padStart(REQUEST_NUMBER.length - 1, '0')}`;
      const body = bodies[index]?.replaceAll(REQUEST_NUMBER, number) ?? '';
      const data = await ask(running, arena.headersFor(operation), body);
      answers.push(comparable(data, contestant, operation.name));
    }
  } finally {
    if (contestant.rowSecurity) await arena.peers.rowSecurity(false);
  }
  return answers;
}
