/** Reads a text file line by line in constant memory, in the encodings that Chinese spreadsheets write. */
import { createReadStream } from 'node:fs';

/** Encodings that a file may have. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le';

/** One line without its end. */
export interface Line {
  /** From 1, as an editor counts. */
  readonly number: number;
  readonly text: string;
  /** Bytes of the file read so far, at least up to this line. */
  readonly bytes: number;
}

/** A line longer than this is cut there: no row of grants is, and a file without line ends must not fill the memory. */
export const LONGEST_LINE = 100_000;

/**
 * The encoding of a file: by its mark, else UTF-8 where every byte of it is UTF-8, else GB 18030, which contains GBK and
 * GB 2312. The whole file is read, since a name at its end may be the first text that is not ASCII.
 */
export async function detectEncoding(path: string): Promise<Encoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      if (first && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
      first = false;
      utf8.decode(chunk, { stream: true });
    }
    utf8.decode();
    return 'utf-8';
  } catch (error) {
    if (isCode(error, 'ERR_ENCODING_INVALID_ENCODED_DATA')) return 'gb18030';
    throw error;
  }
}

/** The lines of a file; a byte-order mark is no part of the first one. */
export async function* readLines(path: string, encoding: Encoding): AsyncGenerator<Line> {
  // The decoder drops the byte-order mark.
  const decoder = new TextDecoder(encoding);
  let rest = '';
  let number = 0;
  let bytes = 0;
  const line = (text: string): Line => {
    number += 1;
    return { number, text: text.endsWith('\r') ? text.slice(0, -1) : text, bytes };
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    // Of a line without end only as much is kept as shows that it is too long.
    rest = (parts.pop() ?? '').slice(0, LONGEST_LINE + 1);
    for (const part of parts) yield line(part);
  }
  rest += decoder.decode();
  if (rest !== '') yield line(rest);
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
