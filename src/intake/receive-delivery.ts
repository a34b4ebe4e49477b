/** The way of a delivery into the hub: opened, then its rows read and staged, however long they take. */
import { requireStamp } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { inTransaction } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { admit, entryFor } from './admission.ts';
import { checkOpening } from './delivery-opening.ts';
import { findDelivery, finish, insertDelivery, noSuchDelivery } from './delivery-rows.ts';
import type { IntakeCore } from './intake-core.ts';
import type { DeliveryContext, DeliveryOpening } from './intake-service.ts';
import type { RawRow } from './record-kind.ts';
import { stageRows } from './stage.ts';

/** How often an upload says that its process is there, in ms. */
const SEEN_EVERY = 10_000;

/** Opens a delivery in state STAGING; its id. */
export async function openDelivery(
  core: IntakeCore,
  caller: Bound,
  opening: DeliveryOpening,
  context: DeliveryContext | undefined,
): Promise<string> {
  const { pool, ledger, clock, kinds } = core;
  const admitted = await admit(core, caller, 'submitRecords', context);
  kinds.of(caller, opening.record);
  const id = newId();
  const checked = await checkOpening(pool, caller, opening, clock.now());
  await inTransaction(pool, async (tx) => {
    await requireStamp(tx, admitted.context.policyStamp);
    await insertDelivery(tx, { id, ...checked });
    await ledger.recordIn(tx, entryFor(admitted, checked.at, 0, []));
  });
  return id;
}

/** Stages the rows of an opened delivery. When they end with an error it is ABANDONED, and the error thrown on. */
export async function stageDelivery(
  { pool, clock, kinds }: IntakeCore,
  deliveryId: string,
  rows: AsyncIterable<readonly RawRow[]>,
): Promise<void> {
  const record = await findDelivery(pool, deliveryId);
  if (record?.state !== 'STAGING') throw noSuchDelivery();
  const at = clock.now();
  // However long a statement takes, the upload is not left behind while its process lives.
  const alive = setInterval(() => {
    pool
      .query(`update delivery set seen_at = now() where id = $1 and state = 'STAGING'`, [deliveryId])
      .catch(() => undefined);
  }, SEEN_EVERY);
  try {
    const staged = await stageRows(
      pool,
      { deliveryId, kind: kinds.named(record.record), today: clock.today(), at },
      rows,
      async (tx, soFar) => {
        const { rowCount } = await tx.query(
          `update delivery set seen_at = now(), row_count = $2, byte_count = $3 where id = $1 and state = 'STAGING'`,
          [deliveryId, soFar.rows, soFar.bytes],
        );
        if (rowCount !== 1) throw noSuchDelivery();
      },
    );
    await pool.query(
      `update delivery set state = 'STAGED', staged_at = $2, row_count = $3, faulty_count = $4, repeated_count = $5,
         byte_count = $6, seen_at = now() where id = $1 and state = 'STAGING'`,
      [deliveryId, at, staged.rows, staged.faulty, staged.repeated, staged.bytes],
    );
  } catch (error) {
    await finish(pool, deliveryId, 'ABANDONED', clock.now()).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(alive);
  }
}
