/** The README and the auditor's walk are run as printed: its commands against a hub that was started for it, and what it says they show. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const ROOT = resolve('.');
const HUB = `node ${join(ROOT, 'dist/src/cli/main.js')}`;

interface Step {
  readonly file: string;
  readonly title: string;
  readonly command: string;
  /** Texts that the output holds, in this order. */
  readonly shown: readonly string[];
}

/** The blocks ```sh walk, each with the ```text block below it. */
function steps(file: string): Step[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/```sh walk\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g);
  return [...blocks].map(([, command = '', shown = ''], i) => ({
    file,
    title: `${i + 1}: ${command.split('\n')[0] ?? ''}`,
    command,
    shown: shown.split('\n').filter((line) => line !== ''),
  }));
}

let dir: string;
let port: number;
let hub: ChildProcess;
let log = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hub-walk-'));
  chmodSync(dir, 0o755);
  port = await freePort();
  hub = spawn('bash', ['-c', `exec ${HUB} serve`], {
    env: { ...process.env, HUB_DATA_DIR: dir, HUB_PORT: String(port), HUB_DEMO_PERSONS: '2000' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  hub.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  hub.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  for (let waited = 0; waited < 100; waited += 1) {
    if (hub.exitCode !== null) throw new Error(`The hub did not start:\n${log}`);
    if (await ready()) return;
    await new Promise((wake) => setTimeout(wake, 500));
  }
  throw new Error(`The hub is not ready after 50 s:\n${log}`);
}, 120_000);

afterAll(async () => {
  if (hub.exitCode === null) {
    hub.kill('SIGTERM');
    await once(hub, 'exit');
  }
  rmSync(dir, { recursive: true, force: true });
}, 30_000);

test.each([...steps('README.md'), ...steps('docs/audit.md')])('$file, command $title', async ({ command, shown }) => {
  const output = await run(command);
  let rest = output;
  for (const text of shown) {
    const at = rest.indexOf(text);
    expect({ text, found: at >= 0, output }).toEqual({ text, found: true, output });
    rest = rest.slice(at);
  }
});

test('README.zh-CN.md has the same commands and shows the same', () => {
  const bare = (file: string) => steps(file).map(({ command, shown }) => ({ command, shown }));
  expect(bare('README.zh-CN.md')).toEqual(bare('README.md'));
});

/** Runs a block in bash, with this hub's address and folder in place of the defaults. */
async function run(command: string): Promise<string> {
  const here = command.replaceAll('http://127.0.0.1:4000', `http://127.0.0.1:${port}`).replaceAll('.hub/', `${dir}/`);
  const script = `npx() { shift; ${HUB} "$@"; }\n${here}`;
  const shell = spawn('bash', ['-uo', 'pipefail', '-c', script], {
    cwd: ROOT,
    env: { ...process.env, HUB_DATA_DIR: dir, HUB_URL: `http://127.0.0.1:${port}` },
  });
  let output = '';
  shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(shell, 'close')) as [number];
  if (code !== 0) throw new Error(`The command ended with ${code}:\n${output}`);
  return output;
}

async function ready(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
