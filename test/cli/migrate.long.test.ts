import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPool } from '../../src/platform/database.ts';
import { COMMAND } from '../aid/hub-process.ts';
import type { TestDatabase } from '../harness/database.ts';
import { emptyDatabase } from '../harness/database.ts';
import { asAdmin } from '../harness/urls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database.drop());

test('an empty database is brought up to date with its divisions and policy, and again without harm', async () => {
  const { ownerUrl, serverUrl } = database;
  const first = await migrate({ DATABASE_URL: ownerUrl, HUB_DATABASE_URL: serverUrl });
  expect(first).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^Ran \d+ migrations:\n {2}Registry/) });
  const again = await migrate({ DATABASE_URL: ownerUrl, HUB_DATABASE_URL: serverUrl });
  expect(again).toMatchObject({ exitCode: 0, output: 'The database is up to date.\n' });
  const { rows } = await database.server.query(
    'select exists (select from region) as regions, version from policy_head',
  );
  expect(rows).toEqual([{ regions: true, version: 1 }]);
});

test('what an administrator has to do is printed as SQL alone, and migrating goes on once it was run', async () => {
  const role = `hub_test_${randomBytes(4).toString('hex')}`;
  const server = new URL(database.serverUrl);
  server.username = role;
  const env = { DATABASE_URL: database.ownerUrl, HUB_DATABASE_URL: server.href };
  const refused = await migrate(env);
  expect(refused.exitCode).toBe(3);
  expect(refused.errors).toContain('administrator');
  const admin = openPool(database.adminUrl, { max: 1, name: 'test' });
  await admin.query(refused.output);
  expect(await migrate(env)).toMatchObject({ exitCode: 0 });
  await admin.query(`drop owned by ${role}`);
  await admin.end();
  await asAdmin((query) => query(`drop role ${role}`));
});

test('the server’s role alone is not enough, and no database is started in its place', async () => {
  const { exitCode, errors } = await migrate({ HUB_DATABASE_URL: database.serverUrl });
  expect(exitCode).toBe(1);
  expect(errors).toContain('DATABASE_URL: missing');
});

async function migrate(env: NodeJS.ProcessEnv): Promise<{ exitCode: unknown; output: string; errors: string }> {
  const hub = spawn(process.execPath, [...COMMAND, 'migrate'], {
    env: { PATH: process.env['PATH'], HUB_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const collect = async (stream: NodeJS.ReadableStream): Promise<string> => {
    let text = '';
    for await (const part of stream) text += String(part);
    return text;
  };
  const [output, errors, [exitCode]] = await Promise.all([collect(hub.stdout), collect(hub.stderr), once(hub, 'exit')]);
  return { exitCode, output, errors };
}
