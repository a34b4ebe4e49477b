/** What callers do beyond reading: one transaction with its entry in the ledger, and an entry of its own where it is refused. */
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { HubError } from '../platform/errors.ts';
import type { Bound } from './caller.ts';
import { eachOnce, entryBy } from './ledger/entry-by.ts';
import type { AccessEntry, Ledger } from './ledger/entry.ts';
import { requireStamp } from './policy/stamp.ts';

/** What the ledger entry says of the operation, and what let it in: the engine puts it into the context of every mutation. */
export interface ActContext {
  readonly operation: AccessEntry['operation'];
  readonly policyVersion: number;
  readonly policyStamp: number;
}

/** What acts are made with. */
export interface ActParts {
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'record' | 'recordIn'>;
  readonly clock: Clock;
}

/** Throws where the caller is not the one to do what the coordinate names. What the policy decides is decided by then. */
export type Admission = (caller: Bound, coordinate: string) => void;

/** Who does what. */
export interface Act {
  /** Of the mutation. */
  readonly name: string;
  readonly caller: Bound;
  readonly context: ActContext;
  readonly admit: Admission;
  /** How many items were brought; 1 where it is left out. */
  readonly items?: number;
}

/** The transaction of an act. */
export interface ActMoment {
  readonly tx: PoolClient;
  readonly at: Date;
  /** In China. */
  readonly today: string;
}

/** What an act came to, and whom it was about: the ledger names them. */
export interface Done<T> {
  readonly result: T;
  readonly persons: readonly string[];
  readonly households?: readonly string[];
}

/** Whoever the policy opens the mutation to. */
export const byPolicy: Admission = () => undefined;

/**
 * Runs an act that is about persons. Throws what the admission throws, POLICY_CHANGED, and what the work throws; then nothing was written
 * but the record of the refusal.
 */
export async function actOnPersons<T>(
  { pool, ledger, clock }: ActParts,
  { name, caller, context, admit, items = 1 }: Act,
  work: (moment: ActMoment) => Promise<Done<T>>,
): Promise<T> {
  const coordinate = `Mutation.${name}`;
  const at = clock.now();
  const { operation, policyVersion, policyStamp } = context;
  const entry = entryBy(caller, { at, kind: 'WRITE', operation, coordinates: [[coordinate]], policyVersion, items });
  try {
    admit(caller, coordinate);
    return await inTransaction(pool, async (tx) => {
      await requireStamp(tx, policyStamp);
      const { result, persons, households = [] } = await work({ tx, at, today: clock.today() });
      await ledger.recordIn(tx, { ...entry, persons: eachOnce(persons), households: eachOnce(households) });
      return result;
    });
  } catch (error) {
    // Of a policy that moved nothing was decided: the same act comes again under the new one.
    if (error instanceof HubError && error.code !== 'POLICY_CHANGED')
      await ledger.record({ ...entry, decision: 'REFUSED', reason: error.code });
    throw error;
  }
}

/** Runs an act that is about no person, such as one on an agreement; throws as `actOnPersons` does. */
export function recordedAct<T>(parts: ActParts, act: Act, work: (moment: ActMoment) => Promise<T>): Promise<T> {
  return actOnPersons(parts, act, async (moment) => ({ result: await work(moment), persons: [] }));
}
