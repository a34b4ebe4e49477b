/** What the ledger says of requests that are alike: counted by the database, so that no entry is looked at by itself. */
import type { Department, Purpose, Role } from '../../access/index.ts';

/** Requests of one client that had one operation and one outcome. */
export interface Recorded {
  readonly kind: 'READ' | 'WRITE';
  readonly department: Department;
  readonly role: Role;
  readonly purpose: Purpose | undefined;
  readonly policyVersion: number;
  readonly name: string | undefined;
  /** The normalised document, without values. */
  readonly text: string;
  /** Coordinates by node where they were told; the denied ones where they were refused. */
  readonly nodes: readonly (readonly string[])[];
  readonly client: string;
  readonly decision: 'ALLOWED' | 'REFUSED';
  readonly reason: string | undefined;
  /** Whether they named a case at all. */
  readonly caseGiven: boolean;
  /** Whether they named an open case of the department, as of the day of the request. */
  readonly caseKnown: boolean;
  readonly requests: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Whether a policy can decide otherwise about them: what else refused them refuses them again. */
export function isForPolicy({ decision, reason, purpose }: Recorded): boolean {
  if (decision === 'ALLOWED') return true;
  // Without a purpose on record it was not in the token, which no policy changes.
  if (reason === 'PURPOSE_NOT_ALLOWED') return purpose !== undefined;
  return reason === 'FIELD_DENIED' || reason === 'OPERATION_DENIED' || reason === 'CASE_NOT_IN_CASELOAD';
}
