/** A delivered file that can be read: its header was found and understood, its rows come as they are asked for. */
import type { RawRow } from '../record-kind.ts';
import { readSheet } from './read-sheet.ts';
import type { ArrivedFile } from './arrived-file.ts';
import type { Template } from './template.ts';

/**
 * Opens a file by its template. Throws HeaderError and FileError, so that a file which cannot be read leaves no delivery.
 * @returns the rows, to be read once
 */
export async function openSheet(file: ArrivedFile, template: Template): Promise<AsyncIterable<readonly RawRow[]>> {
  const rows = readSheet(file, template)[Symbol.asyncIterator]();
  const first = await rows.next();
  return {
    [Symbol.asyncIterator]: async function* () {
      try {
        for (let next = first; next.done !== true; next = await rows.next()) yield next.value;
      } finally {
        await rows.return?.();
      }
    },
  };
}
