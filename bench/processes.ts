/** The contestants as processes: started, waited for, stopped. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './places.ts';

/** How a process is started. */
export interface Command {
  readonly node: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A contestant that answers. */
export interface Running {
  readonly pid: number;
  /** Where GraphQL is asked. */
  readonly url: string;
  stop(): Promise<void>;
}

const PATIENCE = 120_000;

/** Whoever still runs when the benchmark ends, however it ends, is ended with it. */
const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Every contestant says where it answers, the hub in its words of welcome. */
const ADDRESS = /https?:\/\/[\w.:]+\/graphql/;

/** Starts a contestant; resolves when it says that it answers. Its log goes to a file of its name. */
export async function start(name: string, { node, args, env }: Command, dir: string): Promise<Running> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}.log`);
  const log = openSync(file, 'w');
  const path = process.env['PATH'] ?? '';
  const child = spawn(node, args, {
    cwd: ROOT,
    env: { PATH: path, ...env },
    stdio: ['ignore', 'pipe', log],
    // In a group of its own: Ctrl-C in the terminal reaches the benchmark alone, which ends everything in its order.
    detached: true,
  });
  closeSync(log);
  started.add(child);
  child.once('exit', () => started.delete(child));
  const url = await address(child).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${name} did not start: ${error instanceof Error ? error.message : 'unknown'}; see ${file}`);
  });
  if (child.pid === undefined) throw new Error(`${name} has no process`);
  return { pid: child.pid, url, stop: () => stop(child) };
}

async function address(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error('it did not answer in time'));
    }, PATIENCE);
    child.stdout?.on('data', (part: Buffer) => {
      // What comes later is read and dropped, so that nobody waits for a full pipe.
      if (said.length < 10_000) said += part.toString();
      const [found] = ADDRESS.exec(said) ?? [];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`it ended with exit code ${String(code)}`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
