import { expect, test } from '@jest/globals';
import { COLUMNS, HeaderError, describeColumns, headerOf, readHeaders } from './headers.ts';

const required = COLUMNS.filter((column) => column.required).map(({ headers }) => headers[0]);
const faultsOf = (cells: readonly string[]): string => {
  try {
    readHeaders(cells);
    return '';
  } catch (error) {
    return error instanceof HeaderError ? error.message : 'another error';
  }
};

test('every header of every column leads to its field, in any width, case and spacing', () => {
  for (const { field, headers } of COLUMNS) {
    const spellings = [field, field.toUpperCase(), field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
    for (const header of [...headers, ...spellings]) {
      const cells = [...required.filter((name) => name !== headerOf(field)), ` ${header} `];
      expect(readHeaders(cells).at(-1)).toBe(field);
    }
  }
  expect(readHeaders([...required, '金额（元）', '备注', '序号']).slice(-3)).toEqual([
    'amountYuan',
    undefined,
    undefined,
  ]);
});

test('no header means two fields', () => {
  const all = COLUMNS.flatMap(({ headers }) => headers);
  expect(new Set(all).size).toBe(all.length);
});

test('an unknown, a doubled and a missing column are named together with the accepted ones', () => {
  const message = faultsOf([...required.slice(1), '姓名', '性别']);
  expect(message).toContain('“性别”');
  expect(message).toContain('column given twice: 姓名');
  expect(message).toContain('column missing: 业务编号');
  expect(message).toContain(describeColumns());
});

test('a file without a header row does not put its first row into the message', () => {
  const message = faultsOf(['JY-1', '6201991990', '王小明'.repeat(20)]);
  expect(message).not.toContain('6201991990');
  expect(message).toContain('is the first row a header?');
});
