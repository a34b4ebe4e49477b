/** One contestant under load: how much it answered, how fast, and what it cost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, forgetPeak, memoryOf, postgresSeconds } from './gauge.ts';
import type { Generator, Order } from './generator.ts';
import type { Running } from './processes.ts';

/** What a turn found. Times in milliseconds, sizes in bytes; null where the system does not tell. */
export interface Turn {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** CPU of the server process for each request. */
  readonly serverCpu: number | null;
  /** CPU of PostgreSQL, with everything that it does in the background, for each request. */
  readonly postgresCpu: number | null;
  /** CPU of the load generator for each request. */
  readonly loadCpu: number;
  /** An answer with its headers. */
  readonly bytes: number;
  /** Highest memory of the server process, its warm-up included. */
  readonly memory: number | null;
  /** Answers that were errors, or did not come. */
  readonly failed: number;
}

/** A turn that is to be taken. */
export interface Load {
  readonly running: Running;
  readonly generator: Generator;
  readonly postmaster: number | undefined;
  /** Between warm-up and measurement, and before both: until the database has nothing under way and counts begin anew. */
  readonly settle: () => Promise<void>;
  readonly order: Omit<Order, 'url' | 'once' | 'run'>;
  /** Seconds, or every request once. */
  readonly warmUp: number | 'once';
}

/** Warms up, then measures. */
export async function measure({ running, generator, postmaster, settle, order, warmUp }: Load): Promise<Turn> {
  const { pid, url } = running;
  forgetPeak(pid);
  await settle();
  const once = warmUp === 'once';
  const warm = await generator.fire({ ...order, url, once, seconds: once ? 0 : warmUp, run: 'w' });
  await settle();
  await idle(pid);
  const server = cpuSeconds(pid);
  const postgres = postmaster === undefined ? undefined : postgresSeconds(postmaster);
  const shots = await generator.fire({ ...order, url, once: false, run: 'm' });
  await settle();
  await idle(pid);
  // What was under way when the time was up was answered all the same, to nobody.
  const served = shots.requests + order.connections;
  const each = (before: number | undefined, after: number | undefined): number | null =>
    before === undefined || after === undefined ? null : ((after - before) * 1000) / served;
  return {
    requests: shots.requests,
    perSecond: shots.requests / shots.seconds,
    p50: shots.p50,
    p99: shots.p99,
    serverCpu: each(server, cpuSeconds(pid)),
    postgresCpu: each(postgres, postmaster === undefined ? undefined : postgresSeconds(postmaster)),
    loadCpu: shots.cpu / 1000 / Math.max(1, shots.requests),
    bytes: shots.requests === 0 ? 0 : Math.round(shots.bytes / shots.requests),
    memory: memoryOf(pid)?.peak ?? null,
    failed: shots.failed + warm.failed,
  };
}

/** Until the process did nothing for a tenth of a second, or two seconds at most. */
async function idle(pid: number): Promise<void> {
  for (let looks = 0, before = cpuSeconds(pid); looks < 20; looks += 1) {
    await sleep(100);
    const after = cpuSeconds(pid);
    if (after === before) return;
    before = after;
  }
}
