/** Rows of a CSV file of grants. A row that cannot be read is a row of its own and swallows no other one. */
import type { Line } from '../../platform/csv/lines.ts';
import { CSV_FAULTS, readCsv } from '../../platform/csv/rows.ts';
import { readHeaders, HeaderError } from './headers.ts';
import type { Field } from './headers.ts';

/** What the hub takes of one row. */
export type Item = Partial<Record<Field, string>>;

/** A row of the file: an item, or why it is none. */
export interface Row {
  /** Line on which the row starts; the header is on line 1. */
  readonly line: number;
  /** Bytes of the file read so far. */
  readonly bytes: number;
  readonly item?: Item;
  readonly fault?: string;
}

/** Cells in which people write more than one line; undefined stands for columns that only readers need. */
const FREE_TEXT: ReadonlySet<Field | undefined> = new Set([undefined, 'kindDescription', 'fundSource']);

/**
 * The rows below the header, blank ones left out. Throws HeaderError when there is no header on the first line or it cannot
 * be used.
 */
export async function* readRows(lines: AsyncIterable<readonly Line[]>): AsyncGenerator<Row> {
  let fields: readonly (Field | undefined)[] = [];
  const rows = readCsv(lines, ([header]) => {
    if (header === undefined || header.cells.length === 0)
      throw new HeaderError('文件首行应为表头 The first line of the file must be its header.');
    const named = (fields = readHeaders(header.cells));
    return {
      above: header.lines,
      rowsAbove: 1,
      delimiter: header.delimiter,
      width: named.length,
      mayBreak: (column) => FREE_TEXT.has(named[column]),
    };
  });
  for await (const some of rows)
    for (const { line, bytes, ...row } of some)
      yield row.fault === undefined
        ? { line, bytes, item: toItem(fields, row.cells) }
        : { line, bytes, fault: CSV_FAULTS[row.fault] };
}

function toItem(fields: readonly (Field | undefined)[], cells: readonly string[]): Item {
  const item: Item = {};
  fields.forEach((field, i) => {
    const cell = cells[i];
    if (field !== undefined && cell !== undefined) item[field] = plainCell(cell);
  });
  return item;
}

/** Spreadsheets keep long numbers as text by a tab or an apostrophe in front. */
const plainCell = (cell: string): string => cell.replace(/^[\t']+|[\t]+$/g, '').trim();
