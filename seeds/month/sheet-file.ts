/** Files as departments make them: encodings, separators and forms. CSV is written as it comes, so memory does not grow. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import writeExcelFile from 'write-excel-file/node';

/** How a file is written. */
export type Encoding = 'UTF-8' | 'UTF-8 with mark' | 'GB 18030' | 'UTF-16' | 'XLSX';

/** A file under way. */
export interface SheetFile {
  row(cells: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const PART = 1 << 16;

/** Begins a file. An XLSX is kept whole until it is closed. */
export function openSheetFile(path: string, encoding: Encoding, delimiter: ',' | ';' | '\t' = ','): SheetFile {
  if (encoding === 'XLSX') return openXlsx(path);
  const stream = createWriteStream(path);
  const encode = ENCODERS[encoding];
  if (encoding === 'UTF-8 with mark' || encoding === 'UTF-16') stream.write(encode('\ufeff'));
  let waiting = '';
  const send = async (): Promise<void> => {
    if (!stream.write(encode(waiting))) await once(stream, 'drain');
    waiting = '';
  };
  return {
    row: async (cells) => {
      waiting += `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`;
      if (waiting.length > PART) await send();
    },
    close: async () => {
      await send();
      stream.end();
      await finished(stream);
    },
  };
}

/** The bytes of an empty line at the end, by which the same rows are another file. */
export const emptyLine = (encoding: Exclude<Encoding, 'XLSX'>): Buffer => ENCODERS[encoding]('\r\n');

const quoted = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

function openXlsx(path: string): SheetFile {
  const rows: { type: StringConstructor; value: string }[][] = [];
  return {
    row: (cells) => {
      rows.push(cells.map((value) => ({ type: String, value })));
      return Promise.resolve();
    },
    close: () => writeExcelFile(rows).toFile(path),
  };
}

const ENCODERS: Readonly<Record<Exclude<Encoding, 'XLSX'>, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with mark': (text) => Buffer.from(text),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'GB 18030': toGb18030,
};

/** Two bytes by character: Node reads GB 18030 and does not write it, so the table is what its decoder says of all pairs. */
let pairs: Map<string, number> | undefined;

function pairsOf(): Map<string, number> {
  const decoder = new TextDecoder('gb18030');
  const found = new Map<string, number>();
  for (let first = 0x81; first <= 0xfe; first += 1)
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const text = decoder.decode(Buffer.from([first, second]));
      if (text.length === 1 && text !== '\ufffd' && !found.has(text)) found.set(text, first * 256 + second);
    }
  return found;
}

function toGb18030(text: string): Buffer {
  pairs ??= pairsOf();
  const bytes = Buffer.allocUnsafe(text.length * 4);
  let at = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const pair = pairs.get(character);
    if (point < 0x80) at = bytes.writeUInt8(point, at);
    else if (pair !== undefined) at = bytes.writeUInt16BE(pair, at);
    else if (point < 0x10000) throw new RangeError('A character of the first plane without two bytes.');
    else {
      const n = point - 0x10000 + 189_000;
      at = bytes.writeUInt8(0x81 + Math.floor(n / 12_600), at);
      at = bytes.writeUInt8(0x30 + (Math.floor(n / 1_260) % 10), at);
      at = bytes.writeUInt8(0x81 + (Math.floor(n / 10) % 126), at);
      at = bytes.writeUInt8(0x30 + (n % 10), at);
    }
  }
  return bytes.subarray(0, at);
}
