/** What must hold in the database beside the policy, checked by the statement itself before it reads anything. */
import { and, raw } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';
import type { HubError } from '../platform/errors.ts';
import { caseNotInCaseload, operationDenied } from '../platform/errors.ts';
import type { Profile } from './policy/sharing-policy.ts';
import { caseIsKnown } from './row-scope.ts';

/**
 * Whether an emergency is open for the caller and its case, as SQL over the slots of the caller. No emergency is ever open
 * until this names the table in which they are opened, so a plan under an emergency agreement reads nothing.
 */
export const emergencyIsOpen: Sql = raw('false');

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
  return agreement.emergency
    ? operationDenied('Query', 'no emergency is open for this case; open one first', 'CIVIL_AFFAIRS')
    : caseNotInCaseload();
}
