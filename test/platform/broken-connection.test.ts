import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.drop();
});

test('a connection that breaks between two statements fails its transaction, and neither the process nor the pool', async () => {
  const work = inTransaction(db.server, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // Anyone may end a backend of his own role.
    await db.server.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await sleep(100);
    await client.query('select 1');
  });
  await expect(work).rejects.toThrow();
  expect((await db.server.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
