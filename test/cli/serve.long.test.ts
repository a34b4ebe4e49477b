/** `hub serve` as a process of its own: how it drains and stops. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeLedgerKey } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { issueDemoToken } from '../../src/server/demo-token/index.ts';
import { environmentOf, runHub, serveHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';

let db: TestDatabase;
let dir: string;
let env: Record<string, string>;
let token: string;
beforeAll(async () => {
  db = await testDatabase();
  dir = testFolder('serve');
  env = { ...environmentOf(db, dir), HUB_PORT: '0' };
  const lifetime = 600;
  token = await issueDemoToken(readConfig(env), { client: 'civil-affairs.demo', lifetime, clock: systemClock });
});
afterAll(() => db.drop());

const RECIPIENTS = '{ recipients(first: 1) { edges { node { programme } } } }';
const ask = (url: string, query = RECIPIENTS): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'hub-purpose': 'DYNAMIC_MONITORING',
      'hub-case': 'CA-2026-000001',
    },
    body: JSON.stringify({ query }),
  });

/** Holds the recipients so that whoever reads them waits. */
async function hold(): Promise<() => Promise<void>> {
  const client = await db.owner.connect();
  await client.query('begin');
  await client.query('lock table recipient in access exclusive mode');
  return async () => {
    await client.query('commit');
    client.release();
  };
}

/** Somebody waits for what is held. */
async function waiting(): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(20)) {
    const { rowCount } = await db.owner.query('select from pg_locks where not granted limit 1');
    if (rowCount === 1) return;
  }
  throw new Error('nobody waits');
}

const entries = async (): Promise<number> => {
  const { rows } = await db.owner.query<{ n: number }>('select count(*)::int as n from access_record');
  return rows[0]?.n ?? 0;
};

test('SIGTERM answers what is under way with its record, then ends cleanly; nothing was logged of the request', async () => {
  const hub = await serveHub(env);
  expect(hub.running.written.out).toContain(`${hub.url}/graphql`);
  expect(await (await fetch(`${hub.url}/readyz`)).json()).toEqual({
    status: 'ready',
    checks: { database: 'ok', ledger: 'ok', policy: 'ok' },
  });
  const before = await entries();
  const release = await hold();
  const sent = ask(hub.url);
  await waiting();
  const stopped = hub.stop();
  await sleep(200);
  await expect(fetch(`${hub.url}/healthz`)).rejects.toThrow();
  await release();
  const response = await sent;
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ data: { recipients: { edges: [] } } });
  expect(await stopped).toBe(0);
  expect(await entries()).toBe(before + 1);
  expect(hub.running.written.err).not.toContain(token);
  expect(hub.running.written.err).not.toContain('CA-2026-000001');
});

test('a second signal does not wait', async () => {
  const hub = await serveHub(env);
  const release = await hold();
  const cut = expect(ask(hub.url)).rejects.toThrow();
  await waiting();
  const { child, done } = hub.running;
  child.kill('SIGINT');
  child.kill('SIGINT');
  await sleep(1_200);
  // The same Ctrl-C again, as npm passes it on, is no second one.
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect((await done).code).toBe(130);
  await cut;
  await release();
});

test('a start that fails says why in a line, without a stack', async () => {
  const { code, out, err } = await runHub(['serve'], { ...env, HUB_PORT: 'many', HUB_MODE: 'test' });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('HUB_PORT');
  expect(err).toContain('HUB_MODE');
  expect(err).not.toContain('    at ');
});

/** Makes a process say at its end what it has loaded: files, and parts of Node itself. */
const TELLING = `
  import { writeSync } from 'node:fs';
  import { Session } from 'node:inspector';
  // A pipe that nobody has read for a moment is full, and says so.
  const say = (line) => {
    for (;;) try { return writeSync(2, line); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  };
  process.on('exit', () => {
    const session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => say('loaded ' + params.url + '\\n'));
    session.post('Debugger.enable');
  });`;

test('a hub in production loads nothing that only fills databases, serves the command line, or asks other hosts', async () => {
  const keys = join(dir, 'issuer');
  mkdirSync(keys);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(keys, 'issuer-1.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  const ledgerKeys = join(dir, 'ledger-keys');
  await makeLedgerKey(ledgerKeys, 'ED25519', systemClock);
  const hub = await serveHub({
    ...env,
    HUB_MODE: 'production',
    HUB_PUBLIC_KEYS_DIR: keys,
    HUB_LEDGER_KEYS_DIR: ledgerKeys,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELLING)}`,
  });
  expect((await ask(hub.url)).status).toBe(401);
  expect(await hub.stop()).toBe(0);
  const loaded = [...hub.running.written.err.matchAll(/^loaded (.+)$/gm)].map(([, url = '']) => url);
  expect(loaded).toContainEqual(expect.stringContaining('/node_modules/fastify/'));
  const needless =
    /\/seeds\/|\/cli\/(?!main|serve)|node_modules\/((csv|\w+-excel)-\w+|cli-progress|pg-copy-streams)\/|^node:internal\/deps\/undici\/undici$/;
  expect(loaded.filter((url) => needless.test(url))).toEqual([]);
});
