import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { inTransaction, openPool, sqlState } from '../../src/platform/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testDatabase } from '../harness/database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = database.owner;
  await pool.query('create table account (id int primary key, balance int not null)');
});
beforeEach(async () => {
  await pool.query('truncate account');
  await pool.query('insert into account values (1, 0), (2, 0)');
});
afterAll(() => database.drop());

const add = (client: PoolClient, id: number): Promise<unknown> =>
  client.query('update account set balance = balance + 1 where id = $1', [id]);
const balances = async (): Promise<number[]> =>
  (await pool.query<{ balance: number }>('select balance from account order by id')).rows.map(({ balance }) => balance);

test('two transactions that take the same rows in opposite order both end, each once', async () => {
  let attempts = 0;
  const meet = rendezvous(2);
  const both = (first: number, second: number): Promise<void> =>
    inTransaction(pool, async (client) => {
      attempts += 1;
      await add(client, first);
      await meet(); // now each holds what the other wants next
      await add(client, second);
    });
  await Promise.all([both(1, 2), both(2, 1)]);
  expect(attempts).toBe(3);
  expect(await balances()).toEqual([2, 2]);
});

test('a serialization failure is tried again on a fresh snapshot', async () => {
  const meet = rendezvous(2);
  const increment = (): Promise<void> =>
    inTransaction(
      pool,
      async (client) => {
        const { rows } = await client.query<{ balance: number }>('select balance from account where id = 1');
        await meet();
        await client.query('update account set balance = $1 where id = 1', [(rows[0]?.balance ?? 0) + 1]);
      },
      { isolation: 'SERIALIZABLE' },
    );
  await Promise.all([increment(), increment()]);
  expect(await balances()).toEqual([2, 0]);
});

test('after the last retry the deadlock is the caller’s', async () => {
  const deadlock = inTransaction(
    pool,
    (client) => client.query("do $$ begin raise exception 'always' using errcode = '40P01'; end $$"),
    { retries: 1 },
  );
  await expect(deadlock).rejects.toMatchObject({ code: '40P01' });
});

test('any other failure rolls everything back and is not tried again', async () => {
  let attempts = 0;
  const failing = inTransaction(pool, async (client) => {
    attempts += 1;
    await add(client, 1);
    await client.query('insert into account values (1, 0)');
  });
  expect(sqlState(await failing.catch((error: unknown) => error))).toBe('23505');
  expect(attempts).toBe(1);
  expect(await balances()).toEqual([0, 0]);
});

test('a failure of the work itself gives its connection back', async () => {
  const single = openPool(database.ownerUrl, { max: 1, name: 'single' });
  await expect(inTransaction(single, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect((await single.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await single.end();
});

test('a connection that breaks in the middle is not given to the next one', async () => {
  const single = openPool(database.ownerUrl, { max: 1, name: 'single' });
  const broken = inTransaction(single, async (client) => {
    client.on('error', () => undefined);
    await client.query('select pg_terminate_backend(pg_backend_pid())');
  });
  expect(sqlState(await broken.catch((error: unknown) => error))).toBe('57P01');
  expect((await single.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await single.end();
});

test('dates, big numbers and decimals arrive as the text they are, alone and in arrays', async () => {
  const { rows } = await pool.query(`select date '2026-11-22' as d, 9007199254740993::int8 as i, 1.10::numeric as n,
    array[date '2026-11-22'] as ds, array[9007199254740993::int8] as is, array[1.10::numeric] as ns`);
  expect(rows).toEqual([
    {
      d: '2026-11-22',
      i: '9007199254740993',
      n: '1.10',
      ds: ['2026-11-22'],
      is: ['9007199254740993'],
      ns: ['1.10'],
    },
  ]);
});

test('settings of a pool hold in its sessions, whatever characters they have', async () => {
  const own = openPool(database.ownerUrl, {
    max: 1,
    name: 'own',
    settings: { plan_cache_mode: 'force_generic_plan', datestyle: 'ISO, DMY' },
  });
  const { rows } = await own.query(
    `select current_setting('plan_cache_mode') as mode, current_setting('datestyle') as style, current_setting('timezone') as zone,
            current_setting('application_name') as name`,
  );
  expect(rows).toEqual([{ mode: 'force_generic_plan', style: 'ISO, DMY', zone: 'UTC', name: 'own' }]);
  await own.end();
});

/** Lets the first `count` callers wait for each other; later ones pass. */
function rendezvous(count: number): () => Promise<void> {
  let missing = count;
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return () => {
    missing -= 1;
    if (missing <= 0) resolve();
    return promise;
  };
}
