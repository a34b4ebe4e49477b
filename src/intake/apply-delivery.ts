/**
 * Applies a delivery chunk by chunk. Each chunk is one transaction with its counts, findings, ledger entry and how far it
 * got, so that whoever goes on after a crash begins where the last commit ended.
 */
import type { Bound } from '../access/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { UNIQUE_VIOLATION, inTransaction, sqlState } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { addCounts, findDelivery, finish, toStepDelivery } from './delivery-rows.ts';
import type { AskedBy, DeliveryRecord } from './delivery-rows.ts';
import { nextChunk } from './intake-row.ts';
import type { RecordKind } from './record-kind.ts';
import { endSnapshot, noteFeed } from './snapshot.ts';
import { runStep } from './step.ts';
import type { MatchSubjects, StepCounts, StepDone } from './step.ts';

/** What applying works with. */
export interface ApplyParts {
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'recordIn'>;
  readonly clock: Clock;
  readonly matchSubjects: MatchSubjects;
  readonly kindOf: (record: DeliveryRecord) => RecordKind;
  /** Rows of a chunk. */
  readonly chunk: number;
  /** Largest share that a snapshot ends unasked. */
  readonly share: number;
  /** Told of what was applied, after it was committed. */
  readonly onRows: (record: string, counts: StepCounts) => void;
  /** How long a lease lasts, in seconds of the database's clock. */
  readonly leaseSeconds: number;
}

/** How often a chunk begins anew because somebody else wrote the same key. */
const MOST_RESTARTS = 5;

/** Somebody else applies the delivery now, or it was taken back. */
export class LeaseLost extends Error {}

/**
 * Applies until the end, or until `stopped` says so between two chunks. Throws LeaseLost, and errors of PostgreSQL that
 * no row is to blame for.
 */
export async function applyDelivery(
  parts: ApplyParts,
  worker: string,
  deliveryId: string,
  stopped: () => boolean,
): Promise<void> {
  const { pool, chunk } = parts;
  for (;;) {
    if (stopped()) return;
    const record = await findDelivery(pool, deliveryId);
    if (record?.state !== 'APPLYING' || record.leaseBy !== worker) throw new LeaseLost();
    const through = await nextChunk(pool, deliveryId, record.appliedThrough, chunk);
    if (through === undefined) break;
    await applyRange(parts, worker, record, { from: record.appliedThrough, through });
  }
  await conclude(parts, worker, deliveryId);
}

/** Data that a table refuses (class 22 and 23) is some row's fault: the range is halved until that row stands alone. */
async function applyRange(
  parts: ApplyParts,
  worker: string,
  record: DeliveryRecord,
  range: { readonly from: number; readonly through: number },
): Promise<void> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      await applyChunk(parts, worker, record, range);
      return;
    } catch (error) {
      const state = sqlState(error) ?? '';
      if (state === UNIQUE_VIOLATION && restarts < MOST_RESTARTS) continue;
      if (!/^2[23]/.test(state)) throw error;
    }
    break;
  }
  if (range.through - range.from === 1) {
    await refuseRow(parts, worker, record, range.through);
    return;
  }
  const middle = Math.floor((range.from + range.through) / 2);
  await applyRange(parts, worker, record, { from: range.from, through: middle });
  await applyRange(parts, worker, record, { from: middle, through: range.through });
}

async function applyChunk(
  { pool, ledger, clock, matchSubjects, kindOf, leaseSeconds, onRows }: ApplyParts,
  worker: string,
  record: DeliveryRecord,
  range: { readonly from: number; readonly through: number },
): Promise<void> {
  const kind = kindOf(record);
  const counts = await inTransaction(pool, async (tx) => {
    await holdLease(tx, worker, record.id, range.from, leaseSeconds);
    const at = clock.now();
    const step = { kind, delivery: toStepDelivery(record), at, preview: false };
    const done = await runStep(tx, step, range, matchSubjects);
    await addCounts(tx, record.id, done, range.through);
    await ledger.recordIn(tx, workEntry(record.askedBy, at, done));
    return done;
  });
  onRows(record.record, counts);
}

/** One row that its table refuses: found out as its own chunk. */
async function refuseRow(parts: ApplyParts, worker: string, record: DeliveryRecord, rowNo: number): Promise<void> {
  const { pool, clock, leaseSeconds } = parts;
  await inTransaction(pool, async (tx) => {
    await holdLease(tx, worker, record.id, rowNo - 1, leaseSeconds);
    await tx.query(
      `insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, found_at)
       select gen_random_uuid(), $1, $2, row_no, source_key, '', 'NOT_RECORDABLE', $4
       from delivery_row where delivery_id = $1 and row_no = $3`,
      [record.id, record.department, rowNo, clock.now()],
    );
    const none = { recorded: 0, changed: 0, unchanged: 0, held: 0, conflicts: 0 };
    await addCounts(tx, record.id, { ...none, rejected: 1 }, rowNo);
  });
}

/** The delivery is this worker's until the transaction ends, and a while longer; and nobody has gone further. */
async function holdLease(
  tx: PoolClient,
  worker: string,
  deliveryId: string,
  from: number,
  leaseSeconds: number,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update delivery set lease_until = now() + make_interval(secs => $4)
     where id = $1 and lease_by = $2 and state = 'APPLYING' and applied_through = $3`,
    [deliveryId, worker, from, leaseSeconds],
  );
  if (rowCount !== 1) throw new LeaseLost();
}

/** The last transaction: the missing of a snapshot, the feed, the state. */
async function conclude(
  { pool, ledger, clock, kindOf, share, leaseSeconds }: ApplyParts,
  worker: string,
  deliveryId: string,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const record = await findDelivery(tx, deliveryId, true);
    if (record === undefined) throw new LeaseLost();
    await holdLease(tx, worker, deliveryId, record.appliedThrough, leaseSeconds);
    const at = clock.now();
    const { ended, refused } = await endSnapshot(tx, kindOf(record), record, { at, share, endAll: record.endAll });
    if (ended > 0) await ledger.recordIn(tx, workEntry(record.askedBy, at, { persons: [] }));
    await noteFeed(tx, record);
    await finish(tx, deliveryId, 'APPLIED', at, refused ? 'TOO_MANY_MISSING' : null);
  });
}

/** Who asked, as it is kept with the delivery. */
export function askedBy(caller: Bound, operation: AccessEntry['operation'], policyVersion: number): AskedBy {
  return {
    client: caller.client,
    department: caller.department,
    role: caller.role === 'SYSTEM' ? 'SYSTEM' : 'REGISTRAR',
    caseNo: caller.caseNo ?? null,
    operation: { name: operation.name ?? null, text: operation.text, digest: operation.digest.toString('hex') },
    policyVersion,
  };
}

/** The entry of a chunk: in the name of whoever asked for the delivery to be applied. */
function workEntry(
  asked: AskedBy | null,
  at: Date,
  { persons, ...counts }: Pick<StepDone, 'persons'> & Partial<StepDone>,
): AccessEntry {
  if (asked === null) throw new Error('A delivery is applied that nobody asked for');
  const { name, text, digest } = asked.operation;
  return {
    id: newId(),
    at,
    client: asked.client,
    department: asked.department,
    role: asked.role,
    purpose: 'DATA_SUPPLY',
    caseNo: asked.caseNo ?? '',
    kind: 'WRITE',
    decision: 'ALLOWED',
    operation: { digest: Buffer.from(digest, 'hex'), text, ...(name === null ? {} : { name }) },
    coordinates: [['Mutation.applyDelivery']],
    persons: persons.map((id) => ({ id, node: 0 })),
    households: [],
    misses: [],
    policyVersion: asked.policyVersion,
    items: (counts.recorded ?? 0) + (counts.changed ?? 0),
  };
}
