/**
 * XLSX, a format that is read as a whole: in a thread of its own, so that nobody waits for it, and with bounds, since a small
 * archive may hold anything. The first sheet counts; larger files come as CSV.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RawRow, RowFault } from '../record-kind.ts';
import type { ArrivedFile } from './arrived-file.ts';
import { FileError, fieldsOf, isShortened } from './sheet-header.ts';
import type { Template, TemplateColumn } from './template.ts';

/** Rows of a sheet below its header. */
export const MOST_XLSX_ROWS = 50_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Bytes of all parts unpacked, by what the archive itself says; one that lies is stopped by memory and time. */
const MOST_UNPACKED = 256 * 1024 * 1024;
/** By which the process may grow meanwhile, and how long it may take. */
const MOST_GROWTH = 1536 * 1024 * 1024;
const HEAP_MB = 1024;
const LOOK = 50; // ms
const LONGEST = 120_000; // ms
const PART = 1_000;
/** A header stands among the first rows. */
const TOP = 30;

/** A cell: text, a day, a number as its digits stand in the file, or nothing. */
type Cell = string | boolean | { readonly date: string } | { readonly number: string } | null;

type Said = { readonly rows: readonly (readonly Cell[])[] } | { readonly count: number } | { readonly fault: true };

// Plain JavaScript: a thread is started from what Node itself can read, compiled or not.
const THREAD = `
const { parentPort, workerData: { library, bytes, most } } = require('node:worker_threads');
const plain = (cell) => !(cell instanceof Date) ? cell : isNaN(cell) ? null : { date: cell.toISOString().slice(0, 10) };
import(library)
  .then(({ readSheet }) => readSheet(Buffer.from(bytes), { parseNumber: (number) => ({ number }) }))
  .then((rows) => (rows.length > most ? { count: rows.length } : { rows: rows.map((cells) => cells.map(plain)) }), () => ({ fault: true }))
  .then((said) => { parentPort.postMessage(said); });
`;

/** The rows of the first sheet below its header. Throws HeaderError and FileError. */
export async function* readXlsx(file: ArrivedFile, template: Template): AsyncGenerator<readonly RawRow[]> {
  const rows = await sheetOf(file);
  const { header, fields } = fieldsOf(
    rows.slice(0, TOP).map((cells) => cells.map(shown)),
    template,
  );
  if (rows.length - header - 1 > MOST_XLSX_ROWS) throw tooLarge();
  const columns = fields.map((field) => template.columns.find((column) => column.field === field));
  for (let at = header + 1; at < rows.length; at += PART) {
    const part = rows.slice(at, at + PART).flatMap((cells, n) => toRow(at + n + 1, cells, columns) ?? []);
    if (part.length > 0) yield part;
  }
}

async function sheetOf(file: ArrivedFile): Promise<readonly (readonly Cell[])[]> {
  if (file.bytes > MOST_BYTES) throw tooLarge();
  const bytes: Buffer[] = [];
  for await (const chunk of file.read()) bytes.push(chunk);
  const whole = Buffer.concat(bytes);
  if (unpackedSize(whole) > MOST_UNPACKED) throw tooLarge();
  const said = await inThread(whole);
  if ('rows' in said) return said.rows;
  if ('count' in said) throw tooLarge();
  // What the library says may hold a part of the file.
  throw new FileError(
    '无法读取该 XLSX 文件，请重新另存，或另存为 CSV · The XLSX file cannot be read: save it anew, or as CSV.',
  );
}

/** The directory of an archive stands at its end (APPNOTE 4.3): 46 bytes and three texts for each part. */
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const PART_OF_DIRECTORY = 0x02014b50;

/** The sum of the sizes that the directory says; 0 where there is none that can be read. */
function unpackedSize(archive: Buffer): number {
  const end = archive.lastIndexOf(END_OF_DIRECTORY);
  if (end === -1 || end + 20 > archive.length) return 0;
  let size = 0;
  for (let at = archive.readUInt32LE(end + 16); at + 46 <= end && archive.readUInt32LE(at) === PART_OF_DIRECTORY;) {
    size += archive.readUInt32LE(at + 24);
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return size;
}

const tooLarge = (): FileError =>
  new FileError(
    `XLSX 文件超过 ${MOST_XLSX_ROWS} 行，请另存为 CSV · An XLSX file has at most ${MOST_XLSX_ROWS} rows: save as CSV.`,
  );

async function inThread(bytes: Buffer): Promise<Said> {
  const library = pathToFileURL(createRequire(import.meta.url).resolve('read-excel-file/node')).href;
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: { library, bytes, most: MOST_XLSX_ROWS + TOP },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const before = process.memoryUsage.rss();
  const ended = new AbortController();
  /** What is unpacked lies outside the thread's heap. */
  const grown = async (): Promise<Said> => {
    for (let waited = 0; waited < LONGEST; waited += LOOK) {
      await sleep(LOOK, undefined, { signal: ended.signal });
      if (process.memoryUsage.rss() - before > MOST_GROWTH) break;
    }
    return { count: MOST_XLSX_ROWS + 1 };
  };
  try {
    return await Promise.race([
      new Promise<Said>((resolve) => {
        worker.once('message', resolve);
        worker.once('error', () => {
          resolve({ count: MOST_XLSX_ROWS + 1 });
        });
      }),
      grown(),
    ]);
  } finally {
    ended.abort();
    await worker.terminate();
  }
}

function toRow(
  rowNo: number,
  cells: readonly Cell[],
  columns: readonly (TemplateColumn | undefined)[],
): RawRow | undefined {
  const texts: Record<string, string> = {};
  const faults: RowFault[] = [];
  if (cells.every((cell) => shown(cell) === '')) return undefined;
  cells.forEach((cell, at) => {
    const column = columns[at];
    const text = column === undefined ? '' : textOf(cell, column);
    if (column === undefined || text === '') return;
    texts[column.field] = text;
    if (isSpoiled(cell, column)) faults.push({ field: column.field, code: 'SPOILED_NUMBER' });
  });
  return faults.length === 0 ? { rowNo, cells: texts } : { rowNo, cells: texts, faults };
}

/** A spreadsheet keeps 15 digits of a number and none of the zeros before it; text may be what was left of one. */
function isSpoiled(cell: Cell, { example }: TemplateColumn): boolean {
  if (typeof cell === 'string') return isShortened(cell.trim());
  if (cell === null || typeof cell !== 'object' || 'date' in cell) return false;
  const value = Number(cell.number);
  return Math.abs(value) >= 1e15 || (/^0\d+$/.test(example) && shown(cell).length < example.length);
}

/** A month that was typed into a spreadsheet is kept there as its first day. */
const textOf = (cell: Cell, { month }: TemplateColumn): string =>
  month && cell !== null && typeof cell === 'object' && 'date' in cell ? cell.date.slice(0, 7) : shown(cell);

function shown(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell.trim();
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  if ('date' in cell) return cell.date;
  const value = Number(cell.number);
  // Binary fractions: 1150.1 is stored as 1150.0999999999999.
  return Number.isFinite(value) && Math.abs(value) < 1e15 ? String(Number(value.toPrecision(15))) : cell.number;
}
