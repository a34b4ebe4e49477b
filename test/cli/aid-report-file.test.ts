/** A file against a hub that is slow, busy, gone or wrong: a stub, so that each of these can be had at will. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Tally } from '../../src/cli/aid/progress.ts';
import { reportFile } from '../../src/cli/aid/report-file.ts';
import type { FileReport, FileResult } from '../../src/cli/aid/report-file.ts';

type Sent = Readonly<Record<string, string>>;

/** What the stub does with one call: receipts, another answer, or a connection that breaks. */
type Reply = Answer | 'hang up' | 'as it should';
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

let dir: string;
let server: ReturnType<typeof createServer>;
let calls: Sent[][];
let replies: Reply[];
let notes: string[];
let headersSeen: NodeJS.Dict<string | string[]>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hub-report-'));
  [calls, replies, notes, headersSeen] = [[], [], [], {}];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      headersSeen = request.headers;
      const { variables } = JSON.parse(Buffer.concat(chunks).toString()) as { variables: { input: { items: Sent[] } } };
      const reply = replies.shift() ?? 'as it should';
      if (reply === 'hang up') return request.socket.destroy();
      if (reply !== 'as it should') {
        response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
        return response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
      }
      calls.push(variables.input.items);
      const results = variables.input.items.map(({ name, sourceKey }, index) =>
        name === '张三'
          ? { index, sourceKey, outcome: 'REJECTED', code: 'NO_MATCH', field: 'idNumber', remedy: '请核对' }
          : { index, sourceKey, outcome: 'RECORDED', code: null, field: null, remedy: null },
      );
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ data: { reportAid: { results } } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

const HEADER = '业务编号,身份证号,姓名,救助项目,救助方式,审批日期';
const row = (key: string, name = '王小明') => `${key},x,${name},教育救助,现金,2026-09-01`;
const busy = (code: string, status = 503): Answer => ({
  status,
  body: { errors: [{ message: 'Retry.', extensions: { code } }] },
});

async function report(lines: readonly string[], change: Partial<FileReport> & Partial<FileReport['to']> = {}) {
  const path = join(dir, 'grants.csv');
  const resultPath = join(dir, 'grants.result.csv');
  writeFileSync(path, lines.join('\n'));
  const tally: Tally = { rows: 0, recorded: 0, unchanged: 0, superseded: 0, pending: 0, rejected: 0, unreadable: 0 };
  const { batch = 2, officeRegion, ...to } = change;
  const run: Promise<FileResult> = reportFile(
    {
      path,
      resultPath,
      batch,
      officeRegion,
      openProgress: () => ({ update: () => undefined, note: (text) => notes.push(text), stop: () => undefined }),
      to: {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
        token: () => 'a.b.c',
        purpose: 'AID_REPORTING',
        caseNo: '甘教助〔2026〕12号',
        dryRun: false,
        patience: 20_000,
        stop: new AbortController().signal,
        abort: new AbortController().signal,
        ...to,
      },
    },
    tally,
  );
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const results: string[][] = parse(readFileSync(resultPath), { bom: true });
  return { tally, error, finished: error === undefined && (await run).finished, results };
}

test('each row has its line in the result file, in the order of the file', async () => {
  const { results, tally, finished } = await report([
    HEADER,
    row('a'),
    row('b', '张三'),
    row('c', '"'),
    row('=d'),
    'too,few',
    row('e'),
  ]);
  expect(results).toEqual([
    ['行号', '业务编号', '结果', '代码', '字段', '处理办法'],
    ['2', 'a', '已记录', '', '', ''],
    ['3', 'b', '拒收', 'NO_MATCH', '身份证号', '请核对'],
    ['4', '', '无法读取', 'BAD_ROW', '', expect.stringContaining('引号')],
    ['5', "'=d", '已记录', '', '', ''],
    ['6', '', '无法读取', 'BAD_ROW', '', expect.stringContaining('列数')],
    ['7', 'e', '已记录', '', '', ''],
  ]);
  expect(tally).toMatchObject({ rows: 6, recorded: 3, rejected: 1, unreadable: 2 });
  expect(finished).toBe(true);
  expect(calls.map((items) => items.map(({ sourceKey }) => sourceKey))).toEqual([['a', 'b'], ['=d'], ['e']]);
});

test('purpose, case and token travel with every call, a Chinese case number percent-encoded', async () => {
  await report([HEADER, row('a')]);
  expect(headersSeen).toMatchObject({
    authorization: 'Bearer a.b.c',
    'hub-purpose': 'AID_REPORTING',
    'hub-case': encodeURIComponent('甘教助〔2026〕12号'),
  });
});

test('the office of the command line stands in for rows without one', async () => {
  const lines = [`${HEADER},办理机构区划`, `${row('a')},620102`, `${row('b')},`];
  await report(lines, { officeRegion: '621122' });
  expect(calls.flat().map(({ officeRegion }) => officeRegion)).toEqual(['620102', '621122']);
});

test('a hub that is away, busy or restarting is waited for, and no batch is lost', async () => {
  const soon = { 'retry-after': '0' };
  replies = [
    'hang up',
    { ...busy('OVERLOADED'), headers: soon },
    { status: 502, body: '<html>', headers: soon },
    { ...busy('LEDGER_UNAVAILABLE', 200), headers: soon },
    'as it should',
    'hang up',
  ];
  const { results, finished } = await report([HEADER, row('a'), row('b'), row('c')]);
  expect(finished).toBe(true);
  expect(results.slice(1).map(([, key, outcome]) => `${key} ${outcome}`)).toEqual(['a 已记录', 'b 已记录', 'c 已记录']);
  expect(notes).toHaveLength(5);
  expect(notes[0]).toContain('UND_ERR_SOCKET');
});

test('the hub says how long to wait', async () => {
  replies = [{ ...busy('OVERLOADED'), headers: { 'retry-after': '0' } }];
  const begun = Date.now();
  expect((await report([HEADER, row('a')])).finished).toBe(true);
  expect(Date.now() - begun).toBeLessThan(400);
});

test.each<[string, Answer]>([
  [
    'a token that has run out',
    { status: 401, body: { errors: [{ message: 'Sign in first', extensions: { code: 'UNAUTHENTICATED' } }] } },
  ],
  ['a budget of misses that is spent', busy('TOO_MANY_MISSES', 429)],
  ['a page that is no hub', { status: 404, body: '<html>' }],
])('%s stops the report at once, and what was acknowledged is in the result file', async (_what, reply) => {
  replies = ['as it should', reply];
  const begun = Date.now();
  const { error, results, tally } = await report([HEADER, row('a'), row('b'), row('c')]);
  expect(String(error)).toMatch(/UNAUTHENTICATED|TOO_MANY_MISSES|HTTP 404/);
  expect(results.slice(1).map(([, key]) => key)).toEqual(['a', 'b']);
  expect(tally.rows).toBe(2);
  expect(Date.now() - begun).toBeLessThan(1_000);
});

test('after the patience is over the report stops', async () => {
  replies = Array.from({ length: 50 }, () => busy('OVERLOADED'));
  const { error } = await report([HEADER, row('a')], { patience: 300 });
  expect(String(error)).toContain('OVERLOADED');
});

test('an error of the hub is tried again a few times, since its database may be restarting, and then stops', async () => {
  const failed = { ...busy('INTERNAL', 500), headers: { 'retry-after': '0' } };
  replies = [failed, failed, 'as it should', ...Array.from({ length: 5 }, () => failed), 'as it should'];
  const { error, tally } = await report([HEADER, row('a'), row('b'), row('c')]);
  expect(String(error)).toContain('INTERNAL');
  expect(tally.rows).toBe(2);
  expect(replies).toEqual(['as it should']);
});

test('told to stop, it finishes the batch under way and ends there', async () => {
  const stop = new AbortController();
  server.prependListener('request', () => {
    stop.abort();
  });
  const { results, finished, error } = await report([HEADER, row('a'), row('b'), row('c')], { stop: stop.signal });
  expect(error).toBeUndefined();
  expect(finished).toBe(false);
  expect(results.slice(1).map(([, key]) => key)).toEqual(['a', 'b']);
});

test('told to stop while it waits for the hub, it does not wait any longer', async () => {
  replies = [{ ...busy('OVERLOADED'), headers: { 'retry-after': '15' } }];
  const stop = new AbortController();
  setTimeout(() => {
    stop.abort();
  }, 200);
  const begun = Date.now();
  const { error } = await report([HEADER, row('a')], { stop: stop.signal });
  expect(String(error)).toContain('OVERLOADED');
  expect(Date.now() - begun).toBeLessThan(5_000);
});
