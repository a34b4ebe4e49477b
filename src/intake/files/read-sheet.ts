/** The rows of a file that was delivered, by its template: CSV or XLSX, told apart by their first bytes. */
import { readLines } from '../../platform/csv/lines.ts';
import type { CsvLayout, TopRow } from '../../platform/csv/rows.ts';
import type { RawRow, RowFault } from '../record-kind.ts';
import type { ArrivedFile } from './arrived-file.ts';
import type { Template } from './template.ts';
import { FileError, fieldsOf, isShortened } from './sheet-header.ts';
import { readXlsx } from './xlsx.ts';

/**
 * The rows below the header, blank ones left out, some at a time, numbered as a spreadsheet numbers them; a row that cannot be
 * read is one of them. Throws HeaderError and FileError, both before the first row.
 */
export function readSheet(file: ArrivedFile, template: Template): AsyncIterable<readonly RawRow[]> {
  return { [Symbol.asyncIterator]: () => rowsOf(file, template) };
}

async function* rowsOf(file: ArrivedFile, template: Template): AsyncGenerator<readonly RawRow[]> {
  if (file.format === 'OTHER')
    throw new FileError(
      '只接受 CSV 和 .xlsx 文件；旧版 .xls 请另存为 .xlsx · Only CSV and XLSX are read; save an old .xls file as .xlsx.',
    );
  if (file.format === 'XLSX') {
    yield* readXlsx(file, template);
    return;
  }
  let fields: readonly (string | undefined)[] = [];
  // Loaded with the first file: most processes of a hub never read one.
  const { readCsv } = await import('../../platform/csv/rows.ts');
  const rows = readCsv(readLines(file.read(), file.encoding), (top) => {
    const found = layoutOf(top, template);
    fields = found.fields;
    return found.layout;
  });
  for await (const some of rows) {
    yield some.map(({ row: rowNo, ...row }): RawRow => {
      if (row.fault !== undefined) return { rowNo, unreadable: 'UNREADABLE_ROW' };
      const cells: Record<string, string> = {};
      const faults: RowFault[] = [];
      for (let at = 0; at < fields.length; at += 1) {
        const field = fields[at];
        const text = plainCell(row.cells[at] ?? '');
        if (field === undefined || text === '') continue;
        cells[field] = text;
        if (isShortened(text)) faults.push({ field, code: 'SPOILED_NUMBER' });
      }
      return faults.length === 0 ? { rowNo, cells } : { rowNo, cells, faults };
    });
  }
}

function layoutOf(
  top: readonly TopRow[],
  template: Template,
): { readonly layout: CsvLayout; readonly fields: readonly (string | undefined)[] } {
  const { header, fields } = fieldsOf(
    top.map(({ cells }) => cells),
    template,
  );
  const { lines = 0, delimiter = ',' } = top[header] ?? {};
  const prose = fields.map((field) => template.columns.find((column) => column.field === field)?.prose ?? true);
  return {
    fields,
    layout: {
      above: lines,
      rowsAbove: header + 1,
      delimiter,
      width: fields.length,
      mayBreak: (at) => prose[at] === true,
    },
  };
}

const SPECIAL = /^[\s'=]|\s$/;

/** Spreadsheets keep long numbers as text by a tab or an apostrophe in front, exports by an equals sign around: ="0012". */
function plainCell(cell: string): string {
  if (!SPECIAL.test(cell)) return cell;
  const text = cell.replace(/^[\t']+/, '').trim();
  return /^="[^"]*"$/.test(text) ? text.slice(2, -1) : text;
}
