/** Stewards read the ledger as a whole: who asked for what, never about whom. That they did is in the ledger as well. */
import { createHash } from 'node:crypto';
import { requirePurpose, requirePurposeAndCase } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { entryBy } from '../access/ledger/index.ts';
import type { Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import { requireStewardRole } from './steward.ts';

/** What readings are recorded with. */
export interface StewardReadingParts {
  readonly ledger: Pick<Ledger, 'record'>;
  readonly clock: Clock;
  /** Version of the policy in force. */
  readonly version: () => number;
}

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
  const coordinate = `Query.${query}`;
  const entry = entryBy(caller, {
    at: clock.now(),
    kind: 'READ',
    operation: { digest: createHash('sha256').update(text).digest(), name: query, text },
    coordinates: [[coordinate]],
    policyVersion: version(),
  });
  try {
    requireStewardRole(caller, coordinate);
    requirePurposeAndCase(caller);
    requirePurpose(caller, 'GOVERNANCE');
    const found = await work();
    await ledger.record(entry);
    return found;
  } catch (error) {
    if (error instanceof HubError && error.code !== 'LEDGER_UNAVAILABLE')
      await ledger.record({ ...entry, decision: 'REFUSED', reason: error.code });
    throw error;
  }
}
