/**
 * SQL as data: text with holes. A hole is an identifier quoted here or a slot filled when the statement runs,
 * so no value ever reaches the text of a statement.
 */
import type { Slot } from './slot.ts';

type Piece = string | Slot;

/** A fragment of SQL; nests in other fragments. */
export class Sql {
  readonly pieces: readonly Piece[];
  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }
}

/** Tagged template: `${}` takes another fragment or a slot; a bare string is refused by the type. */
export function sql(text: TemplateStringsArray, ...holes: readonly (Sql | Slot)[]): Sql {
  const pieces: Piece[] = [text[0] ?? ''];
  holes.forEach((hole, i) => {
    if (hole instanceof Sql) pieces.push(...hole.pieces);
    else pieces.push(hole);
    pieces.push(text[i + 1] ?? '');
  });
  return new Sql(pieces);
}

/** A quoted identifier. */
export const ident = (name: string): Sql => new Sql([`"${name.replaceAll('"', '""')}"`]);

/** Text that the code itself wrote (a type name, a direction); never for anything that came in from outside. */
export const raw = (text: string): Sql => new Sql([text]);

/** A quoted text constant of the schema's own (a type name for `__typename`). */
export const constant = (text: string): Sql => new Sql([`'${text.replaceAll("'", "''")}'`]);

/** Fragments with a separator between them. */
export function join(parts: readonly Sql[], separator: string): Sql {
  return new Sql(parts.flatMap((part, i) => (i === 0 ? part.pieces : [separator, ...part.pieces])));
}

/** All of the predicates hold; no predicate is `true`. */
export const and = (parts: readonly Sql[]): Sql =>
  parts.length === 0 ? raw('true') : new Sql(['(', ...join(parts, ' and ').pieces, ')']);

/** JSON of an object with these columns, each `value as name`. `json_build_object` is slower and ends at 50 fields. */
export const jsonObject = (columns: readonly Sql[]): Sql =>
  columns.length === 0 ? raw("'{}'::json") : sql`(select row_to_json(_.*) from (select ${join(columns, ', ')}) _)`;

/** PostgreSQL passes at most 100 arguments to a function. */
const MOST_ARGUMENTS = 90;

/** The texts one after the other, null as nothing. */
export function concat(parts: readonly Sql[]): Sql {
  const calls: Sql[] = [];
  for (let i = 0; i === 0 || i < parts.length; i += MOST_ARGUMENTS) {
    calls.push(sql`concat(${join([raw("''"), ...parts.slice(i, i + MOST_ARGUMENTS)], ', ')})`);
  }
  return join(calls, ' || ');
}

/** The statement's text with `$n` for each distinct slot, and the slots in that order. */
export function compile(fragment: Sql): { text: string; slots: readonly Slot[] } {
  const slots: Slot[] = [];
  const numbers = new Map<string, number>();
  let text = '';
  for (const piece of fragment.pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    let number = numbers.get(piece.key);
    if (number === undefined) {
      slots.push(piece);
      number = slots.length;
      numbers.set(piece.key, number);
    }
    text += `$${number}::${piece.type}`;
  }
  return { text, slots };
}
