/** What must hold in the database beside the policy, checked by the statement itself before it reads anything. */
import { and, callerSlot, sql } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';
import type { HubError } from '../platform/errors.ts';
import { caseNotInCaseload, emergencyRequired } from '../platform/errors.ts';
import type { Profile } from './policy/sharing-policy.ts';
import { caseIsKnown } from './row-scope.ts';

const now = callerSlot('now', 'timestamptz');

/**
 * Whether an emergency is open now for the caller's client and case: from its opening to its end, which is excluded. The
 * statement itself looks, so that an end holds from the next request on in every process, whatever it has planned before.
 */
const emergencyIsOpen: Sql = sql`exists (select 1 from emergency_access e where ${and([
  sql`e.client = ${callerSlot('client', 'text')}`,
  sql`e.department = ${callerSlot('department', 'text')}`,
  sql`e.case_no = ${callerSlot('caseNo', 'text')}`,
  sql`e.opened_at <= ${now}`,
  sql`${now} < least(e.until, e.closed_at)`,
])})`;

/**
 * The guard of a plan under the profile's agreement, for `makePlan`. Whoever reads by caseload names an open case of its own
 * department; an emergency agreement opens nothing outside an open emergency.
 */
export const guardOf =
  ({ agreement }: Profile) =>
  (scopes: ReadonlySet<string>): Sql | undefined => {
    const guards = [
      ...(agreement.emergency ? [emergencyIsOpen] : []),
      ...(scopes.has('caseload') || scopes.has('case') ? [caseIsKnown] : []),
    ];
    return guards.length === 0 ? undefined : and(guards);
  };

/** The refusal of an operation whose guard did not hold. */
export function guardRefusal({ agreement }: Profile): HubError {
  return agreement.emergency ? emergencyRequired() : caseNotInCaseload();
}
