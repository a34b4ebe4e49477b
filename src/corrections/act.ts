/** Acts on corrections and recalls: one transaction with its entry in the ledger, and an entry of its own where it is refused. */
import { requireStamp } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';

/** What the ledger entry says of the operation, and what let it in. */
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

/** Who does what. */
export interface Act {
  /** Of the mutation. */
  readonly name: string;
  readonly caller: Bound;
  readonly context: ActContext;
  /** Throws where the caller is not the one to do it. What the policy decides is decided by then. */
  readonly admit?: (caller: Bound, coordinate: string) => void;
}

/** What an act came to, and whom it was about: the ledger names them. */
export interface Done<T> {
  readonly result: T;
  readonly persons: readonly string[];
}

/** The transaction of an act, at an instant. */
export interface ActMoment {
  readonly tx: PoolClient;
  readonly at: Date;
  /** In China. */
  readonly today: string;
}

/** Runs an act. Throws what admission, the policy's stamp and the work throw; then nothing was written but the refusal. */
export async function recordedAct<T>(
  { pool, ledger, clock }: ActParts,
  { name, caller, context, admit }: Act,
  work: (moment: ActMoment) => Promise<Done<T>>,
): Promise<T> {
  const coordinate = `Mutation.${name}`;
  const at = clock.now();
  const entry: AccessEntry = {
    id: newId(),
    at,
    client: caller.client,
    department: caller.department,
    role: caller.role,
    purpose: caller.purpose,
    caseNo: caller.caseNo,
    kind: 'WRITE',
    decision: 'ALLOWED',
    operation: context.operation,
    coordinates: [[coordinate]],
    persons: [],
    households: [],
    misses: [],
    policyVersion: context.policyVersion,
    items: 1,
  };
  try {
    admit?.(caller, coordinate);
    return await inTransaction(pool, async (tx) => {
      await requireStamp(tx, context.policyStamp);
      const { result, persons } = await work({ tx, at, today: clock.today() });
      await ledger.recordIn(tx, { ...entry, persons: persons.map((id) => ({ id, node: 0 })) });
      return result;
    });
  } catch (error) {
    // Of a policy that moved nothing was decided: the same act comes again under the new one.
    if (error instanceof HubError && error.code !== 'POLICY_CHANGED')
      await ledger.record({ ...entry, decision: 'REFUSED', reason: error.code });
    throw error;
  }
}
