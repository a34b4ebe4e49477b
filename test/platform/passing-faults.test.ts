import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isPassingFault, openPool } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a database that is out of reach passes', async () => {
  const pool = openPool('postgres://nobody@127.0.0.1:1/none', { max: 1, name: 'test' });
  expect(isPassingFault(await faultOf(pool.query('select 1')))).toBe(true);
  await pool.end();
});

test('a statement out of time and a connection that was ended pass', async () => {
  const pool = openPool(db.serverUrl, { max: 1, name: 'test', settings: { statement_timeout: '50ms' } });
  expect(isPassingFault(await faultOf(pool.query('select pg_sleep(5)')))).toBe(true);
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ended = faultOf(pool.query('set statement_timeout = 0; select pg_sleep(5)'));
  await db.owner.query('select pg_sleep(0.1)');
  const { adminUrl } = db;
  const admin = openPool(adminUrl, { max: 1, name: 'test-admin' });
  await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  expect(isPassingFault(await ended)).toBe(true);
  await Promise.all([pool.end(), admin.end()]);
});

test('a fault of ours does not pass', async () => {
  expect(isPassingFault(await faultOf(db.server.query('select no_such_column')))).toBe(false);
  expect(isPassingFault(new Error('boom'))).toBe(false);
});
