/** Rows of a CSV file. A row that cannot be read is a row of its own and swallows no other one. */
import { parse } from 'csv-parse/sync';
import { readHeaders, HeaderError } from './headers.ts';
import type { Field } from './headers.ts';
import { LONGEST_LINE } from './lines.ts';
import type { Line } from './lines.ts';

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

/** A cell may hold line ends, but an opening quote that nobody closes must not take the rest of the file with it. */
const MOST_LINES_OF_A_ROW = 50;

/** What is said of a row that cannot be read; never what stands in it. */
const FAULTS = {
  quotes: '引号不成对或位置有误，请更正该行 · Quotation marks do not pair up',
  columns: '列数与表头不符，请更正该行 · Not as many cells as the header has',
  long: '该行过长 · The row is too long',
} as const;

/** Cells in which people write more than one line; undefined stands for columns that only readers need. */
const FREE_TEXT: ReadonlySet<Field | undefined> = new Set([undefined, 'kindDescription', 'fundSource']);

/**
 * The rows below the header, blank ones left out. Throws HeaderError when there is no header or it cannot be used.
 *
 * A quote left open is found by its consequences: if the lines up to the one that closes it do not make a row of as many
 * cells as the header has, then its line alone is at fault, and reading goes on with the next line.
 */
export async function* readRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  const ahead = new Lookahead(lines);
  try {
    yield* rowsBelowHeader(ahead);
  } finally {
    await ahead.close();
  }
}

async function* rowsBelowHeader(ahead: Lookahead): AsyncGenerator<Row> {
  const header = await ahead.shift();
  const cells = header === undefined ? undefined : cellsOf(header.text);
  if (cells === undefined) throw new HeaderError('文件首行应为表头 The first line of the file must be its header.');
  const fields = readHeaders(cells);
  for (let first = await ahead.shift(); first !== undefined; first = await ahead.shift()) {
    const at = { line: first.number, bytes: first.bytes };
    if (first.text.length > LONGEST_LINE) {
      yield { ...at, fault: FAULTS.long };
      continue;
    }
    const whole = isClosed(first.text) ? cellsOf(first.text) : await closedBelow(first.text, ahead, fields);
    if (whole === undefined) yield { ...at, fault: FAULTS.quotes };
    else if (whole.every((cell) => cell.trim() === '')) continue;
    else if (whole.length === fields.length) yield { ...at, item: toItem(fields, whole) };
    else yield { ...at, fault: FAULTS.columns };
  }
}

/**
 * The cells of a row that goes on below its first line; takes those lines only when they make one row beyond doubt: two
 * stray quotes some rows apart can look like one long cell, too.
 */
async function closedBelow(
  first: string,
  ahead: Lookahead,
  fields: readonly (Field | undefined)[],
): Promise<readonly string[] | undefined> {
  let text = first;
  for (let n = 0; n < MOST_LINES_OF_A_ROW; n += 1) {
    const next = await ahead.peek(n);
    if (next === undefined) return undefined;
    text += `\n${next.text}`;
    if (text.length > LONGEST_LINE) return undefined;
    if (!isClosed(text)) {
      if (isClosed(next.text) && cellsOf(next.text)?.length === fields.length) return undefined;
      continue;
    }
    const cells = cellsOf(text);
    if (cells?.length !== fields.length) return undefined;
    if (cells.some((cell, i) => cell.includes('\n') && !FREE_TEXT.has(fields[i]))) return undefined;
    ahead.drop(n + 1);
    return cells;
  }
  return undefined;
}

/** Whether quotes pair up; a doubled one inside a cell counts twice and changes nothing. */
function isClosed(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 0;
}

function cellsOf(text: string): readonly string[] | undefined {
  if (text.trim() === '') return [''];
  try {
    const [cells] = parse(text, { relax_column_count: true, record_delimiter: '\0' });
    return cells;
  } catch {
    return undefined;
  }
}

function toItem(fields: readonly (Field | undefined)[], cells: readonly string[]): Item {
  const item: Item = {};
  fields.forEach((field, i) => {
    const cell = cells[i];
    // Spreadsheets keep long numbers as text by a tab or an apostrophe in front.
    if (field !== undefined && cell !== undefined) item[field] = cell.replace(/^[\t']+|[\t]+$/g, '').trim();
  });
  return item;
}

/** Lines of which some more may be looked at before they are taken. */
class Lookahead {
  readonly #lines: AsyncIterator<Line>;
  readonly #seen: Line[] = [];

  constructor(lines: AsyncIterable<Line>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** The line so many below the next one. */
  async peek(n: number): Promise<Line | undefined> {
    while (this.#seen.length <= n) {
      const next = await this.#lines.next();
      if (next.done === true) return undefined;
      this.#seen.push(next.value);
    }
    return this.#seen[n];
  }

  drop(count: number): void {
    this.#seen.splice(0, count);
  }

  async shift(): Promise<Line | undefined> {
    const next = await this.peek(0);
    this.drop(1);
    return next;
  }

  /** Lets the file go, also when nobody wants the rest of it. */
  async close(): Promise<void> {
    await this.#lines.return?.();
  }
}
