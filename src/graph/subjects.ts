/** Whom rows are about, in the text that the statement answers with beside the data: written in SQL, read here. */
import { primaryKey, rowOf, tableOf } from './noun.ts';
import type { Noun } from './noun.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Row } from './row.ts';
import { concat, constant, ident, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** A person or household that the answer is about, or a question (`miss`, by ordinal) that found nobody. */
export interface Subject {
  readonly kind: 'person' | 'household' | 'miss' | 'fruitless';
  /** Number of the plan's node. */
  readonly node: number;
  /** UUID; empty for a miss. */
  readonly id: string;
  /** Ordinal (from 1) of the question that this answers, where rows answer questions. */
  readonly question?: number;
}

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

const KINDS: Readonly<Record<string, Subject['kind']>> = { p: 'person', h: 'household', m: 'miss', n: 'fruitless' };

const UUID_LENGTH = 36;
const SPACE = 32;
const ZERO = 48;

/**
 * Reads `5p<uuid> 5h<uuid> 6p<uuid>/2 6m3 `: the number of the node, a letter, then the id, and where rows answer
 * questions, the ordinal. By position, as a page has hundreds; ids that are none are refused by the ledger.
 */
export function readSubjects(text: string): Subject[] {
  const subjects: Subject[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(at) - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    return value;
  };
  while (at < text.length) {
    const node = number();
    const kind = KINDS[text.charAt(at)];
    at += 1;
    if (kind === 'person' || kind === 'household') {
      const id = text.slice(at, (at += UUID_LENGTH));
      if (text[at] === '/') {
        at += 1;
        subjects.push({ kind, node, id, question: number() });
      } else subjects.push({ kind, node, id });
    } else if (kind !== undefined) subjects.push({ kind, node, id: '', question: number() });
    if (kind === undefined || text.charCodeAt(at) !== SPACE)
      throw new Error('The statement named a subject that cannot be read');
    at += 1;
  }
  return subjects;
}
