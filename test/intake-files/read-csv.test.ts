import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { FileTooLargeError, spool } from '../../src/intake/files/arrived-file.ts';
import { toGb18030 } from './gb18030.ts';
import { inChunks, rowsOf } from './sheets.ts';

const HEADER = '学籍号,身份证号,姓名,入学日期,说明';
const TEXT = `${HEADER}\r\nX-1,,王小明,2026-09-01,走读\r\nX-2,,𬎆·买买提,2026/9/1,"住校,二人间"\r\n`;
const EXPECTED = [
  { rowNo: 2, cells: { sourceKey: 'X-1', name: '王小明', enrolledOn: '2026-09-01', note: '走读' } },
  { rowNo: 3, cells: { sourceKey: 'X-2', name: '𬎆·买买提', enrolledOn: '2026/9/1', note: '住校,二人间' } },
];

const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

test.each<[string, Buffer]>([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${TEXT}`)],
  ['GB 18030', toGb18030(TEXT)],
  ['UTF-16 with its mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16, the other way round', utf16be(TEXT)],
])('a file in %s is read, however its bytes are cut', async (_encoding, bytes) => {
  for (const size of [1, 3, 7, 65_536]) expect(await rowsOf(bytes, { size })).toEqual(EXPECTED);
});

test.each([',', ';', '\t'])('cells may be set apart by %j', async (delimiter) => {
  const text = TEXT.replace('"住校,二人间"', '住校').replaceAll(',', delimiter);
  expect((await rowsOf(text)).map((row) => ('cells' in row ? row.cells['name'] : 'fault'))).toEqual([
    '王小明',
    '𬎆·买买提',
  ]);
});

test('one broken byte costs its own row at most, and no other is read in another encoding', async () => {
  const rows = Array.from({ length: 50 }, (_, n) => `X-${n},,王小明,,`);
  const bytes = Buffer.from([HEADER, ...rows].join('\n'));
  bytes[bytes.lastIndexOf('王') + 1] = 0x20;
  const names = (await rowsOf(bytes)).map((row) => ('cells' in row ? row.cells['name'] : 'fault'));
  expect(names.filter((name) => name === '王小明')).toHaveLength(49);
});

test('a file whose last character was cut off is still UTF-8', async () => {
  const bytes = Buffer.from(`${HEADER}\nX-1,,王小明,,走读`);
  const [row] = await rowsOf(bytes.subarray(0, -1));
  expect(row).toMatchObject({ cells: { name: '王小明' } });
});

test('a title above the header is passed over, and rows keep the numbers that a spreadsheet shows', async () => {
  const rows = await rowsOf(
    `2026年秋季学期学籍表,,,,\n填报单位：一中,,,,\n${HEADER}\nX-1,,王,,"走读\n市内"\nX-2,,李,,\n`,
  );
  expect(rows).toEqual([
    { rowNo: 4, cells: { sourceKey: 'X-1', name: '王', note: '走读\n市内' } },
    { rowNo: 5, cells: { sourceKey: 'X-2', name: '李' } },
  ]);
});

test('a row of another width, an open quote and an endless line are rows of their own', async () => {
  const bad = ['X-2,too,few', 'X-3,,"王,,', `X-4,${'9'.repeat(300_000)}`];
  const rows = await rowsOf([HEADER, 'X-1,,王,,', ...bad, 'X-5,,李,,'].join('\n'));
  expect(rows).toEqual([
    { rowNo: 2, cells: { sourceKey: 'X-1', name: '王' } },
    ...[3, 4, 5].map((rowNo) => ({ rowNo, unreadable: 'UNREADABLE_ROW' })),
    { rowNo: 6, cells: { sourceKey: 'X-5', name: '李' } },
  ]);
});

test('cells beyond the header that hold nothing are no fault', async () => {
  expect(await rowsOf(`${HEADER},,\nX-1,,王,,,,\nX-2,,李,,,\n`)).toHaveLength(2);
  expect(await rowsOf(`${HEADER}\nX-1,,王,,,more\n`)).toEqual([{ rowNo: 2, unreadable: 'UNREADABLE_ROW' }]);
});

test('a number that a spreadsheet shortened is told with its column', async () => {
  const [row] = await rowsOf(`${HEADER}\nX-1,6.20199E+17,王,,\n`);
  expect(row).toMatchObject({ faults: [{ field: 'idNumber', code: 'SPOILED_NUMBER' }] });
});

test('signs by which programs keep numbers as text are no part of them', async () => {
  const rows = await rowsOf(`${HEADER}\n"=""0012""",\t0012\t,'王,,\n`);
  expect(rows[0]).toMatchObject({ cells: { sourceKey: '0012', idNumber: '0012', name: '王' } });
});

test.each([
  ['unknown', `${HEADER},性别`, '未知列 unknown column: “性别”'],
  ['doubled', `${HEADER},学生姓名`, '重复列 column given twice: 姓名 (name)'],
  ['missing', '学籍号,身份证号', '缺少列 column missing: 姓名 (name)'],
])('an %s column is named together with those that are accepted', async (_what, header, said) => {
  await expect(rowsOf(`${header}\n`)).rejects.toThrow(said);
  await expect(rowsOf(`${header}\n`)).rejects.toThrow('* 学籍号 / sourceKey');
});

test('an empty file and one of pictures say what is missing, and nothing of what they hold', async () => {
  await expect(rowsOf('')).rejects.toThrow('header');
  await expect(rowsOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]))).rejects.toThrow('.xlsx');
  await expect(rowsOf('X-1,6201991990,王小明,2026-09-01,走读\n')).rejects.not.toThrow('6201991990');
});

test('whatever a spreadsheet writes is read back, every row of it, however it is cut', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '王', '"', ',', '\n', ' ', '𬎆'), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { minLength: 1, maxLength: 70 }),
      fc.integer({ min: 1, max: 99 }),
      async (notes, size) => {
        const written = stringify(notes.map((note, n) => [`k${n}`, '', '王', '', note]));
        const rows = await rowsOf(`${HEADER}\n${written}`, { size });
        expect(rows.map((row) => ('cells' in row ? (row.cells['note'] ?? '') : 'fault'))).toEqual(
          notes.map((note) => note.trim()),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('a spooled file has no name that anybody could open, and none larger than allowed is kept', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'hub-spool-')), 'uploads');
  const file = await spool(inChunks(Buffer.from(TEXT), 10), { folder, most: 1_000 });
  expect(readdirSync(folder)).toEqual([]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(file).toMatchObject({ bytes: Buffer.byteLength(TEXT), encoding: 'utf-8' });
  await file.close();
  await expect(spool(inChunks(Buffer.alloc(1_001), 100), { folder, most: 1_000 })).rejects.toThrow(FileTooLargeError);
});
