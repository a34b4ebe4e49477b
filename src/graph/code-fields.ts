/** Fields that code answers, in a statement: what it reads for the code, and what it says for graphql-js. */
import type { Noun } from './noun.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Row } from './row.ts';
import { ident, jsonObject, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Name of the row's type in a statement whose answer graphql-js completes. No alias can be spelled like it. */
export const TYPE_NAME = '$type';

/** Name under which the statement hands a code field what it needs; absent where the field is denied. */
export const needsName = (field: string): string => `$${field}`;

/** JSON of what a code field needs of the row; it never reaches the caller, so nobody's right is asked about. */
export function needsOf<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  row: Row,
  needs: readonly string[],
): Sql {
  const columns = needs.map((need) => {
    const source = noun.fields.get(need)?.source;
    const value =
      source?.kind === 'computed'
        ? source.text(source.expression(row, planning.at(row)))
        : source?.kind === 'column'
          ? source.text(row.column(source.property))
          : row.column(need);
    return sql`${value} as ${ident(need)}`;
  });
  return jsonObject(columns);
}
