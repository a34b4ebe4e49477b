/** The `hub` command as processes of their own, which a test may kill. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '../harness/database.ts';

/** The compiled program, as users run it; the harness builds it before the first test. */
export const COMMAND = ['dist/src/cli/main.js'];

/** Variables of a hub over a test's database, which fills nothing in; `dir` is its data folder. */
export const environmentOf = (
  { ownerUrl, serverUrl }: Pick<TestDatabase, 'ownerUrl' | 'serverUrl'>,
  dir: string,
): Record<string, string> => ({
  DATABASE_URL: ownerUrl,
  HUB_DATABASE_URL: serverUrl,
  HUB_DATA_DIR: dir,
  HUB_DEMO_PERSONS: '0',
});

/** What a command came to. */
export interface Done {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running command. */
export interface Running {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly written: { out: string; err: string };
  readonly done: Promise<Done>;
}

/** Begins `hub …` with these variables on top of this process's own. */
export function beginHub(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [...COMMAND, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  const done = once(child, 'close').then(([code]): Done => ({ code: code as number | null, ...written }));
  return { child, written, done };
}

/** Runs `hub …` to its end. */
export const runHub = (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Done> =>
  beginHub(args, env).done;

/** A hub that serves. */
export interface ServingHub {
  readonly url: string;
  readonly running: Running;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `hub serve` and waits until it is ready; port 0 takes any. */
export async function serveHub(env: Readonly<Record<string, string>>): Promise<ServingHub> {
  const running = beginHub(['serve'], { HUB_PORT: '0', HUB_LOG_LEVEL: 'info', ...env });
  const { child, written, done } = running;
  let url: string | undefined;
  for (const until = Date.now() + 90_000; url === undefined && Date.now() < until; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`The hub did not start:\n${written.err}`);
    url = /(http:\/\/[\w.:[\]]+)\/readyz/.exec(written.out)?.[1];
  }
  if (url === undefined) {
    child.kill('SIGKILL');
    throw new Error(`The hub is not ready:\n${written.err}`);
  }
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await done).code;
  };
  return { url, running, kill: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') };
}
