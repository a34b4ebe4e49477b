/** One contestant under load: how much it answered, how fast, and what it cost. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, forgetPeak, memoryOf, postgresSeconds } from './gauge.ts';
import { ROOT } from './places.ts';
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
  /** An answer with its headers. */
  readonly bytes: number;
  /** Highest memory of the server process. */
  readonly memory: number | null;
  /** Answers that were errors, or did not come. */
  readonly failed: number;
}

/** A turn that is to be taken. */
export interface Load {
  readonly running: Running;
  readonly postmaster: number | undefined;
  /** Resolves when the database has nothing under way. */
  readonly quiet: () => Promise<void>;
  readonly headers: Readonly<Record<string, string>>;
  /** File with a body in each line. */
  readonly bodies: string;
  readonly connections: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** What stands in a body for the number of its request, where every request must be another one. */
  readonly marker?: string;
}

interface Shots {
  readonly requests: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly failed: number;
}

/** Warms up, then measures. */
export async function measure(load: Load): Promise<Turn> {
  const { running, postmaster, connections } = load;
  const warm = await fire(load, load.warmUp, 'w');
  await idle(load);
  forgetPeak(running.pid);
  const server = cpuSeconds(running.pid);
  const postgres = postmaster === undefined ? undefined : postgresSeconds(postmaster);
  const shots = await fire(load, load.seconds, 'm');
  await idle(load);
  // What was under way when the time was up was answered all the same, to nobody.
  const served = shots.requests + connections;
  const each = (before: number | undefined, after: number | undefined): number | null =>
    before === undefined || after === undefined ? null : ((after - before) * 1000) / served;
  return {
    requests: shots.requests,
    perSecond: shots.requests / shots.seconds,
    p50: shots.p50,
    p99: shots.p99,
    serverCpu: each(server, cpuSeconds(running.pid)),
    postgresCpu: each(postgres, postmaster === undefined ? undefined : postgresSeconds(postmaster)),
    bytes: shots.requests === 0 ? 0 : Math.round(shots.bytes / shots.requests),
    memory: memoryOf(running.pid)?.peak ?? null,
    failed: shots.failed + warm.failed,
  };
}

/** Until the database has nothing under way and the process did nothing for a tenth of a second, or two seconds at most. */
async function idle({ running: { pid }, quiet }: Load): Promise<void> {
  await quiet();
  for (let looks = 0, before = cpuSeconds(pid); looks < 20; looks += 1) {
    await sleep(100);
    const after = cpuSeconds(pid);
    if (after === before) return;
    before = after;
  }
}

async function fire(
  { running, headers, bodies, connections, marker }: Load,
  seconds: number,
  run: string,
): Promise<Shots> {
  const order = JSON.stringify({ url: running.url, headers, bodies, connections, seconds, marker, run });
  const child = spawn(process.execPath, [join(ROOT, 'bench/load/fire.js'), order], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error('The load generator failed.');
  return JSON.parse(said) as Shots;
}
