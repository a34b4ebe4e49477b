/** Fields that code answers, in a plan: what is decided about them, and what the statement reads for the code. */
import { decide, nounsOf } from './deciding.ts';
import type { Noun, NounField } from './noun.ts';
import type { Planning } from './planning.ts';
import { isDenial } from './policy.ts';
import type { AccessProfile, Decision, Denial, RowScope } from './policy.ts';
import type { Row } from './row.ts';
import { scopeOf } from './scoping.ts';
import { ident, jsonObject, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Name of the row's type in a statement whose answer graphql-js completes. No alias can be spelled like it. */
export const TYPE_NAME = '$type';

/** Name under which the statement hands a code field what it needs; absent where the field is denied. */
export const needsName = (field: string): string => `$${field}`;

/**
 * The decision about a field that code answers, or a part of its answer. Code knows no masks and no scopes, so whatever is
 * shared in part, or of fewer rows than those in which it stands, is denied; a denial is noted.
 */
export function decideWhole<P extends AccessProfile>(
  planning: Planning<P>,
  field: NounField,
  above: RowScope,
): Exclude<Decision, { readonly kind: 'mask' }> {
  const { policy, profile } = planning.input;
  const decision = decide(planning, field);
  if (decision.kind === 'deny') return decision;
  const scopes = nounsOf(planning, field.leadsTo).map((noun) => scopeOf(policy, profile, noun));
  const isNarrower = (scope: RowScope | Denial | undefined): boolean =>
    scope !== undefined && !isDenial(scope) && scope.kind !== above.kind && scope.kind !== 'everything';
  if (decision.kind === 'full' && ![decision.scope, ...scopes].some(isNarrower)) return decision;
  const denial: Denial = {
    kind: 'deny',
    owner: field.rule.owner,
    reason: `${field.coordinate} is answered by the department itself: it is shared in full and for all of these rows, or not at all`,
  };
  planning.denied.set(field.coordinate, { ...denial, coordinate: field.coordinate });
  return denial;
}

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
