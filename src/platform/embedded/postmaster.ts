/** The server's process: what its pid file says, how it is started in a session of its own, how it is stopped. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import type { Logger } from '../log.ts';
import type { Place } from './place.ts';

/** A postmaster that is alive on this data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It takes connections; otherwise it is starting, recovering or stopping. */
  readonly ready: boolean;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // No socket: its path is limited to 107 bytes, and passwords are asked for over TCP alike.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  random_page_cost: '1.1',
  // Short statements in great number: compiling them, or splitting them over workers, costs more than it saves.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and details quote values of rows; errors go to the hub, which knows what may be logged.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** For tests alone: a crash of the machine may lose everything, a crash of the server loses nothing. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off', shared_buffers: '128MB' };

const LARGEST_LOG = 16 * 2 ** 20;

/** The file that PostgreSQL writes its log to. */
export function logFile({ home }: Place): string {
  return join(home, 'postgres.log');
}

/** The postmaster of a data folder, if one is alive. */
export function findPostmaster({ data }: Place): Postmaster | undefined {
  const { pid, folder, port, status } = readPidFile(data);
  if (folder !== data || !isPostmaster(pid, data)) return undefined;
  return { pid, port, ready: status === 'ready' };
}

/**
 * Removes a pid file that would keep PostgreSQL from starting although no postmaster stands behind it. PostgreSQL copes
 * with a process that is gone, but takes any process of that number for its own: after a reboot, or in a folder copied
 * from a running server, that may be anything, and it would refuse to start for good.
 */
export function clearPidFile({ data }: Place): void {
  const file = join(data, 'postmaster.pid');
  const { text, pid, folder } = readPidFile(data);
  if (text === undefined) return;
  // Empty or cut short: a server is just starting, or the disk was full once.
  const whole = text.split('\n').length > 5;
  const stale = whole ? isAlive(pid) && (folder !== data || !isPostmaster(pid, data)) : ageOf(file) > 10_000;
  if (stale && readPidFile(data).text === text) rmSync(file, { force: true });
}

/** How the server is started. */
export interface PostmasterOptions {
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string>>;
  /** The port it must have; a free one when undefined. */
  readonly port: number | undefined;
  readonly log: Logger;
}

/**
 * Starts PostgreSQL. Resolves to undefined when the server is up (its pid file then says ready), and to the reason of its
 * end when it ended.
 */
export async function startPostmaster(
  place: Place,
  binaries: Binaries,
  { durable, settings: more, port, log }: PostmasterOptions,
): Promise<string | undefined> {
  rotateLog(logFile(place));
  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), ...more, port: String(port ?? (await freePort())) };
  const output = openSync(logFile(place), 'a', 0o600);
  const from = statSync(logFile(place)).size;
  const child = spawn(
    binaries.postgres,
    ['-D', place.data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    // Detached: in a session of its own, so that Ctrl-C in the terminal reaches the hub alone.
    { ...place.account, cwd: place.home, env: {}, detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  child.unref();
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `PostgreSQL ended at once (${signal ?? `exit code ${code ?? '?'}`})`));
  for (let looks = 1; ended === undefined; looks += 1) {
    if (looks % 500 === 0) log.info({ log: logFile(place) }, 'PostgreSQL is still starting, recovering from its log');
    const found = findPostmaster(place);
    if (found?.pid === child.pid && found?.ready === true) return undefined;
    await sleep(10);
  }
  const said = readFileSync(logFile(place)).subarray(from).toString('utf8').trim();
  return `${ended}: ${said.split('\n').slice(-5).join('\n')}`;
}

/** Stops the server: open transactions are rolled back, a checkpoint is written. Resolves when it is down. */
export async function stopPostmaster(place: Place, pid: number): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT leaves at once and recovers at the next start.
  for (const [signal, patience] of [
    ['SIGINT', 60_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    signalTo(pid, signal);
    const until = Date.now() + patience;
    while (Date.now() < until) {
      if (findPostmaster(place)?.pid !== pid) return;
      await sleep(20);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop. Its log is ${logFile(place)}.`);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

interface PidFile {
  readonly text: string | undefined;
  readonly pid: number;
  readonly folder: string;
  readonly port: number;
  readonly status: string;
}

function readPidFile(data: string): PidFile {
  const text = readIfThere(join(data, 'postmaster.pid'));
  const [pid = '', folder = '', , port = '', , , , status = ''] = (text ?? '').split('\n');
  return { text, pid: Number(pid), folder, port: Number(port), status: status.trim() };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function ageOf(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Whether the process is a live postmaster on this folder; a zombie has no command line and counts as dead. */
function isPostmaster(pid: number, data: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (existsSync('/proc/self/cmdline')) {
    const words = readIfThere(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
    return words[words.indexOf('-D') + 1] === data;
  }
  const asked = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  return asked.status === 0 && asked.stdout.includes(`-D ${data} `);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new Error('This machine has no free TCP port on 127.0.0.1.');
  return address.port;
}

function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > LARGEST_LOG) renameSync(file, `${file}.1`);
}
