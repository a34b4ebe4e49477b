/** Rows of a CSV file. A row that cannot be read is a row of its own and swallows no other one. */
import { parse } from 'csv-parse/sync';
import { LONGEST_LINE } from './lines.ts';
import type { Line } from './lines.ts';

/** Why a row cannot be read. */
export type CsvFault = keyof typeof CSV_FAULTS;

/** What is said of a row that cannot be read; never what stands in it. */
export const CSV_FAULTS = {
  quotes: '引号不成对或位置有误，请更正该行 · Quotation marks do not pair up',
  columns: '列数与表头不符，请更正该行 · Not as many cells as the header has',
  long: '该行过长 · The row is too long',
} as const;

/** A row below the header: its cells, as many as the header has, or why it has none. */
export type CsvRow = {
  /** Line on which the row starts, from 1. */
  readonly line: number;
  /** Number of the row as a spreadsheet shows it: a row of several lines counts once. */
  readonly row: number;
  /** Bytes of the file read so far. */
  readonly bytes: number;
} & ({ readonly cells: readonly string[]; readonly fault?: never } | { readonly fault: CsvFault });

/** How the rows of a file are laid out. */
export interface CsvLayout {
  /** Lines down to the header, itself included. */
  readonly above: number;
  /** Rows down to the header, itself included. */
  readonly rowsAbove: number;
  readonly delimiter: Delimiter;
  /** Cells of a row. */
  readonly width: number;
  /** Whether people write more than one line into a cell of this column. */
  readonly mayBreak: (column: number) => boolean;
}

/** What may stand between two cells. */
export type Delimiter = ',' | ';' | '\t';

/** A row among the first lines of a file, where its header is looked for. */
export interface TopRow {
  readonly cells: readonly string[];
  readonly delimiter: Delimiter;
  /** Lines down to the end of the row. */
  readonly lines: number;
}

/** A cell may hold line ends, but an opening quote that nobody closes must not take the rest of the file with it. */
const MOST_LINES_OF_A_ROW = 50;
/** Above a header stand a title and perhaps who filled the table in, and when. */
const MOST_LINES_OF_THE_TOP = 30;
const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/**
 * The rows below the header, blank ones left out, some at a time. `layOut` is shown the first rows of the file and says
 * where its header is; what it throws is thrown.
 *
 * A quote left open is found by its consequences: if the lines up to the one that closes it do not make a row of as many
 * cells as the header has, then its line alone is at fault, and reading goes on with the next line.
 */
export async function* readCsv(
  lines: AsyncIterable<readonly Line[]>,
  layOut: (top: readonly TopRow[]) => CsvLayout,
): AsyncGenerator<readonly CsvRow[]> {
  let layout: CsvLayout | undefined;
  let waiting: readonly Line[] = [];
  let extra = 0;
  const start = (): CsvLayout => {
    const found = layOut(topRows(waiting));
    waiting = waiting.slice(found.above);
    extra = found.above - found.rowsAbove;
    return found;
  };
  for await (const more of lines) {
    waiting = waiting.length === 0 ? more : [...waiting, ...more];
    if (layout === undefined) {
      if (waiting.length < MOST_LINES_OF_THE_TOP) continue;
      layout = start();
    }
    // The last lines wait for those that may belong to them.
    const some = rowsOf(waiting, layout, { end: waiting.length - MOST_LINES_OF_A_ROW, extra });
    waiting = waiting.slice(some.taken);
    extra = some.extra;
    if (some.rows.length > 0) yield some.rows;
  }
  layout ??= start();
  const { rows } = rowsOf(waiting, layout, { end: waiting.length, extra });
  if (rows.length > 0) yield rows;
}

/** The rows at the top of a file, each with the delimiter that makes the most cells of it. */
function topRows(lines: readonly Line[]): readonly TopRow[] {
  const rows: TopRow[] = [];
  const top = lines.slice(0, MOST_LINES_OF_THE_TOP);
  for (let at = 0; at < top.length;) {
    let text = top[at]?.text ?? '';
    let next = at + 1;
    // A header cell may be written on two lines.
    while (!isClosed(text) && next < top.length && next - at < 5) text += `\n${top[next++]?.text ?? ''}`;
    if (!isClosed(text)) [text, next] = [top[at]?.text ?? '', at + 1];
    const best = DELIMITERS.map((delimiter) => ({ delimiter, cells: cellsOf(text, delimiter) ?? [] })).reduce((a, b) =>
      b.cells.length > a.cells.length ? b : a,
    );
    rows.push({ ...best, lines: next });
    at = next;
  }
  return rows;
}

/**
 * Rows that begin on the first `end` lines, and how many lines they took. `extra` lines more than rows there were above, and
 * are now.
 */
function rowsOf(
  lines: readonly Line[],
  layout: CsvLayout,
  { end, extra: above }: { readonly end: number; readonly extra: number },
): { readonly rows: readonly CsvRow[]; readonly taken: number; readonly extra: number } {
  const rows: CsvRow[] = [];
  const { delimiter, width } = layout;
  let at = 0;
  let extra = above;
  const place = ({ number: line, bytes }: Line) => ({ line, row: line - extra, bytes });
  const add = (line: Line, cells: readonly string[] | undefined): void => {
    if (cells === undefined) rows.push({ ...place(line), fault: 'quotes' });
    else if (cells.every((cell) => cell.trim() === '')) return;
    else if (cells.length === width) rows.push({ ...place(line), cells });
    // Some programs end each line with a delimiter.
    else if (cells.length > width && cells.slice(width).every((cell) => cell.trim() === ''))
      rows.push({ ...place(line), cells: cells.slice(0, width) });
    else rows.push({ ...place(line), fault: 'columns' });
  };
  while (at < end) {
    const first = lines[at];
    if (first === undefined) break;
    if (first.text.length > LONGEST_LINE) {
      rows.push({ ...place(first), fault: 'long' });
      at += 1;
    } else if (isClosed(first.text)) {
      const closed = closedFrom(lines, at, end);
      const cells = cellsOfEach(closed, delimiter);
      closed.forEach((line, n) => {
        add(line, cells[n]);
      });
      at += closed.length;
    } else {
      const whole = closedBelow(lines, at, layout);
      add(first, whole?.cells);
      at += whole?.lines ?? 1;
      extra += (whole?.lines ?? 1) - 1;
    }
  }
  return { rows, taken: at, extra };
}

/** The lines from here on that are each a row of their own. */
function closedFrom(lines: readonly Line[], from: number, end: number): readonly Line[] {
  let to = from;
  for (let line = lines[to]; to < end && line !== undefined; line = lines[(to += 1)])
    if (line.text.length > LONGEST_LINE || !isClosed(line.text)) break;
  return lines.slice(from, to);
}

/** The cells of lines that are each a row; undefined for one with a quote where none may be. */
function cellsOfEach(lines: readonly Line[], delimiter: Delimiter): readonly (readonly string[] | undefined)[] {
  if (lines.some(({ text }) => text.includes('"'))) {
    // Quotes pair up on every line, so no row reaches beyond its own.
    const all = parsed(lines.map(({ text }) => text).join('\n'), delimiter, '\n');
    if (all?.length === lines.length) return all;
  }
  return lines.map(({ text }) => cellsOf(text, delimiter));
}

/**
 * The cells of a row that goes on below its first line; takes those lines only when they make one row beyond doubt: two
 * stray quotes some rows apart can look like one long cell, too.
 */
function closedBelow(
  lines: readonly Line[],
  at: number,
  { delimiter, width, mayBreak }: CsvLayout,
): { readonly cells: readonly string[]; readonly lines: number } | undefined {
  let text = lines[at]?.text ?? '';
  for (let n = 1; n <= MOST_LINES_OF_A_ROW; n += 1) {
    const next = lines[at + n];
    if (next === undefined) return undefined;
    text += `\n${next.text}`;
    if (text.length > LONGEST_LINE) return undefined;
    if (!isClosed(text)) {
      if (isClosed(next.text) && cellsOf(next.text, delimiter)?.length === width) return undefined;
      continue;
    }
    const cells = cellsOf(text, delimiter);
    if (cells?.length !== width) return undefined;
    return cells.some((cell, i) => cell.includes('\n') && !mayBreak(i)) ? undefined : { cells, lines: n + 1 };
  }
  return undefined;
}

/** Whether quotes pair up; a doubled one inside a cell counts twice and changes nothing. */
function isClosed(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 0;
}

/** The cells of one row; undefined where a quote stands that may not. */
function cellsOf(text: string, delimiter: Delimiter): readonly string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter);
  return parsed(text, delimiter, '\0')?.[0];
}

function parsed(text: string, delimiter: Delimiter, end: string): readonly (readonly string[])[] | undefined {
  try {
    return parse(text, { delimiter, relax_column_count: true, record_delimiter: end });
  } catch {
    return undefined;
  }
}
