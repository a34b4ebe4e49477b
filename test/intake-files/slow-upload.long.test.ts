/** A whole hub with its real times: a file may take longer than a minute, and nothing else may. */
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

const education = callerOf('EDUCATION', 'SYSTEM', {
  purpose: 'DATA_SUPPLY',
  purposes: ['DATA_SUPPLY'],
  caseNo: 'ED-DATA-1',
});
const HEADER = '业务编号,身份证号,姓名,户籍地区划代码,学段,学校标识码,学校名称,年级,是否寄宿,学期\n';
/** So long it takes, in s: longer than the minute and the five seconds after which the hub has looked. */
const TAKES = 75;

let database: TestDatabase;
let hub: TestHub;
beforeAll(async () => {
  database = await testDatabase();
  hub = await openHub(database, { settings: { HUB_DATA_DIR: testFolder('slow-records') } });
}, 120_000);
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const post = (path: string, type: string): ClientRequest =>
  request(`${hub.url}${path}`, { method: 'POST', headers: { ...hub.headersOf(education), 'content-type': type } });

const statusOf = (sending: ClientRequest): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    sending.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.once('error', reject);
  });

/** Sends a part each second, and ends after the last one. */
async function slowly(sending: ClientRequest, first: string, next: string): Promise<void> {
  sending.write(first);
  for (let second = 0; second < TAKES && !sending.destroyed; second += 1) {
    await sleep(1_000);
    sending.write(next);
  }
  sending.end();
}

test('a file that takes more than a minute arrives, an operation that does is cut off', async () => {
  const file = post('/records/STUDENT?mode=delta', 'text/csv');
  const operation = post('/graphql', 'application/json');
  void slowly(file, HEADER, 'X-1,,,,,,,,,\n');
  void slowly(operation, '{"query": "{ __typename }"', ' ');
  expect(await statusOf(operation)).toBe(408);
  expect(await statusOf(file)).toBe(201);
}, 120_000);
