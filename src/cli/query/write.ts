/** Rows on their way out: CSV or JSON lines, to standard output or to a file that is whole or not there. */
import { stringify } from 'csv-stringify';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cellsOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { QueryRow } from './pages.ts';

/** How rows are written. */
export type Writing =
  | { readonly format: 'jsonl' }
  | {
      readonly format: 'csv';
      readonly columns: readonly Column[];
      /** A byte order mark, without which Excel takes UTF-8 for something else. */
      readonly bom: boolean;
    };

/** Writes all rows; `out` is a file, undefined for standard output. A file appears under its name when it is whole. */
export async function writeRows(
  pages: AsyncIterable<readonly QueryRow[]>,
  writing: Writing,
  out: string | undefined,
): Promise<void> {
  if (out === undefined) {
    await send(pages, writing, process.stdout);
    return;
  }
  const draft = `${out}.part`;
  try {
    await send(pages, writing, createWriteStream(draft));
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function send(
  pages: AsyncIterable<readonly QueryRow[]>,
  writing: Writing,
  to: NodeJS.WritableStream,
): Promise<void> {
  // Standard output is not ours to end.
  const end = to !== process.stdout;
  if (writing.format === 'jsonl') {
    await pipeline(Readable.from(lines(pages)), to, { end });
    return;
  }
  const { columns, bom } = writing;
  const csv = stringify({
    header: true,
    columns: columns.map(({ name }) => name),
    bom,
    // A name that begins with = + - @ must not run as a formula in a spreadsheet.
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  await pipeline(Readable.from(records(pages, columns)), csv, to, { end });
}

async function* lines(pages: AsyncIterable<readonly QueryRow[]>): AsyncGenerator<string> {
  for await (const rows of pages) {
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
}

async function* records(
  pages: AsyncIterable<readonly QueryRow[]>,
  columns: readonly Column[],
): AsyncGenerator<readonly string[]> {
  for await (const rows of pages) for (const row of rows) yield cellsOf(row, columns);
}
