/** Acts of stewards: one transaction with its entry in the ledger, and an entry of its own where it is refused. */
import type { Bound } from '../../access/index.ts';
import { requireStamp } from '../../access/index.ts';
import type { AccessEntry, Ledger } from '../../access/ledger/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { inTransaction } from '../../platform/database.ts';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { HubError, operationDenied, purposeNotAllowed, purposeRequired } from '../../platform/errors.ts';
import { newId } from '../../platform/id.ts';

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

const PURPOSE = 'GOVERNANCE';

/** Who does what. */
export interface Act {
  /** Of the mutation. */
  readonly name: string;
  readonly caller: Bound;
  readonly context: ActContext;
  readonly items?: number;
  /** Throws where the caller is not the one to do it; by default everybody but a steward with the purpose GOVERNANCE. */
  readonly admit?: (caller: Bound, coordinate: string) => void;
}

/**
 * Runs an act. Throws what admission throws (PURPOSE_REQUIRED, PURPOSE_NOT_ALLOWED, OPERATION_DENIED), POLICY_CHANGED, and what the
 * work throws; then nothing was written but the record of the refusal.
 */
export async function recordedAct<T>(
  { pool, ledger, clock }: ActParts,
  { name, caller, context, items = 1, admit = requireSteward }: Act,
  work: (tx: PoolClient, at: Date) => Promise<T>,
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
    items,
  };
  try {
    admit(caller, coordinate);
    return await inTransaction(pool, async (tx) => {
      await requireStamp(tx, context.policyStamp);
      const result = await work(tx, at);
      await ledger.recordIn(tx, entry);
      return result;
    });
  } catch (error) {
    // Of a policy that moved nothing was decided: the same act comes again under the new one.
    if (error instanceof HubError && error.code !== 'POLICY_CHANGED')
      await ledger.record({ ...entry, decision: 'REFUSED', reason: error.code });
    throw error;
  }
}

function requireSteward({ role, purpose, purposes }: Bound, coordinate: string): void {
  if (role !== 'STEWARD') throw operationDenied(coordinate, 'it is for the stewards of data sharing', 'CIVIL_AFFAIRS');
  if (purpose === undefined) throw purposeRequired(purposes);
  if (purpose !== PURPOSE) throw purposeNotAllowed(purpose, [PURPOSE]);
}
