/** The worker: takes deliveries that are to be applied, one after the other; sweeps up what was left behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPassingFault } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import { LeaseLost, applyDelivery } from './apply-delivery.ts';
import type { ApplyParts } from './apply-delivery.ts';
import { finish } from './delivery-rows.ts';

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
export const WORKER_TIMES: WorkerTimes = { look: 1_000, sweep: 20_000, abandonedAfter: 60, keptDays: 90 };

/** A worker of this process. */
export interface Worker {
  start(): void;
  /** There is work now. */
  wake(): void;
  /** Ends after the chunk under way; another process, or the next start, goes on. */
  close(): Promise<void>;
}

// One delivery of a source and kind at a time, in the order in which they were opened: a later file may correct an earlier.
const CLAIM = `
  update delivery set lease_by = $1, lease_until = now() + make_interval(secs => $2)
  where id = (
    select d.id from delivery d
    where d.state = 'APPLYING' and d.finished_at is null and (d.lease_until is null or d.lease_until < now())
      and not exists (
        select from delivery other
        where other.state = 'APPLYING' and other.finished_at is null and other.source_system = d.source_system
          and other.record = d.record and (other.opened_at, other.id) < (d.opened_at, d.id))
    order by d.opened_at, d.id limit 1 for update skip locked)
  returning id`;

/** Makes the worker; it does nothing until it is started. */
export function createWorker(parts: ApplyParts, log: Logger, times: WorkerTimes = WORKER_TIMES): Worker {
  const { pool, clock, leaseSeconds } = parts;
  const me = newId();
  const ending = new AbortController();
  let woken = new AbortController();
  let running: Promise<void> | undefined;
  let lastSweep = -Infinity;
  const stopped = (): boolean => ending.signal.aborted;

  async function work(): Promise<void> {
    while (!stopped()) {
      try {
        if (performance.now() - lastSweep > times.sweep) {
          lastSweep = performance.now();
          await sweep(pool, clock.now(), times);
        }
        const id = await claim(pool, me, leaseSeconds);
        if (id === undefined) await rest(times.look);
        else await applyOne(id);
      } catch (error) {
        log.warn({ err: error }, 'the intake could not look for work; it tries again');
        await rest(times.look);
      }
    }
  }

  async function applyOne(id: string): Promise<void> {
    try {
      await applyDelivery(parts, me, id, stopped);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      if (isPassingFault(error)) {
        log.warn({ err: error, delivery: id }, 'a delivery was interrupted; it goes on');
        await rest(times.look);
        return;
      }
      log.error({ err: error, delivery: id }, 'a delivery failed');
      await finish(pool, id, 'FAILED', clock.now(), 'INTERNAL');
    } finally {
      // Whoever looks next need not wait until the lease is over.
      await pool
        .query('update delivery set lease_by = null, lease_until = null where id = $1 and lease_by = $2', [id, me])
        .catch(() => undefined);
    }
  }

  async function rest(ms: number): Promise<void> {
    woken = new AbortController();
    const signal = AbortSignal.any([woken.signal, ending.signal]);
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }

  return {
    start: () => {
      running ??= work();
    },
    wake: () => {
      woken.abort();
    },
    close: async () => {
      ending.abort();
      await running;
    },
  };
}

async function claim(pool: Pool, me: string, leaseSeconds: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(CLAIM, [me, leaseSeconds]);
  return rows[0]?.id;
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
