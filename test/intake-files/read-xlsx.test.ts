import { expect, test } from '@jest/globals';
import writeExcelFile from 'write-excel-file/node';
import type { Cell } from 'write-excel-file/node';
import { emptyCsv, emptyXlsx } from '../../src/intake/files/index.ts';
import type { Template } from '../../src/intake/files/index.ts';
import { PUPILS, rowsOf } from './sheets.ts';

const sheet = (...data: Cell[][]): Promise<Buffer> => writeExcelFile([{ sheet: '数据', data }]).toBuffer();
const HEADER = ['学籍号', '身份证号', '姓名', '入学日期', '说明', '备注'];
const day = (text: string): Cell => ({ type: Date, value: new Date(text), format: 'yyyy/mm/dd' });

test('text, numbers, dates and truth are read as they are meant, and rows keep their numbers', async () => {
  const rows = await rowsOf(
    await sheet(
      ['2026年秋季学期学籍表'],
      HEADER,
      ['X-1', null, ' 王小明 ', day('2026-09-01T00:00:00Z'), 12.5, '无'],
      [],
      [20_260_001, null, '李', day('2026-09-01T15:30:00Z'), true, null],
    ),
  );
  expect(rows).toEqual([
    { rowNo: 3, cells: { sourceKey: 'X-1', name: '王小明', enrolledOn: '2026-09-01', note: '12.5' } },
    { rowNo: 5, cells: { sourceKey: '20260001', name: '李', enrolledOn: '2026-09-01', note: '是' } },
  ]);
});

test('a number that the spreadsheet spoiled is told with its column', async () => {
  const zeros: Template = {
    ...PUPILS,
    columns: PUPILS.columns.map((column) => (column.field === 'sourceKey' ? { ...column, example: '000123' } : column)),
  };
  const rows = await rowsOf(
    await sheet(
      HEADER,
      [42, 6.2019919900101e17, '王'],
      [423_456, null, '李'],
      ['000042', null, '张'],
      ['000043', '6.20199E+17', '赵'],
    ),
    { template: zeros },
  );
  expect(rows.map((row) => ('faults' in row ? row.faults.map(({ field }) => field) : 'none'))).toEqual([
    ['sourceKey', 'idNumber'],
    'none',
    'none',
    ['idNumber'],
  ]);
});

test('a month that became a date is its month again', async () => {
  const template: Template = {
    ...PUPILS,
    columns: PUPILS.columns.map((column) => (column.field === 'note' ? { ...column, month: true } : column)),
  };
  const [row] = await rowsOf(await sheet(HEADER, ['X-1', null, '王', null, day('2026-03-01T00:00:00Z')]), { template });
  expect(row).toMatchObject({ cells: { note: '2026-03' } });
});

test('header mistakes are told as in a text file', async () => {
  await expect(rowsOf(await sheet(['学籍号', '姓名', '性别']))).rejects.toThrow('未知列 unknown column: “性别”');
});

test('a broken archive and one with something else in it say what to do', async () => {
  const whole = await sheet(HEADER, ['X-1', null, '王']);
  await expect(rowsOf(whole.subarray(0, whole.length / 2))).rejects.toThrow('CSV');
  await expect(rowsOf(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100, 7)]))).rejects.toThrow('CSV');
});

test.each(['csv', 'xlsx'])('an empty %s file has the headers that are read, and no row', async (form) => {
  const empty = await (form === 'csv' ? emptyCsv(PUPILS) : emptyXlsx(PUPILS));
  expect(await rowsOf(empty)).toEqual([]);
});
