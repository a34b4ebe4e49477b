import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statementRunner } from '../../src/graph/index.ts';
import type { StatementPlan } from '../../src/graph/index.ts';
import { DEFAULT_BOUNDS } from '../../src/platform/bounds.ts';
import { connectFor, leave, newAsker } from '../../src/platform/cancel.ts';
import { openPool } from '../../src/platform/database.ts';
import type { Pool } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

let db: TestDatabase;
let pool: Pool;
let run: ReturnType<typeof statementRunner>;
beforeAll(async () => {
  db = await testDatabase();
  // One connection, so that every statement is the next one of the same.
  pool = openPool(db.serverUrl, { max: 1, name: 'cancel' });
  run = statementRunner(pool, DEFAULT_BOUNDS);
});
afterAll(async () => {
  await pool.end();
  await db.drop();
});

/** A plan that takes so many milliseconds. */
const taking = (ms: number): StatementPlan => ({
  name: `sleep_${String(ms)}`,
  text: `select true, '{}', '' from pg_sleep(${String(ms / 1_000)})`,
  slots: [],
  nodes: [],
  masked: [],
  nulled: [],
  personal: false,
  whole: true,
  coded: false,
  cost: [],
});

const BINDINGS = { args: [], caller: {} };

test('a request to cancel ends the statement that it was meant for, and never the one after it', async () => {
  const outcomes = new Map<unknown, number>();
  for (let i = 0; i < 150; i += 1) {
    const asker = newAsker();
    const running = run(taking(i % 3), BINDINGS, asker).then(
      () => 'answered',
      (error: unknown) => (error as { code?: unknown }).code,
    );
    // Before, while and after the statement runs: the race is in the middle.
    void sleep((i % 7) * 0.7).then(() => {
      leave(asker);
    });
    const outcome = await running;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    // Were it the same connection, the request that is still on its way would find these.
    await run(taking(2), BINDINGS);
    await run(taking(0), BINDINGS, newAsker());
  }
  expect([...outcomes.keys()].sort()).toEqual(['CANCELLED', 'answered']);
});

test('a long statement ends at once when its asker goes', async () => {
  const asker = newAsker();
  const running = run(taking(600_000), BINDINGS, asker);
  await sleep(50);
  leave(asker);
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  await run(taking(0), BINDINGS);
});

test('whoever goes while no connection is free waits no longer, and takes none from the next one', async () => {
  const holder = await pool.connect();
  const asker = newAsker();
  const waiting = connectFor(pool, asker);
  const next = connectFor(pool, newAsker());
  leave(asker);
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  holder.release();
  (await next).release();
  expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
  await expect(run(taking(0), BINDINGS, asker)).rejects.toMatchObject({ code: 'CANCELLED' });
});
