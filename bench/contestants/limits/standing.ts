/** Pieces of SQL that the hand-written statements share. */

/** Valid on the day of the parameter, both ends included. */
export const validOn = (row: string, day: string): string =>
  `${row}.valid_from <= ${day}::date and (${row}.valid_to is null or ${row}.valid_to >= ${day}::date)`;

/** An open case of the department about this person or household. */
export const inCaseload = (subject: string, department: string, day: string): string =>
  `exists (select from caseload c where ${subject} and c.department = ${department} and c.opened_on <= ${day}::date
    and (c.closed_on is null or c.closed_on >= ${day}::date))`;

/** Fen as yuan with two places: a hundredth times a whole number has exactly two. */
export const yuan = (fen: string): string => `(${fen} * 0.01)::text`;

/** The cursor that the hub gives: the id in a JSON array, in base64. */
export const cursorOf = (id: string): string => `encode(convert_to('["' || ${id} || '"]', 'UTF8'), 'base64')`;

/**
 * Subjects of a row for the record: 38 characters each, node, kind and id. Without a record there are none, and a
 * statement is not made slower by collecting them.
 */
export const subjects = (guarded: boolean, ...parts: readonly string[]): string =>
  guarded ? `concat(${parts.join(', ')})` : `''`;
/** The subject itself; nothing where there is no id. */
export const subject = (node: number, kind: 'p' | 'h', id: string): string => `'${node}${kind}' || ${id}`;
/** Subjects of all rows of a list. */
export const allSubjects = (guarded: boolean, column: string): string => (guarded ? `string_agg(${column}, '')` : `''`);

/** Schema coordinates of some fields of a type. */
export const coordinates = (type: string, fields: string): readonly string[] =>
  fields.split(' ').map((field) => `${type}.${field}`);
