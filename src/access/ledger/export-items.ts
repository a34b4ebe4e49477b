/** An export, item by item, in constant memory. A file that is damaged or cut off is a fault and not an error. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parseLine, toEntry } from './export-lines.ts';
import type { ExportEnd, ExportHead, ExportLine } from './export-lines.ts';
import { fault } from './fault.ts';
import type { EntryRow, LedgerItem } from './items.ts';

const LONGEST = 64 * 2 ** 20; // characters of a line: a seal of a thousand entries has 40,000

/** An export that is being read. */
export interface ExportReading {
  readonly head: ExportHead;
  /** Everything between the first and the last line, once. */
  readonly items: AsyncIterable<LedgerItem>;
  /** The last line and the digest of all others, once the items were read. */
  end(): { readonly end: ExportEnd; readonly sha256: Buffer };
}

/** Opens an export. Throws FaultFound for what is none, and the system's error for a file that cannot be read. */
export async function openExport(file: string): Promise<ExportReading> {
  const lines = new Lines(file);
  const first = await lines.next();
  if (first?.kind !== 'ledger-export') damaged('The file does not begin as an export of a ledger.');
  return {
    head: first,
    items: itemsOf(lines),
    end: () => {
      if (!lines.end) return damaged('The export is cut off: its last line is not there.');
      return lines.end;
    },
  };
}

async function* itemsOf(lines: Lines): AsyncGenerator<LedgerItem> {
  for (;;) {
    const line = await lines.next();
    if (line === undefined) return;
    if (line.kind === 'ledger-export' || line.kind === 'entry') return lines.misplaced();
    if (line.kind === 'end') {
      if ((await lines.next()) !== undefined) return lines.misplaced();
      return;
    }
    if (line.kind !== 'seal') {
      yield line;
      continue;
    }
    const entries: EntryRow[] = [];
    while (entries.length < line.entries) {
      const next = await lines.next();
      const entry = next?.kind === 'entry' ? toEntry(next) : undefined;
      if (!entry) return lines.misplaced();
      entries.push(entry);
    }
    yield { kind: 'seal', seal: line.seal, entries };
  }
}

/** Lines of a compressed file; the last one is kept with the digest of those before. */
class Lines {
  end: { readonly end: ExportEnd; readonly sha256: Buffer } | undefined;
  readonly #hash = createHash('sha256');
  readonly #texts: AsyncIterator<string>;
  #count = 0;

  constructor(file: string) {
    this.#texts = textsOf(file)[Symbol.asyncIterator]();
  }

  async next(): Promise<ExportLine | undefined> {
    const read = await this.#texts.next();
    if (read.done === true) return undefined;
    const text: string = read.value;
    this.#count += 1;
    const line = parseLine(text);
    if (!line) return damaged(`Line ${this.#count} of the export cannot be read.`);
    if (line.kind === 'end') {
      if (line.lines !== this.#count - 1) damaged(`The export has ${this.#count - 1} lines, and says ${line.lines}.`);
      this.end = { end: line, sha256: this.#hash.digest() };
    } else if (!this.end) this.#hash.update(`${text}\n`);
    return line;
  }

  misplaced(): never {
    return damaged(`Line ${this.#count} of the export is not what should stand there.`);
  }
}

async function* textsOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const text = createGunzip();
  source.on('error', (error) => text.destroy(error));
  source.pipe(text);
  text.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST) damaged('A line of the export has no end.');
      yield* lines;
    }
  } catch (error) {
    if (isZlibError(error)) damaged('The export is cut off or damaged: it cannot be decompressed to its end.');
    throw error;
  } finally {
    source.destroy();
    text.destroy();
  }
  if (rest !== '') damaged('The export is cut off in the middle of a line.');
}

const isZlibError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && /^Z_/.test(String(error.code));

function damaged(message: string): never {
  return fault('EXPORT_DAMAGED', 0, 0, message);
}
