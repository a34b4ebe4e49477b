/** The stamp of the policy in force: whoever read or decided under another one begins anew. */
import type { PoolClient } from '../../platform/database.ts';
import { policyChanged } from '../../platform/errors.ts';

/** A right that was revoked since the gate let the call in is gone. Throws POLICY_CHANGED. */
export async function requireStamp(tx: PoolClient, stamp: number): Promise<void> {
  const { rows } = await tx.query<{ same: boolean }>('select stamp = $1::bigint as same from policy_head', [stamp]);
  if (rows[0]?.same !== true) throw policyChanged();
}

/** Makes every plan and every admission from before the commit of this transaction void, in every process. */
export async function raiseStamp(tx: PoolClient): Promise<void> {
  await tx.query('update policy_head set stamp = stamp + 1');
}
