/** Whom a row is about, as the text that the statement answers with beside the data. */
import { primaryKey, rowOf, tableOf } from './noun.ts';
import type { Noun } from './noun.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Row } from './row.ts';
import { concat, constant, ident, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/**
 * `5p<uuid> ` for the person of a row at node 5, `5h<uuid> ` for its household; where rows answer questions, `5p<uuid>/3 `
 * for the person found by the third, `5m3 ` when it found nobody, and `5n3 ` when it told nothing of anybody.
 */
export function subjectTokens({ anchors, table }: Noun, row: Row, node: number): Sql[] {
  const token = (letter: string, property: string): Sql =>
    sql`${constant(`${node}${letter}`)} || ${row.column(property)} || ' '`;
  const { person, household } = anchors;
  if (person !== undefined && table === undefined) {
    const found = sql`${constant(`${node}p`)} || ${row.column(person)} || '/' || ${row.column('ordinal')} || ' '`;
    return [sql`coalesce(${found}, ${token('m', 'missed')})`, token('n', 'fruitless')];
  }
  return [
    ...(person === undefined ? [] : [token('p', person)]),
    ...(household === undefined ? [] : [token('h', household)]),
  ];
}

/** Subjects of a row that names none itself and stands in no row: those of the row that it belongs to. */
export function subjectsThrough<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  row: Row,
  node: number,
): Sql[] {
  const { via } = noun.anchors;
  if (via === undefined) return [];
  const { noun: upper, key } = planning.graph.related(noun, via);
  const upperRow = rowOf(upper, planning.alias('v'));
  const own = subjectTokens(upper, upperRow, node);
  const subjects = concat(own.length > 0 ? own : subjectsThrough(planning, upper, upperRow, node));
  return [
    sql`(select ${subjects} from ${tableOf(upper)} ${upperRow.alias} where ${upperRow.alias}.${primaryKey(upper)} = ${row.alias}.${ident(key)})`,
  ];
}
