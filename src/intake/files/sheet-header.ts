/** What both forms of files have in common: a header that a template knows, and numbers that a spreadsheet spoils. */
import { HeaderError, describeColumns, findField, findHeader, readHeaders } from '../../platform/csv/headers.ts';
import type { Template } from './template.ts';

/** Why a file cannot be read at all: what is wrong with it and what to do, without anything that stands in it. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Whether a spreadsheet shortened a number (6.20199E+17): its digits are lost. A key such as 6E17 is none. */
export const isShortened = (text: string): boolean => text.includes('+') && /^-?\d(?:\.\d+)?E\+\d{2,}$/i.test(text);

const NO_HEADER =
  '没有一列的列名可识别：请核对首行是否为表头，文件编码是否为 UTF-8、GB 18030 或带标记的 UTF-16 · No column has a known ' +
  'header: is the first row the header, and is the file in UTF-8, GB 18030, or UTF-16 with its mark?\n可用列 Columns (* 必填 required):';

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
  // Without any header that is known this is somebody's data, or text in another encoding: none of it is repeated.
  if (cells.every((cell) => findField(cell, template.columns) === undefined))
    throw new HeaderError(`${NO_HEADER}\n${describeColumns(template.columns)}`);
  let width = cells.length;
  while (width > 0 && cells[width - 1]?.trim() === '') width -= 1;
  return { header, fields: readHeaders(cells.slice(0, width), template.columns) };
}
