/** Who may bring rows in, and under which policy: the same for the API, uploads and folders. */
import { createHash } from 'node:crypto';
import type { Bound, SharingPolicy } from '../access/index.ts';
import { requirePurposeAndCase } from '../access/index.ts';
import { entryBy } from '../access/ledger/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError, operationDenied, purposeNotAllowed } from '../platform/errors.ts';
import type { DeliveryContext } from './intake-service.ts';

const PURPOSE = 'DATA_SUPPLY';

/** An act of the intake by the name of its mutation. */
export type IntakeAct = 'submitRecords' | 'applyDelivery' | 'withdrawDelivery' | 'previewDelivery';

/** What admission works with. */
export interface AdmissionParts {
  readonly ledger: Pick<Ledger, 'record' | 'recordIn'>;
  readonly clock: Clock;
  /** The policy in force in this process; the transaction compares its stamp. */
  readonly policy: () => SharingPolicy;
}

/** Who was let in, and what the ledger is told. */
export interface Admitted {
  readonly caller: Bound;
  readonly context: DeliveryContext;
  readonly act: IntakeAct;
}

/** Throws unless the caller is a system or registrar of a department that delivers, with purpose and case. */
function requireSupplier(caller: Bound, act: IntakeAct): void {
  const { purpose } = requirePurposeAndCase(caller);
  if (purpose !== PURPOSE) throw purposeNotAllowed(purpose, [PURPOSE]);
  if (caller.role !== 'SYSTEM' && caller.role !== 'REGISTRAR') {
    const reason = 'records are delivered by the system or a registrar of the department that keeps them';
    throw operationDenied(`Mutation.${act}`, reason, 'CIVIL_AFFAIRS');
  }
}

/**
 * Lets an act in, or throws and puts the refusal on record. What came as a mutation was asked of the policy already and
 * brings its context; what came another way (an upload, a folder) is asked here.
 */
export async function admit(
  { ledger, clock, policy }: AdmissionParts,
  caller: Bound,
  act: IntakeAct,
  given: DeliveryContext | undefined,
): Promise<Admitted> {
  const inForce = policy();
  const context = given ?? {
    operation: outsideOperation(act),
    policyVersion: inForce.version,
    policyStamp: inForce.stamp,
  };
  const admitted = { caller, context, act };
  try {
    requireSupplier(caller, act);
    if (given === undefined) {
      if (inForce.isRevoked(caller))
        throw operationDenied(`Mutation.${act}`, 'the token was revoked', caller.department);
      const profile = inForce.profileOf(caller, clock.today());
      const permitted = inForce.operation(profile, act);
      if (permitted.kind === 'deny') throw operationDenied(`Mutation.${act}`, permitted.reason, permitted.owner);
      if (!profile.agreement.purposes.includes(PURPOSE)) throw purposeNotAllowed(PURPOSE, profile.agreement.purposes);
    }
    return admitted;
  } catch (error) {
    if (error instanceof HubError) {
      await ledger.record({ ...entryFor(admitted, clock.now(), 0, []), decision: 'REFUSED', reason: error.code });
    }
    throw error;
  }
}

/** The entry of an act for the ledger. */
export function entryFor(
  { caller, context, act }: Admitted,
  at: Date,
  items: number,
  persons: readonly string[],
  kind: 'READ' | 'WRITE' = 'WRITE',
): AccessEntry {
  return entryBy(caller, {
    at,
    kind,
    operation: context.operation,
    coordinates: [[`Mutation.${act}`]],
    persons: persons.map((id) => ({ id, node: 0 })),
    policyVersion: context.policyVersion,
    items,
  });
}

/** The normalised document of an act that came without one. */
function outsideOperation(act: IntakeAct): AccessEntry['operation'] {
  const text = `mutation { ${act} }`;
  return { digest: createHash('sha256').update(text).digest(), name: act, text };
}
