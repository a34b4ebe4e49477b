/** A small month, in a hub of this process: the generator's account and the hub agree to the row. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeMonth } from '../../seeds/month/write-month.ts';
import type { MonthAccount } from '../../seeds/month/account.ts';
import type { Department } from '../../src/access/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';
import { deliverMonth, digestOf, holdings } from './deliver-month.ts';
import type { Door } from './deliver-month.ts';

const ROWS = Number(process.env['HUB_MONTH_ROWS'] ?? 4_000);

let database: TestDatabase;
let hub: TestHub;
let dir: string;
let account: MonthAccount;
beforeAll(async () => {
  dir = testFolder('month');
  account = await writeMonth({ rows: ROWS, seed: Number(process.env['HUB_MONTH_SEED'] ?? 7), dir });
  database = await testDatabase();
  hub = await openHub(database);
}, 120_000);
afterAll(async () => {
  await (hub as TestHub | undefined)?.close();
  await (database as TestDatabase | undefined)?.drop();
});

test('what becomes of every row is what the account says, and the same rows once more change nothing', async () => {
  const door: Door = {
    url: hub.url,
    headersOf: (department) => {
      const supply = { purpose: 'DATA_SUPPLY', purposes: ['DATA_SUPPLY'], caseNo: 'MONTH-1' } as const;
      const { 'content-type': _, ...headers } = hub.headersOf(callerOf(department as Department, 'SYSTEM', supply));
      return headers;
    },
  };
  expect(account.rows).toBeGreaterThanOrEqual(ROWS);
  const first = await deliverMonth(door, dir, account, database.owner);
  expect(told(account, first)).toEqual(
    told(
      account,
      account.files.map((file) => file.first),
    ),
  );
  const { tables, ended, personsByCounty, dead } = account;
  expect(await holdings(database.owner, account)).toEqual({ tables, ended, personsByCounty, dead });

  const before = await digestOf(database.owner, account);
  const known = await deliverMonth(door, dir, account, database.owner);
  expect(known.every((one) => one.known)).toBe(true);
  const again = await deliverMonth(door, dir, account, database.owner, { onceMore: true });
  expect(again.map((one) => one.known)).toEqual(account.files.map(({ encoding }) => encoding === 'XLSX'));
  const isNew = (_: unknown, at: number): boolean => again[at]?.known === false;
  expect(told(account, again).filter(isNew)).toEqual(
    told(
      account,
      account.files.map((file) => file.again),
    ).filter(isNew),
  );
  expect(await digestOf(database.owner, account)).toEqual(before);
}, 300_000);

const told = (
  { files }: MonthAccount,
  outcomes: readonly Pick<MonthAccount['files'][number]['first'], 'counts' | 'findings'>[],
) => files.map(({ file }, at) => ({ file, counts: outcomes[at]?.counts, findings: outcomes[at]?.findings }));
