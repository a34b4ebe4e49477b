/** The rows of a query, page after page. */
import { ask } from './ask.ts';
import type { Asking } from './ask.ts';
import type { QueryForm } from './form.ts';

/** One row: a node of a connection, or the item of a list. */
export type QueryRow = Readonly<Record<string, unknown>>;

/** What a query is run with. */
export interface Reading {
  readonly form: QueryForm;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly asking: Asking;
  /** Told of errors beside data, each once. */
  readonly onError: (error: string) => void;
}

/** A page that does not look like one, or pages that do not end. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

/** Asks for pages until the last one. Throws what `ask` throws, and PageError. */
export async function* readPages({ form, variables, asking, onError }: Reading): AsyncGenerator<readonly QueryRow[]> {
  const told = new Set<string>();
  const seen = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const paged = form.cursor === undefined || after === undefined ? variables : { ...variables, [form.cursor]: after };
    const { data, errors } = await ask(
      { query: form.text, operationName: form.operationName, variables: paged },
      asking,
    );
    for (const error of errors.filter((text) => !told.has(text))) {
      told.add(error);
      onError(error);
    }
    const value = form.path.reduce<unknown>((at, name) => (isRow(at) ? at[name] : undefined), data);
    if (form.cursor === undefined) {
      yield rowsOfList(value);
      return;
    }
    // Nothing there: an object that is not in scope, or a denied connection.
    if (value === null || value === undefined) return;
    const { rows, next } = readConnection(value, form.rows);
    yield rows;
    if (next === undefined) return;
    if (seen.has(next)) throw new PageError('The hub gave the same page twice; stopped.');
    seen.add(next);
    after = next;
  }
}

function rowsOfList(value: unknown): readonly QueryRow[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((row: unknown) => (isRow(row) ? row : { value: row }));
}

function readConnection(
  value: unknown,
  from: QueryForm['rows'],
): { rows: readonly QueryRow[]; next: string | undefined } {
  const items = isRow(value) ? value[from] : undefined;
  if (!isRow(value) || !Array.isArray(items) || !isRow(value['pageInfo'])) {
    throw new PageError('The answer is not a connection: select "nodes", or "edges" and "node", without aliases.');
  }
  const { hasNextPage, endCursor } = value['pageInfo'];
  const rows = items.flatMap((item: unknown) => {
    const row = from === 'edges' && isRow(item) ? item['node'] : item;
    return isRow(row) ? [row] : [];
  });
  return { rows, next: hasNextPage === true && typeof endCursor === 'string' ? endCursor : undefined };
}

const isRow = (value: unknown): value is QueryRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
