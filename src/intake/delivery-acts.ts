/** What is done with a delivery that is there: each act is one transaction with its entry in the ledger. */
import { requireStamp } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { inTransaction } from '../platform/database.ts';
import type { PoolClient } from '../platform/database.ts';
import { admit, entryFor } from './admission.ts';
import type { Admitted } from './admission.ts';
import { askedBy } from './apply-delivery.ts';
import { findDelivery, finish, noSuchDelivery, toStatus } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import type { IntakeCore } from './intake-core.ts';
import type { DeliveryContext, DeliveryState, DeliveryStatus } from './intake-service.ts';
import { previewDelivery } from './preview.ts';
import { endSnapshot, noteFeed } from './snapshot.ts';

/** What applying would do now; keeps nothing. */
export async function preview(
  core: IntakeCore,
  caller: Bound,
  deliveryId: string,
  context: DeliveryContext | undefined,
): Promise<DeliveryStatus> {
  const { pool, clock, ledger, kinds, matchSubjects, chunk, share } = core;
  const admitted = await admit(core, caller, 'previewDelivery', context);
  const record = await findDelivery(pool, deliveryId);
  if (record?.department !== caller.department || record.state !== 'STAGED') throw noSuchDelivery();
  const at = clock.now();
  const counts = await previewDelivery(
    { pool, matchSubjects, kind: kinds.named(record.record), chunk, share },
    record,
    at,
    admitted.context.policyStamp,
  );
  await ledger.record(entryFor(admitted, at, record.rows, [], 'READ'));
  const status = toStatus(record);
  const { refused, ...told } = counts;
  return { ...status, code: refused ? 'TOO_MANY_MISSING' : null, counts: { ...status.counts, ...told } };
}

/** Sets a delivery to be applied; `endAll` ends the missing of a snapshot too, also after its rows were applied. */
export async function apply(
  core: IntakeCore,
  caller: Bound,
  deliveryId: string,
  endAll: boolean,
  context: DeliveryContext | undefined,
): Promise<DeliveryStatus> {
  const { kinds, share } = core;
  const admitted = await admit(core, caller, 'applyDelivery', context);
  const { operation, policyVersion } = admitted.context;
  return act(core, admitted, deliveryId, ['STAGED', 'APPLYING', 'APPLIED'], async (tx, record, at) => {
    if (record.state === 'STAGED') {
      await tx.query(`update delivery set state = 'APPLYING', asked_by = $2, end_all = $3 where id = $1`, [
        deliveryId,
        askedBy(caller, operation, policyVersion),
        endAll,
      ]);
    } else if (record.state === 'APPLIED' && endAll && record.code === 'TOO_MANY_MISSING') {
      // After the rows as they came were forgotten, everything would seem missing.
      if (record.forgotten) throw noSuchDelivery();
      await endSnapshot(tx, kinds.named(record.record), record, { at, share, endAll: true });
      await noteFeed(tx, record);
      await finish(tx, deliveryId, 'APPLIED', at);
    } else if (record.state === 'APPLYING' && endAll) {
      await tx.query('update delivery set end_all = true where id = $1', [deliveryId]);
    }
  });
}

/** Takes a delivery back that was not applied. */
export async function withdraw(
  core: IntakeCore,
  caller: Bound,
  deliveryId: string,
  context: DeliveryContext | undefined,
): Promise<DeliveryStatus> {
  const admitted = await admit(core, caller, 'withdrawDelivery', context);
  return act(core, admitted, deliveryId, ['STAGING', 'STAGED'], (tx, _record, at) =>
    finish(tx, deliveryId, 'WITHDRAWN', at),
  );
}

/** Runs an act on a delivery of the caller's department that is in one of the states. */
async function act(
  { pool, ledger, clock }: IntakeCore,
  admitted: Admitted,
  deliveryId: string,
  states: readonly DeliveryState[],
  work: (tx: PoolClient, record: DeliveryRecord, at: Date) => Promise<void>,
): Promise<DeliveryStatus> {
  return inTransaction(pool, async (tx) => {
    await requireStamp(tx, admitted.context.policyStamp);
    const record = await findDelivery(tx, deliveryId, true);
    if (record?.department !== admitted.caller.department || !states.includes(record.state)) throw noSuchDelivery();
    const at = clock.now();
    await work(tx, record, at);
    await ledger.recordIn(tx, entryFor(admitted, at, record.rows, []));
    return toStatus((await findDelivery(tx, deliveryId)) ?? record);
  });
}
