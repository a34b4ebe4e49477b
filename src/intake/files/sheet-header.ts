/** What both forms of files have in common: a header that a template knows, and numbers that a spreadsheet spoils. */
import { HeaderError, findHeader, readHeaders } from '../../platform/csv/headers.ts';
import type { Template } from './template.ts';

/** Why a file cannot be read at all: what is wrong with it and what to do, without anything that stands in it. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Whether a spreadsheet shortened a number (6.20199E+17): its digits are lost. A key such as 6E17 is none. */
export const isShortened = (text: string): boolean => text.includes('+') && /^-?\d(?:\.\d+)?E\+\d{2,}$/i.test(text);

/** Where the header is, and which column means which field. Shared by both forms of files. */
export function fieldsOf(
  rows: readonly (readonly string[])[],
  template: Template,
): {
  readonly header: number;
  readonly fields: readonly (string | undefined)[];
} {
  const header = findHeader(rows, template.columns);
  const cells = rows[header];
  if (cells === undefined || cells.every((cell) => cell.trim() === ''))
    throw new HeaderError('文件中没有表头 The file has no header row; see the empty template.');
  let width = cells.length;
  while (width > 0 && cells[width - 1]?.trim() === '') width -= 1;
  return { header, fields: readHeaders(cells.slice(0, width), template.columns) };
}
