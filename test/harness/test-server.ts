/** The one PostgreSQL of a test run, with the migrated template that every test database is a clone of. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/platform/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { silentLog } from '../../src/platform/log.ts';
import { makeTemplate } from './template.ts';
import { publishUrls } from './urls.ts';

let running: { server: EmbeddedPostgres; dir: string; watchdog: ChildProcess } | undefined;

/** Starts the server and makes the template; the workers find both through the environment. */
export async function startTestServer(): Promise<void> {
  try {
    await publishUrls(await startServer());
    await makeTemplate();
  } catch (error) {
    await stopTestServer();
    throw error;
  }
}

/** Stops the server and removes everything it wrote. */
export async function stopTestServer(): Promise<void> {
  if (running === undefined) return;
  const { server, dir, watchdog } = running;
  running = undefined;
  delete process.env['HUB_TEST_DIR'];
  await server.stop();
  for (const folder of [server.home, dir]) rmSync(folder, { recursive: true, force: true });
  // Last: should this process end in between, the watchdog does the rest.
  watchdog.kill('SIGKILL');
}

/** URL of the administrator: of a server of our own, or of the one that HUB_TEST_ADMIN_URL names (another version). */
async function startServer(): Promise<string> {
  const given = process.env['HUB_TEST_ADMIN_URL'];
  if (given !== undefined && given !== '') return given;
  const dir = mkdtempSync(join(tmpdir(), 'hub-test-'));
  chmodSync(dir, 0o755); // as root PostgreSQL runs as another user, who must enter
  process.env['HUB_TEST_DIR'] = dir;
  // No autovacuum: it would hold the template open and move plans between two runs. Who needs statistics analyzes.
  const settings = { max_connections: '500', autovacuum: 'off' };
  const server = await startEmbedded({ dir, log: silentLog, durable: false, settings });
  running = { server, dir, watchdog: watch(server.home, dir) };
  return server.adminUrl;
}

/**
 * A shell that outlives a killed run and clears up after it: its standard input ends when this process does. Servers
 * that tests started below `dir` (HUB_TEST_DIR) end by themselves within a minute once their files are gone.
 */
function watch(home: string, dir: string): ChildProcess {
  const script = 'read _; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1" "$2"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'sh', home, dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return watchdog;
}
