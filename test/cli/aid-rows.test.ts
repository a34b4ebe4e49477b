import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { readRows } from '../../src/cli/aid/rows.ts';
import type { Row } from '../../src/cli/aid/rows.ts';
import { detectEncoding } from '../../src/platform/csv/encoding.ts';
import { readLines } from '../../src/platform/csv/lines.ts';

const dir = mkdtempSync(join(tmpdir(), 'hub-rows-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const HEADER = '业务编号,身份证号,姓名,救助项目,救助方式,审批日期';
const row = (key: string, name = '王小明') => `${key},x,${name},教育救助,现金,2026-09-01`;

async function read(content: string | Buffer): Promise<Row[]> {
  const path = join(dir, `${Math.random()}.csv`);
  writeFileSync(path, content);
  const rows: Row[] = [];
  for await (const found of readRows(readLines(createReadStream(path), await detectEncoding(createReadStream(path)))))
    rows.push(found);
  return rows;
}

const shown = (rows: readonly Row[]) =>
  rows.map(({ line, item, fault }) => [line, item?.sourceKey ?? fault?.slice(0, 2)]);

// 业务编号 … in GB 18030, made with iconv, since Node only decodes it.
const GB_HEADER = Buffer.from(
  'd2b5cef1b1e0bac52cc9edb7ddd6a4bac52cd0d5c3fb2cbec8d6facfeec4bf2cbec8d6fab7bdcabd2cc9f3c5fac8d5c6da',
  'hex',
);
const GB_WANG = Buffer.from('cdf5d0a1c3f7', 'hex');

test('rows are numbered by their lines, blank ones left out', async () => {
  const rows = await read(`${HEADER}\n${row('a')}\n\n,,,,,\n  ,\t,,,,\n${row('b')}`);
  expect(shown(rows)).toEqual([
    [2, 'a'],
    [6, 'b'],
  ]);
});

test('a byte-order mark, carriage returns and a last line without end make no difference', async () => {
  const plain = await read(`${HEADER}\n${row('a')}\n${row('b')}\n`);
  const windows = await read(`\ufeff${HEADER}\r\n${row('a')}\r\n${row('b')}`);
  expect(windows.map(({ item }) => item)).toEqual(plain.map(({ item }) => item));
});

test('GB 18030 and UTF-16 are read like UTF-8', async () => {
  const utf8 = await read(`${HEADER}\n${row('a')}\n`);
  const gb = await read(
    Buffer.concat([GB_HEADER, Buffer.from('\na,x,'), GB_WANG, Buffer.from(',EDUCATION_AID,CASH,2026-09-01\n')]),
  );
  const utf16 = await read(Buffer.from(`\ufeff${HEADER}\n${row('a')}\n`, 'utf16le'));
  expect(gb[0]?.item).toMatchObject({ sourceKey: 'a', name: '王小明' });
  expect(utf16[0]?.item).toEqual(utf8[0]?.item);
});

test('a cell may hold commas, doubled quotes and line ends', async () => {
  const [first, second] = await read(`${HEADER},实物说明\n${row('a')},"王,""小""\n明"\n${row('b')},\n`);
  expect(first?.item?.kindDescription).toBe('王,"小"\n明');
  expect(second).toMatchObject({ line: 4, item: { sourceKey: 'b' } });
});

test.each([
  ['a quote that nobody closes', row('x', '"王小明')],
  ['a quote in the middle', row('x', '王"小明')],
  ['text after a closing quote', row('x', '"王"小明')],
  ['a cell too few', 'x,x,x'],
  ['a cell too many', `${row('x')},more`],
  ['a line without end', `x,${'9'.repeat(200_000)}`],
])('%s costs its own row and no other', async (_what, bad) => {
  const rows = await read([HEADER, row('a'), bad, ...Array.from({ length: 100 }, (_, n) => row(`b${n}`))].join('\n'));
  expect(rows).toHaveLength(102);
  expect(rows[1]).toMatchObject({ line: 3, fault: expect.any(String) });
  expect(rows[1]?.item).toBeUndefined();
  expect(rows.filter(({ item }) => item !== undefined)).toHaveLength(101);
});

test('two rows with an open quote each are two faults, and the rows between them stay', async () => {
  const rows = await read([HEADER, row('a', '"x'), row('b'), row('c', '"y'), row('d')].join('\n'));
  expect(shown(rows)).toEqual([
    [2, '引号'],
    [3, 'b'],
    [4, '引号'],
    [5, 'd'],
  ]);
});

test('two stray quotes that together look like one cell swallow nothing between them', async () => {
  const rows = await read(
    [`${HEADER},备注`, row('a', '"') + ',', row('b') + ',', row('c', '"') + ',', row('d') + ','].join('\n'),
  );
  expect(shown(rows)).toEqual([
    [2, '引号'],
    [3, 'b'],
    [4, '引号'],
    [5, 'd'],
  ]);
  const remarks = await read(
    [`${HEADER},备注`, row('a') + ',"', row('b') + ',', row('c') + ',"', row('d') + ','].join('\n'),
  );
  expect(shown(remarks)).toEqual([
    [2, '引号'],
    [3, 'b'],
    [4, '引号'],
    [5, 'd'],
  ]);
});

test('whatever a spreadsheet writes is read back, every row of it', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '王', '"', ',', '\n', ' ', '𬎆'), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (cells) => {
      const written = stringify(
        cells.map(([name, text]) => ['key', 'x', `n${name.replaceAll('\n', '')}`, 'p', 'm', 'd', text]),
      );
      const rows = await read(`${HEADER},实物说明\n${written}`);
      expect(rows.map(({ item }) => [item?.name, item?.kindDescription])).toEqual(
        cells.map(([name, text]) => [`n${name.replaceAll('\n', '')}`.trim(), text.trim()]),
      );
    }),
    { numRuns: 100 },
  );
});

test('an empty file and one without a usable header say what a header is', async () => {
  await expect(read('')).rejects.toThrow('header');
  await expect(read(`${row('a')}\n`)).rejects.toThrow('column missing: 业务编号');
});

test('signs by which spreadsheets keep numbers as text are no part of them', async () => {
  const [first] = await read(`${HEADER}\n${row('a').replace(',x,', ",\t'0001\t,")}\n`);
  expect(first?.item?.idNumber).toBe('0001');
});
