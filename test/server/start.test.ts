/** The hub as a whole, in this process: what it is made of, and when it refuses to start. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeLedgerKey } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { silentLog } from '../../src/platform/log.ts';
import { issueDemoToken } from '../../src/server/demo-token/index.ts';
import { StartError } from '../../src/server/listening.ts';
import { startHub } from '../../src/server/start.ts';
import { CLOSED } from '../access/attacks/neighbours.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';

let db: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  db = await testDatabase();
  env = {
    DATABASE_URL: db.ownerUrl,
    HUB_DATABASE_URL: db.serverUrl,
    HUB_DATA_DIR: testFolder('start'),
    HUB_DEMO_PERSONS: '0',
    HUB_PORT: '0',
  };
});
afterAll(() => db.drop());

const start = (change: Record<string, string> = {}) =>
  startHub(readConfig({ ...env, ...change }), { log: silentLog, clock: systemClock });

async function ask(url: string, query: string, headers: Record<string, string> = {}) {
  const terms = { client: 'education.demo', lifetime: 60, clock: systemClock };
  const token = await issueDemoToken(readConfig(env), terms);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: await response.text() };
}

/** Connections of the hub; PostgreSQL notices in its own time that one was closed. */
async function connections(expected?: number): Promise<number> {
  for (const until = Date.now() + 5_000; ; await sleep(20)) {
    const { rows } = await db.owner.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = 'hub'`,
    );
    const found = rows[0]?.n ?? -1;
    if (found === expected || expected === undefined || Date.now() > until) return found;
  }
}

test('a hub that was started answers each caller by its own view, and leaves nothing behind when it is closed', async () => {
  const hub = await start();
  const shown = await ask(hub.url, `{ __type(name: "${CLOSED.type}") { name } __schema { queryType { name } } }`);
  expect(shown).toMatchObject({ status: 200, body: expect.stringContaining('"__type":null') });
  const asked = await ask(hub.url, '{ recipients(first: 1) { edges { node { programme } } } }');
  expect(asked).toMatchObject({ status: 403, body: expect.stringContaining('PURPOSE_REQUIRED') });
  const bound = { 'hub-purpose': 'AID_ELIGIBILITY', 'hub-case': 'ED-2026-000001' };
  const checked = await ask(hub.url, '{ checkStatus(checks: [{ idNumber: "1" }]) { result } }', bound);
  expect(checked).toMatchObject({ status: 200, body: expect.stringContaining('MALFORMED') });
  expect(await connections()).toBeGreaterThan(0);
  await Promise.all([hub.close(), hub.close()]);
  expect(await connections(0)).toBe(0);
});

test('a purpose outside the token is refused, and the refusal is on record', async () => {
  const hub = await start();
  const refused = await ask(hub.url, '{ recipients(first: 1) { edges { node { programme } } } }', {
    'hub-purpose': 'AUDIT',
    'hub-case': 'ED-2026-000001',
  });
  await hub.close();
  expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('PURPOSE_NOT_ALLOWED') });
  const { rows } = await db.owner.query(
    `select client, decision from access_record where reason = 'PURPOSE_NOT_ALLOWED'`,
  );
  expect(rows).toEqual([{ client: 'education.demo', decision: 'REFUSED' }]);
});

test('a port in use is told with what to set, and everything that was opened is closed', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  const address = other.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const refused = start({ HUB_PORT: String(address.port) });
  await expect(refused).rejects.toThrow(StartError);
  await expect(refused).rejects.toThrow(`Port ${String(address.port)} is in use`);
  await expect(refused).rejects.toThrow('HUB_PORT=');
  other.close();
  await expect(start({ HUB_HOST: '192.0.2.1', HUB_PORT: '4000' })).rejects.toThrow('HUB_HOST');
  expect(await connections(0)).toBe(0);
});

test('a start that is given up closes what was opened', async () => {
  const leaving = new AbortController();
  const starting = startHub(readConfig(env), { log: silentLog, clock: systemClock, signal: leaving.signal });
  leaving.abort();
  await expect(starting).rejects.toThrow();
  expect(await connections(0)).toBe(0);
});

test('production mode needs the issuer’s keys and a role that owns nothing, and trusts no demo token', async () => {
  const keys = join(testFolder('start'), 'issuer');
  mkdirSync(keys);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(keys, 'issuer-1.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  const ledgerKeys = join(testFolder('start'), 'ledger-keys');
  const production = { HUB_MODE: 'production', HUB_PUBLIC_KEYS_DIR: keys, HUB_LEDGER_KEYS_DIR: ledgerKeys };

  await expect(start(production)).rejects.toThrow('hub ledger keys --new --suite ED25519');
  await makeLedgerKey(ledgerKeys, 'ED25519', systemClock);

  const hub = await start(production);
  expect(await ask(hub.url, '{ feedStatus { record } }')).toMatchObject({ status: 401 });
  await hub.close();
  await expect(start({ HUB_MODE: 'production' })).rejects.toThrow('HUB_PUBLIC_KEYS_DIR');
  const asOwner = start({ ...production, DATABASE_URL: '', HUB_DATABASE_URL: db.ownerUrl });
  await expect(asOwner).rejects.toThrow('owns table');
  expect(await connections(0)).toBe(0);
});
