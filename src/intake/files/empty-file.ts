/** Empty files by a template, to be filled in by spreadsheets. What writes them is loaded with the first one. */
import type { Cell } from 'write-excel-file/node';
import type { Template, TemplateColumn } from './template.ts';

/** Rows below the header that are text from the start, so that numbers keep their zeros. */
const ROWS_OF_TEXT = 500;

/** The header row as CSV: UTF-8 with its mark, by which spreadsheets know it. */
export async function emptyCsv({ columns }: Template): Promise<Buffer> {
  const { stringify } = await import('csv-stringify/sync');
  return Buffer.from(stringify([columns.map(({ headers: [first] }) => first)], { bom: true }));
}

/** A sheet with the header row and cells formatted as text; the second one says what belongs where. */
export async function emptyXlsx({ title, columns }: Template): Promise<Buffer> {
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const blank = columns.map((): Cell => ({ type: String, value: ' ', format: '@' }));
  return writeExcelFile([
    {
      sheet: '数据',
      data: [columns.map(headerCell), ...Array.from({ length: ROWS_OF_TEXT }, () => blank)],
      columns: columns.map(({ headers: [first] }) => ({ width: Math.max(12, first.length * 2 + 4) })),
      stickyRowsCount: 1,
    },
    {
      sheet: '填写说明',
      data: [
        [{ value: title, fontWeight: 'bold' }],
        NOTES.map((value): Cell => ({ value, fontWeight: 'bold' })),
        ...columns.map(noteRow),
      ],
      columns: [18, 8, 40, 24, 60, 20].map((width) => ({ width })),
    },
  ]).toBuffer();
}

const NOTES = ['列名', '必填', '也可写作', '示例', '说明', '字段名'];

const headerCell = ({ headers: [first], required }: TemplateColumn): Cell => ({
  value: first,
  type: String,
  fontWeight: 'bold',
  ...(required ? { backgroundColor: '#FFF2CC' } : {}),
});

const noteRow = ({ field, headers: [first, ...others], required, example, note, title }: TemplateColumn): Cell[] =>
  [first, required ? '是' : '', others.join('、'), example, note === '' ? title : note, field].map((value): Cell => ({
    type: String,
    value,
  }));
