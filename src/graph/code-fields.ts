/** Fields that code answers, in a statement: what it reads for the code, and what it says for graphql-js. */
import type { FieldNode } from 'graphql';
import { decideFor, nounsOf } from './deciding.ts';
import type { NounField } from './noun.ts';
import type { PlanRecord } from './plan-record.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Above } from './scoping.ts';
import { ident, jsonObject, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Name of the row's type in a statement whose answer graphql-js completes. No alias can be spelled like it. */
export const TYPE_NAME = '$type';

/** Name under which the statement hands a code field what it needs; absent where the field is denied. */
export const needsName = (field: string): string => `$${field}`;

/** Parts of the row that a code field adds to. */
export interface ForCode {
  readonly columns: Sql[];
  readonly subjects: Sql[];
  /** Names of what was added for code already: one field may stand under several names. */
  readonly needs: Set<string>;
}

interface AskingCode<P extends AccessProfile> {
  readonly planning: Planning<P>;
  readonly field: NounField;
  readonly needs: readonly string[];
  readonly nodes: readonly FieldNode[];
  readonly here: Above;
  readonly built: ForCode;
  readonly record: PlanRecord;
}

/** Has the statement read what the code needs, and puts what it may say on record of whoever the row is about. */
export function askCode<P extends AccessProfile>(asking: AskingCode<P>): void {
  const { planning, field, needs, nodes, here, built, record } = asking;
  planning.cost.code(field.coordinate);
  const name = needsName(field.name);
  if (!built.needs.has(name)) {
    built.needs.add(name);
    built.columns.push(sql`${needsOf(planning, here, needs)} as ${ident(name)}`);
  }
  for (const answer of nounsOf(planning, field.leadsTo)) {
    const number = record.open(answer.name);
    for (const [asked] of planning.collect(answer.type, nodes).values()) {
      const part = answer.fields.get(asked?.name.value ?? '');
      if (part !== undefined && decideFor(planning, part, here.scope).kind === 'full')
        record.tell(number, part.coordinate);
    }
    built.subjects.push(...here.tokens(number));
  }
}

/** JSON of what a code field needs of the row; it never reaches the caller, so nobody's right is asked about. */
function needsOf<P extends AccessProfile>(planning: Planning<P>, { noun, row }: Above, needs: readonly string[]): Sql {
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
