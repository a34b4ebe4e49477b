import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openPool } from '../../src/platform/database.ts';
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { startEmbedded } from '../../src/platform/embedded-postgres.ts';
import { silentLog } from '../../src/platform/log.ts';
import { testFolder } from '../harness/folder.ts';

const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];
const hubs: ChildProcess[] = [];

afterEach(async () => {
  for (const hub of hubs.splice(0)) hub.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    await server.stop();
    folders.push(server.home);
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('a server on its first day', () => {
  const dir = testFolder('embedded');
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    server = await startEmbedded({ dir, log: silentLog, durable: false });
  });
  afterAll(async () => {
    await server.stop();
    for (const path of [dir, server.home]) rmSync(path, { recursive: true, force: true });
  });

  test('text is UTF-8 and sorts by code point, times are in UTC', async () => {
    const settings = `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone,
    (select array_agg(c order by c) from unnest(array['b', 'A', '张', 'a', 'B']) c) as sorted, lower('ÄÖ') as lower`;
    expect(await ask(server.ownerUrl, settings)).toEqual([
      { encoding: 'UTF8', zone: 'UTC', sorted: ['A', 'B', 'a', 'b', '张'], lower: 'äö' },
    ]);
  });

  test('only the right password opens it, and the file of the passwords opens to the hub alone', async () => {
    const wrong = new URL(server.ownerUrl);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(server.home, 'passwords.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(server.home, 'data')).mode & 0o777).toBe(0o700);
  });

  test('the owner and the role of the hub are no administrators', async () => {
    const rights = `select rolname from pg_roles where rolname like 'hub%'
    and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)`;
    expect(await ask(server.adminUrl, rights)).toEqual([]);
    expect(await ask(server.serverUrl, 'select current_user::text as me')).toEqual([{ me: 'hub_server' }]);
    expect(await ask(server.ownerUrl, 'create extension btree_gist')).toEqual([]);
  });
});

test('a server that is started keeps what it was given, over a stop and another start', async () => {
  const dir = folder();
  const first = await start(dir);
  expect(first.adopted).toBe(false);
  await ask(first.ownerUrl, 'create table kept as select 42 as answer');
  await first.stop();
  await expect(ask(first.ownerUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');

  const second = await start(dir);
  expect(second.adopted).toBe(false);
  expect(await ask(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('the server of a hub that was killed is adopted, and loses nothing', async () => {
  const dir = folder();
  const hub = await startHub(dir);
  await ask(hub.ownerUrl, 'create table kept as select 42 as answer');
  hub.process.kill('SIGKILL');
  await once(hub.process, 'exit');

  const server = await start(dir);
  expect(server.adopted).toBe(true);
  expect(server.ownerUrl).toBe(hub.ownerUrl);
  expect(await ask(server.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await server.stop();
  await expect(ask(server.ownerUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');
});

test('Ctrl-C in the terminal reaches the hub and not its server', async () => {
  const dir = folder();
  const hub = await startHub(dir);
  process.kill(-(hub.process.pid ?? 0), 'SIGINT'); // as a terminal does: to the whole process group
  await once(hub.process, 'exit');
  await sleep(200);
  expect(await ask(hub.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await start(dir)).adopted).toBe(true);
});

test('two hubs share the server of their checkout, and the one that leaves last stops it', async () => {
  const dir = folder();
  const [one, other] = await Promise.all([startHub(dir), startHub(dir)]);
  expect(one.ownerUrl).toBe(other.ownerUrl);
  one.process.kill('SIGTERM');
  await once(one.process, 'exit');
  expect(await ask(other.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  other.process.kill('SIGTERM');
  await once(other.process, 'exit');
  await expect(ask(other.ownerUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');
});

test('a pid file whose process is another program by now does not keep the server down', async () => {
  const dir = folder();
  const server = await start(dir);
  await server.stop();
  const data = join(server.home, 'data');
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n 0 0\nready   \n`);
  expect((await start(dir)).adopted).toBe(false);
});

test('two checkouts do not meet, even when one is a copy of the other that was made while it ran', async () => {
  const dir = folder();
  const original = await start(dir);
  await ask(original.ownerUrl, 'create table original (id int)');
  await ask(original.adminUrl, 'checkpoint');
  const copy = folder();
  cpSync(dir, copy, { recursive: true, preserveTimestamps: true });
  const owner = statSync(join(original.home, 'data'));
  if (process.getuid?.() === 0) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, join(copy, 'postgres', 'data')]);
  const second = await start(copy);
  expect(second.adopted).toBe(false);
  expect(new URL(second.ownerUrl).port).not.toBe(new URL(original.ownerUrl).port);
  await ask(second.ownerUrl, 'drop table original');
  expect(await ask(original.ownerUrl, 'select id from original')).toEqual([]);
});

test('a server that is killed comes up again on the same port while a hub uses it', async () => {
  const server = await start(folder());
  await ask(server.ownerUrl, 'create table kept as select 42 as answer');
  const [pid] = readFileSync(join(server.home, 'data', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGKILL');
  const until = Date.now() + 20_000;
  let answer: unknown;
  while (answer === undefined && Date.now() < until) {
    answer = await ask(server.ownerUrl, 'select answer from kept').catch(() => sleep(50));
  }
  expect(answer).toEqual([{ answer: 42 }]);
});

test('where the account of PostgreSQL cannot enter, its files go elsewhere and a note says so', async () => {
  const dir = folder();
  chmodSync(dir, 0o700);
  const server = await start(join(dir, '.hub'));
  const root = process.getuid?.() === 0;
  expect(existsSync(join(dir, '.hub', 'postgres-is-elsewhere.json'))).toBe(root);
  expect(server.home.startsWith(dir)).toBe(!root);
  await server.stop();
  const again = await start(join(dir, '.hub'));
  expect(again.home).toBe(server.home);
});

test('a server that does not come up says why, and where its log is', async () => {
  const dir = folder();
  const server = await start(dir);
  await server.stop();
  writeFileSync(join(server.home, 'data', 'postgresql.conf'), 'no_such_setting = 1\n');
  await expect(start(dir)).rejects.toThrow(/no_such_setting[^]*Its log is .*postgres\.log/);
});

test('passwords that are gone while the database is there are a fault with a remedy', async () => {
  const dir = folder();
  const server = await start(dir);
  await server.stop();
  rmSync(join(server.home, 'passwords.json'));
  await expect(start(dir)).rejects.toThrow(/Restore .*passwords\.json, or remove/);
});

function folder(): string {
  const made = testFolder('embedded');
  folders.push(made);
  return made;
}

async function start(dir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dir, log: silentLog, durable: false });
  servers.push(server);
  return server;
}

async function startHub(dir: string): Promise<{ process: ChildProcess; ownerUrl: string; adopted: boolean }> {
  const script = join(import.meta.dirname, 'hub-stand-in.ts');
  const hub = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', script, dir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  hubs.push(hub);
  const [line] = (await once(createInterface(hub.stdout), 'line')) as [string];
  return { process: hub, ...(JSON.parse(line) as { ownerUrl: string; adopted: boolean }) };
}

async function ask(url: string, text: string): Promise<unknown[]> {
  const pool = openPool(url, { max: 1, name: 'test' });
  try {
    return (await pool.query<Record<string, unknown>>(text)).rows;
  } finally {
    await pool.end();
  }
}

async function run(command: string, args: string[]): Promise<void> {
  await once(spawn(command, args), 'exit');
}
