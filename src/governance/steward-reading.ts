/** Stewards read the ledger as a whole: who asked for what, never about whom. That they did is in the ledger as well. */
import { createHash } from 'node:crypto';
import { requirePurposeAndCase } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError, operationDenied, purposeNotAllowed } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';

/** What readings are recorded with. */
export interface StewardReadingParts {
  readonly ledger: Pick<Ledger, 'record'>;
  readonly clock: Clock;
  /** Version of the policy in force. */
  readonly version: () => number;
}

const PURPOSE = 'GOVERNANCE';

/**
 * Runs a reading of a steward. The record is durable before anything is told.
 * @throws OPERATION_DENIED for anybody but a steward; PURPOSE_REQUIRED, PURPOSE_NOT_ALLOWED, CASE_REQUIRED; what the work throws
 */
export async function recordedReading<T>(
  { ledger, clock, version }: StewardReadingParts,
  caller: Bound,
  query: string,
  work: () => Promise<T>,
): Promise<T> {
  const text = `query {\n  ${query}\n}`;
  const entry: AccessEntry = {
    id: newId(),
    at: clock.now(),
    client: caller.client,
    department: caller.department,
    role: caller.role,
    purpose: caller.purpose ?? '',
    caseNo: caller.caseNo ?? '',
    kind: 'READ',
    decision: 'ALLOWED',
    operation: { digest: createHash('sha256').update(text).digest(), name: query, text },
    coordinates: [[`Query.${query}`]],
    persons: [],
    households: [],
    misses: [],
    policyVersion: version(),
  };
  try {
    if (caller.role !== 'STEWARD')
      throw operationDenied(`Query.${query}`, 'it is for the stewards of data sharing', 'CIVIL_AFFAIRS');
    const { purpose } = requirePurposeAndCase(caller);
    if (purpose !== PURPOSE) throw purposeNotAllowed(purpose, [PURPOSE]);
    const found = await work();
    await ledger.record(entry);
    return found;
  } catch (error) {
    if (error instanceof HubError && error.code !== 'LEDGER_UNAVAILABLE')
      await ledger.record({ ...entry, decision: 'REFUSED', reason: error.code });
    throw error;
  }
}
