/** The operator's way, for when no steward can be reached: as the owner of the database, beside the hub. */
import { inTransaction } from '../../platform/database.ts';
import type { Pool } from '../../platform/database.ts';
import type { Clock } from '../../platform/clock.ts';
import { writeRevocation } from './revoke.ts';
import type { Revoked, StandingRevocation } from './revoke.ts';

/** Revokes tokens of any department. It stands in the list as the act of `operator`. Throws BAD_USER_INPUT. */
export const revokeAsOperator = (
  owner: Pool,
  { what, reason, clock }: { readonly what: Revoked; readonly reason: string; readonly clock: Clock },
): Promise<StandingRevocation> =>
  inTransaction(owner, (tx) =>
    writeRevocation(tx, { what, reason: reason.trim(), by: 'operator', department: 'CIVIL_AFFAIRS', at: clock.now() }),
  );
