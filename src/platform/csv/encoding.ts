/** In which encoding a text file is: by its mark, else by how its bytes fit UTF-8. Chunk by chunk, nothing is kept. */

/** Encodings that a file may have. */
export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

/** Looks at the bytes of a file as they pass. */
export interface EncodingProbe {
  take(chunk: Uint8Array): void;
  /** After the last chunk. */
  end(): Encoding;
}

/**
 * In Chinese text in GB 18030 hardly any pair of bytes is UTF-8, and hardly any line; in a file in UTF-8 bytes may be broken
 * here and there, or all of one line, and those rows alone are lost for that. So it is UTF-8 while not one of so many
 * sequences is broken, or while two lines fit for each that does not.
 */
const FITTING_TO_BROKEN = { sequences: 20, lines: 2 } as const;

const NEW_LINE = 0x0a;

const MARKS: readonly (readonly [mark: readonly number[], encoding: Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** A probe for one file. */
export function probeEncoding(): EncodingProbe {
  const head: number[] = [];
  const sequences = { fitting: 0, broken: 0 };
  const lines = { fitting: 0, broken: 0 };
  const before = { fitting: 0, broken: 0 }; // sequences until this line began
  let awaited = 0; // bytes that the sequence under way still needs
  const endLine = (): void => {
    if (sequences.broken > before.broken) lines.broken += 1;
    else if (sequences.fitting > before.fitting) lines.fitting += 1;
    Object.assign(before, sequences);
  };
  const fits = (unit: keyof typeof FITTING_TO_BROKEN, { fitting, broken }: typeof lines): boolean =>
    broken * FITTING_TO_BROKEN[unit] <= fitting;
  return {
    take(chunk) {
      for (let at = 0; head.length < 3 && at < chunk.length; at += 1) head.push(chunk[at] ?? 0);
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] ?? 0;
        if (byte < 0x80) {
          if (awaited > 0) sequences.broken += 1;
          awaited = 0;
          if (byte === NEW_LINE) endLine();
        } else if (byte < 0xc0) {
          if (awaited === 0) sequences.broken += 1;
          else if ((awaited -= 1) === 0) sequences.fitting += 1;
        } else {
          if (awaited > 0) sequences.broken += 1;
          awaited = lengthAfter(byte);
          if (awaited === 0) sequences.broken += 1;
        }
      }
    },
    // A sequence that the end of the file cuts off is no sign of another encoding.
    end: () => {
      endLine();
      const marked = MARKS.find(([mark]) => mark.every((byte, at) => head[at] === byte))?.[1];
      return marked ?? (fits('sequences', sequences) || fits('lines', lines) ? 'utf-8' : 'gb18030');
    },
  };
}

/** How many bytes follow the first one of a sequence; 0 for a byte that begins none. */
function lengthAfter(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 1;
  if (byte >= 0xe0 && byte < 0xf0) return 2;
  return byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
}

/** The encoding of a file; all of it is read, since a name at its end may be the first text that is not ASCII. */
export async function detectEncoding(chunks: AsyncIterable<Uint8Array>): Promise<Encoding> {
  const probe = probeEncoding();
  for await (const chunk of chunks) probe.take(chunk);
  return probe.end();
}
