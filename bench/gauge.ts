/** What processes used, from /proc: much steadier than requests a second on a small machine. Elsewhere there is nothing. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openPool } from '../src/platform/database.ts';

/** Linux counts CPU time in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU that the process has used, all of its threads together; undefined where /proc does not tell. */
export function cpuSeconds(pid: number): number | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : stat.own / TICKS_PER_SECOND;
}

/** Seconds of CPU that the server and all its backends have used, those that have ended included. */
export function postgresSeconds(postmaster: number): number | undefined {
  const own = readStat(postmaster);
  if (own === undefined) return undefined;
  let ticks = own.own + own.ended;
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (child?.parent === postmaster) ticks += child.own + child.ended;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Memory of the process in bytes: now, and at its highest since `forgetPeak`. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } | undefined {
  const status = read(`/proc/${String(pid)}/status`);
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status ?? '')?.[1]);
  return status === undefined ? undefined : { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
}

/** Lets the highest memory begin anew at what is used now. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${String(pid)}/clear_refs`, '5');
  } catch {
    // Where this cannot be done, the peak is that of the whole run.
  }
}

/** The process id of the server behind this URL: the parent of any of its backends. */
export async function postmasterOf(url: string): Promise<number | undefined> {
  const pool = openPool(url, { max: 1, name: 'bench' });
  try {
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    return readStat(rows[0]?.pid ?? 0)?.parent;
  } finally {
    await pool.end();
  }
}

interface Stat {
  readonly parent: number;
  /** Ticks of the process itself, and of its children that were waited for. */
  readonly own: number;
  readonly ended: number;
}

function readStat(pid: number): Stat | undefined {
  const text = read(`/proc/${String(pid)}/stat`);
  if (text === undefined) return undefined;
  // The second field is the program's name in brackets, which may hold spaces.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (n: number): number => fields[n - 3] ?? 0;
  return { parent: field(4), own: field(14) + field(15), ended: field(16) + field(17) };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
