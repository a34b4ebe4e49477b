/** The header row of a file: which column means which field, told by the names that departments write. */

/** A column that a file may have. */
export interface HeaderColumn {
  /** As the hub names it; is always accepted as a header. */
  readonly field: string;
  readonly required: boolean;
  /** The first is the one that the hub itself writes; spaces, width and case make no difference. */
  readonly headers: readonly [string, ...string[]];
}

/** Columns that files have for their readers; nothing of them is taken. */
const FOR_READERS = ['序号', '备注', 'no', 'remark', 'remarks'];

/** Why a header row cannot be used: every fault at once. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/** A header as it is compared: without width, case, spaces, and the signs by which words are joined. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s_-]+/gu, '')
    .toLowerCase();
}

/** What the help and the errors say of the columns. */
export function describeColumns(columns: readonly HeaderColumn[]): string {
  return columns
    .map(({ field, required, headers }) => `  ${required ? '*' : ' '} ${headers.join(' / ')} / ${field}`)
    .join('\n');
}

/**
 * The field of each column, undefined for columns that only readers need. Throws HeaderError that names every unknown,
 * doubled and missing header.
 */
export function readHeaders(
  cells: readonly string[],
  columns: readonly HeaderColumn[],
): readonly (string | undefined)[] {
  const known = knownHeaders(columns);
  const faults: string[] = [];
  const fields = cells.map((cell) => {
    if (!known.has(plainHeader(cell))) faults.push(`未知列 unknown column: ${shown(cell)}`);
    return known.get(plainHeader(cell));
  });
  for (const { field, required, headers } of columns) {
    const count = fields.filter((found) => found === field).length;
    if (count > 1) faults.push(`重复列 column given twice: ${headers[0]} (${field})`);
    if (count === 0 && required) faults.push(`缺少列 column missing: ${headers[0]} (${field})`);
  }
  if (faults.length === 0) return fields;
  throw new HeaderError(`${faults.join('\n')}\n可用列 Columns (* 必填 required):\n${describeColumns(columns)}`);
}

/** The field that a header means, or that it names; undefined for any other text. */
export const findField = (header: string, columns: readonly HeaderColumn[]): string | undefined =>
  columns.find(({ field, headers }) => [field, ...headers].some((one) => plainHeader(one) === plainHeader(header)))
    ?.field;

/**
 * Which of the rows at the top of a file is most likely its header: the one that names most columns, at least two. A title
 * may stand above it. The first row where none does.
 */
export function findHeader(rows: readonly (readonly string[])[], columns: readonly HeaderColumn[]): number {
  const known = knownHeaders(columns);
  const named = rows.map((cells) => cells.filter((cell) => known.get(plainHeader(cell)) !== undefined).length);
  const most = Math.max(0, ...named);
  return most < 2 ? 0 : named.indexOf(most);
}

function knownHeaders(columns: readonly HeaderColumn[]): ReadonlyMap<string, string | undefined> {
  const known = new Map<string, string | undefined>(FOR_READERS.map((header) => [plainHeader(header), undefined]));
  for (const { field, headers } of columns)
    for (const header of [field, ...headers]) known.set(plainHeader(header), field);
  return known;
}

/** A file without a header row has somebody's data in the first one. */
function shown(cell: string): string {
  const text = cell.trim();
  if (text === '') return '(空 empty)';
  return /\d{6}/.test(text) || text.length > 30 ? '(首行不是表头? is the first row a header?)' : `“${text}”`;
}
