/** Reads a text file line by line in constant memory; lines come by the chunk, since a file has millions of them. */
import type { Encoding } from './encoding.ts';

/** One line without its end. */
export interface Line {
  /** From 1, as an editor counts. */
  readonly number: number;
  readonly text: string;
  /** Bytes of the file read so far, at least up to this line. */
  readonly bytes: number;
}

/** A line longer than this is cut there: no row is, and a file without line ends must not fill the memory. */
export const LONGEST_LINE = 100_000;

/** The lines of a file as its bytes come; a byte-order mark is no part of the first one. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<readonly Line[]> {
  // The decoder drops the byte-order mark.
  const decoder = new TextDecoder(encoding);
  let rest = '';
  let number = 0;
  let bytes = 0;
  const line = (text: string): Line => {
    number += 1;
    return { number, text: text.endsWith('\r') ? text.slice(0, -1) : text, bytes };
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    // Of a line without end only as much is kept as shows that it is too long.
    rest = (parts.pop() ?? '').slice(0, LONGEST_LINE + 1);
    if (parts.length > 0) yield parts.map(line);
  }
  rest += decoder.decode();
  if (rest !== '') yield [line(rest)];
}
