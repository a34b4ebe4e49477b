/** docs/callers.md as an operator and a department would follow it: the commands, and the program in it as it stands. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/platform/clock.ts';
import { runHub } from '../aid/hub-process.ts';
import { certificates } from '../access/certificates.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

const run = promisify(execFile);
let database: TestDatabase;
let hub: TestHub;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  database = await testDatabase();
  folder = testFolder('walk');
  env = {
    DATABASE_URL: database.ownerUrl,
    HUB_DATABASE_URL: database.serverUrl,
    HUB_DATA_DIR: folder,
    HUB_KEYS_DIR: join(folder, 'signing-keys'),
  };
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'client.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'client.pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(folder, 'client.crt'), certificates.education.pem);
  const [, program = ''] = /```js\n([^]*?)```/.exec(readFileSync('docs/callers.md', 'utf8')) ?? [];
  writeFileSync(join(folder, 'token.mjs'), program);
  hub = await openHub(database, {
    clock: systemClock,
    settings: { HUB_KEYS_DIR: join(folder, 'signing-keys'), HUB_ISSUER: 'https://hub.test' },
  });
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const ask = async (): Promise<Record<string, unknown>> => {
  const args = [join(folder, 'token.mjs'), hub.url, 'https://hub.test', 'education.gansu', join(folder, 'client.pem')];
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  return JSON.parse(stdout) as Record<string, unknown>;
};
const add = (...more: readonly string[]) =>
  runHub(
    [
      ...['clients', 'add', 'education.gansu', '--department', 'EDUCATION', '--regions', '620000000000'],
      ...['--key', join(folder, 'client.pub.pem'), ...more],
    ],
    env,
  );

test('an operator registers a system, which gets tokens with the program of the documentation', async () => {
  expect(await ask()).toMatchObject({ error: 'invalid_client' });
  const made = await runHub(['keys', 'new'], env);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{43}\n$/), err: '' });
  const refused = await add('--purposes', 'AID_ELIGIBILITY,AUDIT');
  expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('No agreement opens AUDIT') });
  const added = await add('--purposes', 'AID_ELIGIBILITY,AID_REPORTING');
  expect(added).toMatchObject({ code: 0, out: '已登记 registered education.gansu\n', err: '' });
  const token = await ask();
  expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 3_600 });
  const answer = await hub.post(JSON.stringify({ query: '{ checkStatus(checks: [{ idNumber: "1" }]) { result } }' }), {
    'content-type': 'application/json',
    authorization: `Bearer ${String(token['access_token'])}`,
    'hub-purpose': 'AID_ELIGIBILITY',
    'hub-case': 'ED-2026-000001',
  });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('MALFORMED') });
}, 60_000);

test('an operator sees the clients, changes their keys and certificates, and takes tokens from them', async () => {
  const shown = await runHub(['clients', 'show', 'education.gansu', '--json'], env);
  const client = JSON.parse(shown.out) as { keys: string[] };
  expect(client).toMatchObject({ client: 'education.gansu', state: 'ACTIVE', certificates: [] });
  const key = (...change: readonly string[]) => runHub(['clients', 'key', 'education.gansu', ...change], env);
  const [kid = ''] = client.keys;
  expect(await key('--remove', kid)).toMatchObject({ code: 0, out: `- ${kid}\n` });
  expect(await ask()).toMatchObject({ error: 'invalid_client' });
  expect(await key('--add', join(folder, 'client.pub.pem'))).toMatchObject({ code: 0, out: `+ ${kid}\n` });
  const thumbprint = certificates.education.thumbprint;
  const bind = ['clients', 'certificate', 'education.gansu'];
  expect(await runHub([...bind, '--add', join(folder, 'client.crt')], env)).toMatchObject({ out: `+ ${thumbprint}\n` });
  expect(await ask()).toMatchObject({ error: 'invalid_client' });
  expect(await runHub([...bind, '--remove', thumbprint], env)).toMatchObject({ code: 0 });
  expect(await ask()).toMatchObject({ token_type: 'Bearer' });
  expect(await runHub(['clients', 'disable', 'education.gansu'], env)).toMatchObject({ code: 0 });
  expect(await ask()).toMatchObject({ error: 'invalid_client' });
}, 60_000);

test('an operator rotates and retires the keys of the hub', async () => {
  const first = (await runHub(['keys', 'list'], env)).out;
  expect(first).toMatch(/^[\w-]{43} {2}在用 signs .*\n$/);
  const rotated = await runHub(['keys', 'rotate'], env);
  expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{43}\n$/) });
  const old = first.slice(0, 43);
  const early = await runHub(['keys', 'retire', old], env);
  expect(early).toMatchObject({ code: 2, err: expect.stringContaining('may be valid until') });
  expect(await runHub(['keys', 'retire', old, '--now'], env)).toMatchObject({ code: 0, out: `${old}\n` });
}, 60_000);
