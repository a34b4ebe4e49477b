/** The worker: takes deliveries that are to be worked through, each task one after the other; sweeps up what was left behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPassingFault } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import { LeaseLost, workThrough } from './work-through.ts';
import type { Task, WorkParts } from './work-through.ts';

/** When things happen by themselves. */
export interface WorkerTimes {
  /** Between two looks for work, in ms. */
  readonly look: number;
  /** Between two sweeps, in ms. */
  readonly sweep: number;
  /** An upload whose process has said nothing for so long was left behind, in seconds. */
  readonly abandonedAfter: number;
  /** Rows of finished deliveries are kept so long, in days. */
  readonly keptDays: number;
}

/** The times where nothing else is said. */
const WORKER_TIMES: WorkerTimes = { look: 1_000, sweep: 20_000, abandonedAfter: 60, keptDays: 90 };

/** A worker of this process. */
export interface Worker {
  start(): void;
  /** There is work now. */
  wake(): void;
  /** Ends after the chunk under way; another process, or the next start, goes on. */
  close(): Promise<void>;
}

// One delivery of a source and kind at a time, in the order in which they were opened: a later file may correct an earlier.
const IN_ORDER = `
      and not exists (
        select from delivery other
        where other.state = $3 and other.finished_at is null and other.source_system = d.source_system
          and other.record = d.record and (other.opened_at, other.id) < (d.opened_at, d.id))`;

const claimOf = ({ inOrder }: Task): string => `
  update delivery set lease_by = $1, lease_until = now() + make_interval(secs => $2)
  where id = (
    select d.id from delivery d
    where d.state = $3 and d.finished_at is null and (d.lease_until is null or d.lease_until < now())${inOrder ? IN_ORDER : ''}
    order by d.opened_at, d.id limit 1 for update skip locked)
  returning id`;

/** Makes the worker; it does nothing until it is started. Its tasks do not wait for each other. */
export function createWorker(
  parts: WorkParts,
  tasks: readonly Task[],
  log: Logger,
  times: WorkerTimes = WORKER_TIMES,
): Worker {
  const { pool, clock } = parts;
  const ending = new AbortController();
  const lanes = tasks.map((task) => openLane(parts, task, log, times.look, ending.signal));
  const sweeping = async (): Promise<boolean> => {
    await sweep(pool, clock.now(), times);
    return false;
  };
  const sweeper = openLoop(sweeping, Math.max(times.look, times.sweep), log, ending.signal);
  let running: Promise<unknown> | undefined;
  return {
    start: () => {
      running ??= Promise.all([...lanes, sweeper].map((loop) => loop.run()));
    },
    wake: () => {
      for (const lane of lanes) lane.wake();
    },
    close: async () => {
      ending.abort();
      await running;
    },
  };
}

/** Something that is done again and again. */
interface Loop {
  run(): Promise<void>;
  /** Ends a rest. */
  wake(): void;
}

/** Does the work until the end, at once again where it says that there may be more, after a rest otherwise. */
function openLoop(work: () => Promise<boolean>, every: number, log: Logger, ending: AbortSignal): Loop {
  let woken = new AbortController();
  return {
    async run() {
      while (!ending.aborted) {
        woken = new AbortController();
        const more = await work().catch((error: unknown) => {
          log.warn({ err: error }, 'the intake could not look for work; it tries again');
          return false;
        });
        const signal = AbortSignal.any([woken.signal, ending]);
        if (!more) await sleep(every, undefined, { signal, ref: false }).catch(() => undefined);
      }
    },
    wake: () => {
      woken.abort();
    },
  };
}

/** The loop of one task. */
function openLane(parts: WorkParts, task: Task, log: Logger, look: number, ending: AbortSignal): Loop {
  const { pool, clock, leaseSeconds } = parts;
  const me = newId();
  const claim = claimOf(task);
  const work = async (): Promise<boolean> => {
    const { rows } = await pool.query<{ id: string }>(claim, [me, leaseSeconds, task.state]);
    const id = rows[0]?.id;
    if (id === undefined) return false;
    try {
      await workThrough(parts, task, me, id, () => ending.aborted);
    } catch (error) {
      if (error instanceof LeaseLost) return true;
      if (isPassingFault(error)) {
        log.warn({ err: error, delivery: id }, 'a delivery was interrupted; it goes on');
        return false;
      }
      log.error({ err: error, delivery: id }, 'a delivery failed');
      await task.failed(id, clock.now());
    } finally {
      // Whoever looks next need not wait until the lease is over.
      await pool
        .query('update delivery set lease_by = null, lease_until = null where id = $1 and lease_by = $2', [id, me])
        .catch(() => undefined);
    }
    return true;
  };
  return openLoop(work, look, log, ending);
}

/** Uploads that nobody goes on with, and rows that are past their time. */
export async function sweep(pool: Pool, at: Date, { abandonedAfter, keptDays }: WorkerTimes): Promise<void> {
  await pool.query(
    `update delivery set state = 'ABANDONED', finished_at = $1
     where state = 'STAGING' and finished_at is null and seen_at < now() - make_interval(secs => $2)`,
    [at, abandonedAfter],
  );
  await pool.query('select forget_delivered_rows($1)', [new Date(at.getTime() - keptDays * 86_400_000)]);
  await pool.query('select forget_decided_rows()');
}
