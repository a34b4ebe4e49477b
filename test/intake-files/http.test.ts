/** Files over HTTP against a whole hub: who is let in, what is answered, and what is left when somebody goes. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import type { Bound } from '../../src/access/index.ts';
import { FAULTS } from '../../src/intake/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { HttpAnswer, TestHub } from '../harness/hub.ts';
import { exampleOf } from '../harness/installed.ts';
import { EXAMPLE, HEADER, lineOf, supplier } from './example.ts';
import type { Cells } from './example.ts';
import { toGb18030 } from './gb18030.ts';

const SUPPLY = { purpose: 'DATA_SUPPLY', purposes: ['DATA_SUPPLY'], caseNo: 'ED-DATA-1' } as const;
const own = supplier();
const housing = supplier('HOUSING');

let database: TestDatabase;
let hub: TestHub;
let dataDir: string;
beforeAll(async () => {
  database = await testDatabase();
  dataDir = testFolder('records');
  hub = await openHub(database, { settings: { HUB_DATA_DIR: dataDir, HUB_MAX_FILE: '2000000' } });
}, 120_000);
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const rowOf = (n: number, { key = `X-${String(n)}`, ...cells }: Cells & { key?: string } = {}): string =>
  lineOf(
    key,
    makeResidentId('620199', `20${String(10 + (n % 8))}-0${String(1 + (n % 9))}-15`, 100 + n),
    `孙${String.fromCodePoint(0x4e00 + n)}`,
    cells,
  );
const csv = (...rows: string[]): string => [HEADER, ...rows].join('\n');

interface Told {
  readonly known: boolean;
  readonly delivery: { readonly id: string; readonly state: string; readonly mode: string; readonly fileName: string };
  readonly links: { readonly result: string };
}

const send = (
  body: string | Buffer,
  { query = '?mode=delta', caller = own, record = EXAMPLE.record, headers = {} } = {},
): Promise<HttpAnswer> =>
  hub.send(`/records/${record}${query}`, body, { ...hub.headersOf(caller), 'content-type': 'text/csv', ...headers });
const told = ({ text }: HttpAnswer): Told => JSON.parse(text) as Told;
const codeOf = ({ json }: HttpAnswer): unknown => json.errors?.[0]?.extensions['code'];
const get = (path: string, caller: Bound = own): Promise<Response> =>
  fetch(`${hub.url}${path}`, { headers: hub.headersOf(caller) });

async function deliveriesOf(digest: Buffer): Promise<readonly string[]> {
  const { rows } = await database.owner.query<{ state: string }>(
    'select state from delivery where file_digest = $1 order by opened_at',
    [digest],
  );
  return rows.map(({ state }) => state);
}
const digestOf = (body: string): Buffer => createHash('sha256').update(body).digest();

test('a file is staged, and the same bytes again are the same delivery', async () => {
  const body = csv(rowOf(1), rowOf(2), rowOf(3, { word: '不存在的学段' }));
  const first = await send(body, {
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(EXAMPLE.name)}.csv` },
  });
  expect(first.status).toBe(201);
  expect(told(first)).toMatchObject({
    known: false,
    delivery: { state: 'STAGED', mode: 'DELTA', fileName: `${EXAMPLE.name}.csv`, counts: { rows: 3, faulty: 1 } },
    links: { result: `/deliveries/${told(first).delivery.id}/result.csv` },
  });
  const again = await send(body);
  expect(again.status).toBe(200);
  expect(told(again)).toMatchObject({ known: true, delivery: { id: told(first).delivery.id } });
  const asSnapshot = await send(body, { query: '?mode=snapshot&region=621122' });
  expect(asSnapshot.status).toBe(201);
});

test('encodings make no difference', async () => {
  const answer = await send(toGb18030(csv(rowOf(11), rowOf(12))));
  expect(told(answer)).toMatchObject({ delivery: { counts: { rows: 2, faulty: 0 } } });
});

test('the result file names row, key, field, code, reason and remedy, and runs nothing in a spreadsheet', async () => {
  const answer = await send(csv(rowOf(21), rowOf(22, { key: '=1+1', word: '无' }), 'too,few'));
  const response = await get(told(answer).links.result);
  expect(response.headers.get('content-type')).toContain('text/csv');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
  const [header, bad, short]: string[][] = parse(bytes, { bom: true });
  expect(header).toEqual(['行号', '业务编号', '字段', '代码', '原因', '处理办法']);
  expect(bad).toEqual(['3', "'=1+1", EXAMPLE.wordHeader, 'BAD_CODE', FAULTS.BAD_CODE.reason, FAULTS.BAD_CODE.remedy]);
  expect(short?.slice(0, 4)).toEqual(['4', '', '', 'UNREADABLE_ROW']);
});

test('header mistakes are a refusal that names them, and leave no delivery', async () => {
  const body = `${HEADER},性别,星座\n${rowOf(31)},女,狮子`;
  const answer = await send(body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  expect(answer.json.errors?.[0]?.message).toContain('“星座”');
  expect(await deliveriesOf(digestOf(body))).toEqual([]);
});

/** Somebody of a department who delivers nothing: a window where there is one, else a steward. */
const OTHER = exampleOf([
  { type: 'RelatedStatus', department: 'CIVIL_AFFAIRS' as const, record: 'PERSON', role: 'WINDOW' as const },
  { ...EXAMPLE, role: 'STEWARD' as const },
]);

test.each<[string, Parameters<typeof send>[1], number, string]>([
  ['nobody', { headers: { authorization: '' } }, 401, 'UNAUTHENTICATED'],
  [
    'who says not what for',
    { caller: callerOf(EXAMPLE.department, 'SYSTEM', { purposes: ['DATA_SUPPLY'] }) },
    403,
    'PURPOSE_NOT_ALLOWED',
  ],
  ['who has no case', { caller: { ...own, caseNo: '' } }, 400, 'BAD_REQUEST'],
  ['another department', { caller: housing }, 400, 'BAD_USER_INPUT'],
  [
    'a window',
    { caller: callerOf(OTHER.department, OTHER.role, SUPPLY), record: OTHER.record },
    403,
    'OPERATION_DENIED',
  ],
  ['of a record that is none', { record: 'SHOES' }, 400, 'BAD_USER_INPUT'],
  ['in no form that is read', { headers: { 'content-type': 'text/html' } }, 415, 'BAD_REQUEST'],
  ['packed', { headers: { 'content-encoding': 'gzip' } }, 415, 'BAD_REQUEST'],
  ['in an unknown mode', { query: '?mode=all' }, 400, 'BAD_USER_INPUT'],
  ['of tomorrow', { query: '?asOf=2199-01-01' }, 400, 'BAD_USER_INPUT'],
  ['of a day that is none', { query: '?asOf=2026-02-30' }, 400, 'BAD_USER_INPUT'],
  ['for a division of others', { query: '?region=110101' }, 400, 'BAD_USER_INPUT'],
  ['with a parameter that is none', { query: '?force=1' }, 400, 'BAD_USER_INPUT'],
])('a file of %s is refused', async (_who, how, status, code) => {
  const answer = await send(csv(rowOf(41)), how);
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});

test('whoever accepts anything gets the status of a refusal all the same', async () => {
  const answer = await send(csv(rowOf(42)), { record: 'SHOES', headers: { accept: '*/*' } });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  const { authorization = '' } = hub.headersOf(own);
  expect((await fetch(`${hub.url}/deliveries/x/result.csv`, { headers: { authorization } })).status).toBe(403);
});

test('a file beyond the bound is refused, announced or not', async () => {
  const answer = await send(Buffer.alloc(2_000_001, 'x'));
  expect([answer.status, answer.json.errors?.[0]?.extensions['bound']]).toEqual([413, 'file']);
  expect(await streamed([Buffer.alloc(1_000_000, 'x'), Buffer.alloc(1_000_001, 'x')])).toBe(413);
});

/** A body in pieces, without its length; the status, or undefined where the sender goes before the end. */
function streamed(pieces: readonly Buffer[], { cut = false } = {}): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sending = request(`${hub.url}/records/${EXAMPLE.record}`, {
      method: 'POST',
      headers: { ...hub.headersOf(own), 'content-type': 'text/csv' },
    });
    sending.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.once('error', () => {
      resolve(undefined);
    });
    void (async () => {
      for (const piece of pieces) {
        sending.write(piece);
        await sleep(50);
      }
      if (cut) sending.destroy();
      else sending.end();
    })();
  });
}

test('an upload that is cut in the middle leaves neither rows nor files', async () => {
  const before = await database.owner.query('select count(*) from delivery');
  const body = Buffer.from(csv(...Array.from({ length: 500 }, (_, n) => rowOf(100 + n))));
  expect(await streamed([body.subarray(0, 10_000)], { cut: true })).toBeUndefined();
  await sleep(300);
  expect((await database.owner.query('select count(*) from delivery')).rows).toEqual(before.rows);
  expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  const whole = await send(body);
  expect(told(whole)).toMatchObject({ known: false, delivery: { state: 'STAGED', counts: { rows: 500 } } });
});

test('the same file sent three times at once is one delivery', async () => {
  const body = csv(...Array.from({ length: 50 }, (_, n) => rowOf(700 + n)));
  const answers = await Promise.all([send(body), send(body), send(body)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await deliveriesOf(digestOf(body))).toEqual(['STAGED']);
});

test('templates are open to every caller, and list what the hub takes', async () => {
  const { records } = (await (await get('/records', housing)).json()) as { records: { record: string }[] };
  expect(records.map(({ record }) => record)).toContain(EXAMPLE.record);
  const empty = await get(`/records/${EXAMPLE.record}/template.csv`, housing);
  expect(Buffer.from(await empty.arrayBuffer()).toString()).toMatch(new RegExp(`^\ufeff${EXAMPLE.keyHeader},`));
  expect((await get(`/records/${EXAMPLE.record}/template.xlsx`, housing)).headers.get('content-type')).toContain(
    'spreadsheetml',
  );
  expect((await get('/records/SHOES/template.csv')).status).toBe(404);
  expect((await fetch(`${hub.url}/records`)).status).toBe(401);
});

test('another department finds neither the delivery nor its result', async () => {
  const { id } = told(await send(csv(rowOf(51)))).delivery;
  expect((await get(`/deliveries/${id}`)).status).toBe(200);
  for (const path of [`/deliveries/${id}`, `/deliveries/${id}/result.csv`, '/deliveries/x', '/deliveries/x/result.csv'])
    expect((await get(path, housing)).status).toBe(404);
});

test('nothing of a file is in the log', async () => {
  await send(csv(rowOf(61)));
  expect(hub.logged()).toContain('/records/:record');
  expect(hub.logged()).not.toMatch(/孙|6201992/);
});
