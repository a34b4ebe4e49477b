/** Row scope at every level: the predicate of a noun for the caller, through the row above where it has no anchor. */
import { primaryKey, rowOf, tableOf } from './noun.ts';
import type { Graph, Noun } from './noun.ts';
import type { Planning } from './planning.ts';
import { isDenial } from './policy.ts';
import type { AccessProfile, Denial, Policy, RowScope } from './policy.ts';
import type { Row } from './row.ts';
import type { RowsPlan } from './rows-plan.ts';
import { and, ident, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** The row above, as far as the scope of the rows below depends on it. */
export interface Above {
  readonly noun: Noun;
  readonly row: Row;
  readonly scope: RowScope;
  /** Subjects of the row above at a node, for rows that have none of their own. */
  readonly tokens: (node: number) => Sql[];
}

/** Every row is in scope. */
export const EVERYTHING: RowScope = { kind: 'everything', predicate: () => undefined };

/** The caller's row scope on a noun. Public nouns are open to every authenticated caller; groups are of rows in scope. */
export function scopeOf<P extends AccessProfile>(policy: Policy<P>, profile: P, noun: Noun): RowScope | Denial {
  if (noun.groups !== undefined) return scopeOf(policy, profile, noun.groups.of);
  return noun.anchors.public === true ? EVERYTHING : policy.rows(profile, noun.name);
}

/** The row scope for planning; a denied noun is refused and has no rows. */
export function scopeForPlan<P extends AccessProfile>({ input, refused }: Planning<P>, noun: Noun): RowScope {
  const scope = scopeOf(input.policy, input.profile, noun);
  if (!isDenial(scope)) return scope;
  refused.set(noun.name, { ...scope, coordinate: noun.name });
  return { kind: 'nothing', predicate: () => raw('false') };
}

/** The scope's predicate over a row; `from` is the row above when that row's key led here. */
export function scopePredicate<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  row: Row,
  scope: RowScope,
  from: Above | undefined,
): Sql | undefined {
  planning.scopes.add(scope.kind);
  const own = scope.predicate(row, noun.anchors);
  if (own !== 'via') return own;
  const { via } = noun.anchors;
  if (via === undefined) throw new Error(`${noun.name} has no anchor for the row scope ${scope.kind}`);
  const { noun: upper, key } = planning.graph.related(noun, via);
  // Reached through that very row, which this scope already bounds.
  if (from?.noun === upper && from.scope.kind === scope.kind) return undefined;
  const upperRow = rowOf(upper, planning.alias('v'));
  const inner = scopePredicate(planning, upper, upperRow, scope, undefined);
  const same = sql`${upperRow.alias}.${primaryKey(upper)} = ${row.alias}.${ident(key)}`;
  return sql`exists (select 1 from ${tableOf(upper)} ${upperRow.alias} where ${and([same, ...(inner ? [inner] : [])])})`;
}

/** The row above, when the rows below hang on it by the very key that their scope goes through. */
export function reachedThrough(
  noun: Noun,
  chosen: RowsPlan,
  above: Above | undefined,
  graph: Graph,
): Above | undefined {
  const { via } = noun.anchors;
  if (via === undefined || above === undefined || noun.table === undefined) return undefined;
  const { noun: upper, key } = graph.related(noun, via);
  const upperKey = upper.table?.key;
  const byKey = Object.entries(chosen.on ?? {}).some(
    ([property, upperProperty]) => noun.columnName(property) === key && upperProperty === upperKey,
  );
  return upper === above.noun && byKey ? above : undefined;
}
