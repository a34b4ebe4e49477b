/**
 * Works a delivery through, chunk by chunk. Each chunk is one transaction with its counts and how far it got, so that whoever
 * goes on after a crash begins where the last commit ended.
 */
import type { Clock } from '../platform/clock.ts';
import { UNIQUE_VIOLATION, inTransaction, sqlState } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { addCounts, findDelivery } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import { nextChunk } from './intake-row.ts';
import type { RowRange } from './intake-row.ts';
import type { StepCounts } from './step.ts';

/** What is done with a delivery from its first row to its last: applying, or foreseeing what applying would do. */
export interface Task {
  /** Deliveries in this state are to be worked through. */
  readonly state: 'APPLYING' | 'PREVIEWING';
  /** Whether deliveries of one source and kind wait for each other, in the order in which they were opened. */
  readonly inOrder: boolean;
  /** Whether a chunk may be prepared while the one before it is not written yet. */
  mayLookAhead(record: DeliveryRecord): boolean;
  /** Reads the rows of a chunk, within its transaction, and locks nothing; how many there are. */
  prepare(tx: PoolClient, record: DeliveryRecord, range: RowRange): Promise<number>;
  /** One chunk, within its transaction; what came of its rows. */
  run(tx: PoolClient, record: DeliveryRecord, range: RowRange, turn: Turn): Promise<StepCounts>;
  /** Told of what `run` did, after it was committed. */
  done?(record: DeliveryRecord, counts: StepCounts): void;
  /** A row that its table refuses, within its transaction; it is counted as rejected. */
  refused?(tx: PoolClient, record: DeliveryRecord, rowNo: number, at: Date): Promise<void>;
  /** The last transaction; afterwards the delivery is in another state. */
  conclude(tx: PoolClient, record: DeliveryRecord, at: Date): Promise<void>;
  /** A fault of the hub ended it. */
  failed(deliveryId: string, at: Date): Promise<void>;
}

/** When it is a chunk's turn. */
export interface Turn {
  readonly at: Date;
  /** What `prepare` said of it. */
  readonly prepared: number;
}

/** What working through takes. */
export interface WorkParts {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Rows of a chunk. */
  readonly chunk: number;
  /** How long a lease lasts, in seconds of the database's clock. */
  readonly leaseSeconds: number;
}

/** How often a chunk begins anew because somebody else wrote the same key. */
const MOST_RESTARTS = 5;
const NONE: StepCounts = { recorded: 0, changed: 0, unchanged: 0, rejected: 0, held: 0, conflicts: 0 };

/** Somebody else works on the delivery now, or it was taken back. */
export class LeaseLost extends Error {}

/** The chunk before did not end as was hoped: what was prepared is given back. */
class NotWanted extends Error {}

/** A chunk under way: its transaction is open and reads, and waits until it is its turn. */
interface Ahead {
  readonly from: number;
  /** Its turn: written and committed. */
  go(): Promise<void>;
  /** Given back. */
  drop(): Promise<void>;
}

/** Whoever works: a task, in the name of one worker. */
interface Working extends WorkParts {
  readonly task: Task;
  readonly worker: string;
}

/**
 * Works until the end, or until `stopped` says so between two chunks. Throws LeaseLost, and errors of PostgreSQL that
 * no row is to blame for.
 */
export async function workThrough(
  parts: WorkParts,
  task: Task,
  worker: string,
  deliveryId: string,
  stopped: () => boolean,
): Promise<void> {
  const { pool, clock, chunk } = parts;
  const working = { ...parts, task, worker };
  // While one chunk is written the next one is read, by another connection.
  let ahead: Ahead | undefined;
  try {
    for (;;) {
      if (stopped()) return;
      const record = await findDelivery(pool, deliveryId);
      if (record?.state !== task.state || record.leaseBy !== worker) throw new LeaseLost();
      const from = record.appliedThrough;
      const through = await nextChunk(pool, deliveryId, from, chunk);
      if (through === undefined) break;
      const ready = ahead?.from === from ? ahead : undefined;
      const after = task.mayLookAhead(record) ? await nextChunk(pool, deliveryId, through, chunk) : undefined;
      if (ready === undefined) await ahead?.drop();
      ahead = after === undefined ? undefined : lookAhead(working, record, { from: through, through: after });
      await workRange(working, record, { from, through }, ready);
    }
  } finally {
    await ahead?.drop();
  }
  await inTransaction(pool, async (tx) => {
    const record = await findDelivery(tx, deliveryId, true);
    if (record === undefined) throw new LeaseLost();
    await holdLease(tx, working, record.id, record.appliedThrough);
    await task.conclude(tx, record, clock.now());
  });
}

/** Data that a table refuses (class 22 and 23) is some row's fault: the range is halved until that row stands alone. */
async function workRange(working: Working, record: DeliveryRecord, range: RowRange, ready?: Ahead): Promise<void> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      await (restarts === 0 && ready !== undefined ? ready.go() : workChunk(working, record, range));
      return;
    } catch (error) {
      const state = sqlState(error) ?? '';
      if (state === UNIQUE_VIOLATION && restarts < MOST_RESTARTS) continue;
      if (!/^2[23]/.test(state)) throw error;
    }
    break;
  }
  if (range.through - range.from === 1) {
    await refuseRow(working, record, range.through);
    return;
  }
  const middle = Math.floor((range.from + range.through) / 2);
  await workRange(working, record, { from: range.from, through: middle });
  await workRange(working, record, { from: middle, through: range.through });
}

/** Writes a chunk, once `turn` is there. */
async function workChunk(
  working: Working,
  record: DeliveryRecord,
  range: RowRange,
  turn: Promise<void> = Promise.resolve(),
): Promise<void> {
  const { pool, clock, task } = working;
  const counts = await inTransaction(pool, async (tx) => {
    const prepared = await task.prepare(tx, record, range);
    await turn;
    await holdLease(tx, working, record.id, range.from);
    const done = await task.run(tx, record, range, { at: clock.now(), prepared });
    await addCounts(tx, record.id, done, range.through);
    return done;
  });
  task.done?.(record, counts);
}

function lookAhead(working: Working, record: DeliveryRecord, range: RowRange): Ahead {
  let begin: () => void = () => undefined;
  let giveUp: (why: Error) => void = () => undefined;
  const turn = new Promise<void>((resolve, reject) => {
    [begin, giveUp] = [resolve, reject];
  });
  const done = workChunk(working, record, range, turn);
  // Seen by whoever calls `go`; until then they must not count as unhandled.
  done.catch(() => undefined);
  turn.catch(() => undefined);
  return {
    from: range.from,
    go: () => {
      begin();
      return done;
    },
    drop: async () => {
      giveUp(new NotWanted());
      await done.catch(() => undefined);
    },
  };
}

/** One row that its table refuses: found out as its own chunk. */
async function refuseRow(working: Working, record: DeliveryRecord, rowNo: number): Promise<void> {
  const { pool, clock, task } = working;
  await inTransaction(pool, async (tx) => {
    await holdLease(tx, working, record.id, rowNo - 1);
    await task.refused?.(tx, record, rowNo, clock.now());
    await addCounts(tx, record.id, { ...NONE, rejected: 1 }, rowNo);
  });
}

/** The delivery is this worker's until the transaction ends, and a while longer; and nobody has gone further. */
async function holdLease(
  tx: PoolClient,
  { task, worker, leaseSeconds }: Working,
  deliveryId: string,
  from: number,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update delivery set lease_until = now() + make_interval(secs => $4)
     where id = $1 and lease_by = $2 and state = $5 and applied_through = $3`,
    [deliveryId, worker, from, leaseSeconds, task.state],
  );
  if (rowCount !== 1) throw new LeaseLost();
}
