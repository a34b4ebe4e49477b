/** Acts of the registrars of civil affairs: one transaction with its entry in the ledger, one of its own where it is refused. */
import { requireStamp } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { HubError, badUserInput, operationDenied, purposeNotAllowed, purposeRequired } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';

/** What the ledger entry says of the operation, and what let it in. */
export interface RegistrarContext {
  readonly operation: AccessEntry['operation'];
  readonly policyVersion: number;
  readonly policyStamp: number;
}

/** What acts are made with. */
export interface RegistrarParts {
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'record' | 'recordIn'>;
  readonly clock: Clock;
}

/** What an act did, and to whom. */
export interface Done<T> {
  readonly result: T;
  /** Persons whose data was changed. */
  readonly persons: readonly string[];
}

const PURPOSE = 'DATA_QUALITY';

/**
 * Runs an act of a registrar of civil affairs with the purpose DATA_QUALITY. Throws OPERATION_DENIED, PURPOSE_REQUIRED,
 * PURPOSE_NOT_ALLOWED, POLICY_CHANGED, and what the work throws; then nothing was written but the record of the refusal.
 */
export async function registrarAct<T>(
  { pool, ledger, clock }: RegistrarParts,
  { name, caller, context }: { readonly name: string; readonly caller: Bound; readonly context: RegistrarContext },
  work: (tx: PoolClient, at: Date) => Promise<Done<T>>,
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
    requireRegistrar(caller, coordinate);
    return await inTransaction(pool, async (tx) => {
      await requireStamp(tx, context.policyStamp);
      const { result, persons } = await work(tx, at);
      await ledger.recordIn(tx, { ...entry, persons: [...new Set(persons)].sort().map((id) => ({ id, node: 0 })) });
      return result;
    });
  } catch (error) {
    if (error instanceof HubError && error.code !== 'POLICY_CHANGED')
      await ledger.record({ ...entry, decision: 'REFUSED', reason: error.code });
    throw error;
  }
}

function requireRegistrar({ department, role, purpose, purposes }: Bound, coordinate: string): void {
  if (role !== 'REGISTRAR' || department !== 'CIVIL_AFFAIRS')
    throw operationDenied(coordinate, 'it is for the registrars of civil affairs', 'CIVIL_AFFAIRS');
  if (purpose === undefined) throw purposeRequired(purposes);
  if (purpose !== PURPOSE) throw purposeNotAllowed(purpose, [PURPOSE]);
}

const LONGEST = 500;
/** A run of digits as long as an identity number: reasons are read by many, and name nobody by number. */
const NUMBERED = /\d{15}/;

/** The reason of an act as it is kept. Throws BAD_USER_INPUT. */
export function checkedReason(reason: string): string {
  const text = reason.trim().normalize('NFC');
  if ([...text].length < 2 || [...text].length > LONGEST || NUMBERED.test(text))
    throw badUserInput(
      `请写明理由（2至${LONGEST}字，不写证件号码） reason: say why, in 2 to ${LONGEST} characters, without identity numbers`,
    );
  return text;
}
