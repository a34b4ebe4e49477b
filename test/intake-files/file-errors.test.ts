/** Each way in which a file can be wrong, over HTTP: what is told, with what to do, and that nothing of it is repeated or kept. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { zipSync } from 'fflate';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { openHub } from '../harness/hub.ts';
import type { HttpAnswer, TestHub } from '../harness/hub.ts';
import { EXAMPLE, HEADER, lineOf, supplier } from './example.ts';
import type { Cells } from './example.ts';

const own = supplier();

let database: TestDatabase;
let hub: TestHub;
beforeAll(async () => {
  database = await testDatabase();
  hub = await openHub(database, { settings: { HUB_MAX_FILE: '2000000' } });
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const row = (key: string, cells: Cells = {}): string => lineOf(key, '', '孙小一', { text: '某校', ...cells });
const send = (body: string | Buffer, { record = EXAMPLE.record, type = 'text/csv' } = {}): Promise<HttpAnswer> =>
  hub.send(`/records/${record}`, body, { ...hub.headersOf(own), 'content-type': type });
const deliveries = async (): Promise<number> =>
  (await database.owner.query<{ n: number }>('select count(*)::int as n from delivery')).rows[0]?.n ?? -1;

test.each<[string, string | Buffer, Parameters<typeof send>[1], number, readonly string[]]>([
  ['of an unknown record', `${HEADER}\n${row('A')}`, { record: 'SHOES' }, 400, ['must be one of', EXAMPLE.record]],
  ['of a wrong media type', `${HEADER}\n${row('A')}`, { type: 'text/html' }, 415, ['Send the file itself', 'text/csv']],
  ['with an unknown header', `${HEADER},星座\n${row('A')},狮`, {}, 400, ['未知列', '“星座”', '可用列']],
  ['without a required column', HEADER.replace('姓名,', ''), {}, 400, ['缺少列', '姓名 (name)', '可用列']],
  [
    'with two headers for one field',
    `${HEADER},公民身份号码\n${row('A')},`,
    {},
    400,
    ['重复列', '身份证号 (idNumber)'],
  ],
  ['with one header twice', `${HEADER},姓名\n${row('A')},孙`, {}, 400, ['重复列', '姓名 (name)']],
  ['without a header', row('A'), {}, 400, ['首行是否为表头', '可用列']],
  [
    'in UTF-16 without its mark',
    Buffer.from(`${HEADER}\n${row('A')}`, 'utf16le'),
    {},
    400,
    ['编码', '带标记的 UTF-16'],
  ],
  ['in Big5', Buffer.from('b77eb0c8bd73b8b92ca96da6570a312c320a', 'hex'), {}, 400, ['编码', 'GB 18030']],
  ['that is empty', '', {}, 400, ['没有表头', 'see the empty template']],
  ['of blank lines', '\n\n\n', {}, 400, ['没有表头']],
  ['of a byte mark alone', '\ufeff', {}, 400, ['没有表头']],
  ['that is too large', Buffer.alloc(2_000_001, 'x'), {}, 413, ['larger than 2000000 bytes', 'send it in parts']],
  ['of an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), {}, 400, ['请另存为 .xlsx']],
  ['of something else in an archive', Buffer.from(zipSync({ 'a.txt': Buffer.from('x') })), {}, 400, ['或另存为 CSV']],
])('a file %s is refused with what to do, and nothing is kept', async (_what, body, how, status, said) => {
  const before = await deliveries();
  const answer = await send(body, how);
  const [error] = answer.json.errors ?? [];
  expect(answer.status).toBe(status);
  for (const part of said) expect(error?.message).toContain(part);
  expect(error?.message).not.toMatch(/孙小一|621122/u);
  expect(await deliveries()).toBe(before);
});

test.each<[string, string | Buffer, string]>([
  ['too few cells', 'B,,孙', 'UNREADABLE_ROW'],
  [
    'broken bytes',
    Buffer.concat([Buffer.from('B,,'), Buffer.from([0xc3, 0x28]), Buffer.from(row('').slice(5))]),
    'any',
  ],
  ['an oversized cell', row('B', { text: 'x'.repeat(1_000_000) }), 'UNREADABLE_ROW'],
  ['a text beyond its field', row('B', { text: '校'.repeat(300) }), 'BAD_TEXT'],
  ['an open quote', row('B', { text: '"某校' }), 'UNREADABLE_ROW'],
])('%s cost their own row alone, which the result names with its remedy', async (_what, bad, code) => {
  const many = Array.from({ length: 200 }, (_, n) => row(`${_what}-${String(n)}`));
  const body = Buffer.concat([
    Buffer.from(`${HEADER}\n${many.slice(0, 100).join('\n')}\n`),
    Buffer.from(bad as string),
    Buffer.from(`\n${many.slice(100).join('\n')}\n`),
  ]);
  const answer = await send(body);
  expect(answer.status).toBe(201);
  const { delivery, links } = JSON.parse(answer.text) as {
    delivery: { counts: { rows: number; faulty: number } };
    links: { result: string };
  };
  expect(delivery.counts).toMatchObject({ rows: 201, faulty: 1 });
  const result = await fetch(`${hub.url}${links.result}`, { headers: hub.headersOf(own) });
  const [, finding]: string[][] = parse(await result.text(), { bom: true });
  expect(finding?.[0]).toBe('102');
  if (code !== 'any') expect(finding?.[3]).toBe(code);
  expect(finding?.[5]).toMatch(/ · /u);
});
