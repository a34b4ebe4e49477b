/** What is done with a delivery that is there: each act is one transaction with its entry in the ledger. */
import { requireStamp } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { inTransaction } from '../platform/database.ts';
import type { PoolClient } from '../platform/database.ts';
import { admit, entryFor } from './admission.ts';
import type { Admitted } from './admission.ts';
import { askedBy } from './apply-delivery.ts';
import { begin, findDelivery, finish, noSuchDelivery, notInState, toStatus } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import type { IntakeCore } from './intake-core.ts';
import { WAITING_STATES, isWaiting } from './intake-service.ts';
import type { DeliveryContext, DeliveryState, DeliveryStatus } from './intake-service.ts';
import { endSnapshot, noteFeed } from './snapshot.ts';

/** Has a worker find out what applying would do now; one that is at it goes on. */
export async function preview(
  core: IntakeCore,
  caller: Bound,
  deliveryId: string,
  context: DeliveryContext | undefined,
): Promise<DeliveryStatus> {
  const admitted = await admit(core, caller, 'previewDelivery', context);
  return act(core, admitted, deliveryId, WAITING_STATES, async (tx, { state }) => {
    if (state !== 'PREVIEWING') await begin(tx, deliveryId, 'PREVIEWING');
  });
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
  return act(core, admitted, deliveryId, [...WAITING_STATES, 'APPLYING', 'APPLIED'], async (tx, record, at) => {
    if (isWaiting(record)) {
      await begin(tx, deliveryId, 'APPLYING', { asked: askedBy(caller, operation, policyVersion), endAll });
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
  return act(core, admitted, deliveryId, ['STAGING', ...WAITING_STATES], (tx, _record, at) =>
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
    if (record?.department !== admitted.caller.department) throw noSuchDelivery();
    if (!states.includes(record.state)) throw notInState(record);
    const at = clock.now();
    await work(tx, record, at);
    const kind = admitted.act === 'previewDelivery' ? 'READ' : 'WRITE';
    await ledger.recordIn(tx, entryFor(admitted, at, record.rows, [], kind));
    return toStatus((await findDelivery(tx, deliveryId)) ?? record);
  });
}
