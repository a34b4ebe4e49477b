/** Cursors: where a row stands in the order of its list. Opaque to clients; they hold only what the caller sees in full. */
import { GraphQLError } from 'graphql';
import { parseDate } from '../platform/dates.ts';
import type { OrderKey } from './order.ts';
import { derive } from './slot.ts';
import type { Slot } from './slot.ts';
import { constant, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** What a cursor begins with, so that one of another order is told apart: nothing in a list that goes by its ids alone. */
function markOf(keys: readonly OrderKey[]): readonly string[] {
  const mark = keys.map(({ property, descending }) => (descending ? '-' : '') + property).join(',');
  return mark === 'id' ? [] : [mark];
}

/** The cursor of a row whose keys have these values; null for no row. */
export function cursorOf(keys: readonly OrderKey[], values: readonly Sql[]): Sql {
  const parts = join([...markOf(keys).map(constant), ...values.map((value) => sql`${value}::text`)], ', ');
  return sql`translate(encode(convert_to(json_build_array(${parts})::text, 'UTF8'), 'base64'), chr(10), '')`;
}

/**
 * Rows beyond the cursor in the order of the keys: `a < x or (a = x and id > y)`, with `a <= x` first for the index;
 * `from` takes the cursor's own row as well. `given` is the order as the cursor was made in it.
 */
export function beyond(
  keys: readonly OrderKey[],
  given: readonly OrderKey[],
  cursor: Slot,
  { from = false }: { readonly from?: boolean } = {},
): Sql {
  const at = given.map(({ type }, i) =>
    derive(cursor as Slot<string>, `cursor${i}`, type, (text) => readCursor(text, given)[i]),
  );
  let predicate: Sql | undefined;
  for (const [i, { column, descending }] of [...keys.entries()].reverse()) {
    const slot = at[i];
    if (slot === undefined) continue;
    const sign = raw(descending ? '<' : '>');
    predicate =
      predicate === undefined
        ? sql`${column} ${sign}${raw(from ? '=' : '')} ${slot}`
        : sql`${column} ${sign}= ${slot} and (${column} ${sign} ${slot} or (${column} = ${slot} and ${predicate}))`;
  }
  return predicate ?? raw('true');
}

const anyText = (part: string): boolean => !/\0|\p{Surrogate}/u.test(part);

/** What a part of a cursor must look like by the type of its column, so that no forged one fails in the database. */
const CURSOR_PART: Readonly<Record<string, (part: string) => boolean>> = {
  uuid: (part) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part),
  date: (part) => parseDate(part) !== undefined,
  // PostgreSQL's own text of an instant, which keeps the microseconds that a JavaScript date loses.
  timestamptz: (part) => INSTANT.test(part) && parseDate(part.slice(0, 10)) !== undefined,
  integer: (part) => /^(?:0|-?[1-9]\d{0,9})$/.test(part) && Math.abs(Number(part)) <= 2_147_483_647,
  varchar: anyText,
  text: anyText,
};

const INSTANT = /^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/;

/** Whether a cursor can tell where a row stands by this key. */
export const canPlace = ({ type, nullable }: OrderKey): boolean => !nullable && type in CURSOR_PART;

function readCursor(text: string, keys: readonly OrderKey[]): readonly string[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    parts = undefined;
  }
  const mark = markOf(keys);
  const fits =
    Array.isArray(parts) &&
    parts.length === mark.length + keys.length &&
    mark.every((name, i) => parts[i] === name) &&
    keys.every(({ type }, i) => {
      const part: unknown = parts[mark.length + i];
      return typeof part === 'string' && CURSOR_PART[type]?.(part) === true;
    });
  if (!fits) {
    throw new GraphQLError(
      'This is no cursor of this list in this order: take startCursor or endCursor of a page in the same order, or ' +
        'leave after and before out',
      { extensions: { code: 'BAD_USER_INPUT' } },
    );
  }
  return (parts as readonly string[]).slice(mark.length);
}
