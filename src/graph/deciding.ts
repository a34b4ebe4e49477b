/** What the policy decides about a field of the operation, and the names of everything in it that is denied. */
import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLOutputType } from 'graphql';
import { isAnswer } from './code-source.ts';
import type { Noun, NounField } from './noun.ts';
import type { Planning } from './planning.ts';
import { isDenial } from './policy.ts';
import type { AccessProfile, Decision, Denial, RowScope } from './policy.ts';
import { EVERYTHING, scopeOf } from './scoping.ts';

/** The nouns of these names. */
export const nounsOf = <P extends AccessProfile>({ graph }: Planning<P>, names: readonly string[]): readonly Noun[] =>
  names.flatMap((name) => graph.nouns.get(name) ?? []);

/** The decision about a field and, where it leads to other nouns, about the rows of those; a denial is noted. */
export function decide<P extends AccessProfile>(
  planning: Planning<P>,
  { coordinate, rule, leadsTo }: NounField,
): Decision {
  const { policy, profile } = planning.input;
  // A count of groups may have been denied already, for what it counts.
  const own = planning.denied.get(coordinate) ?? policy.field(profile, coordinate, rule);
  const scopes = own.kind === 'deny' ? [] : nounsOf(planning, leadsTo).map((noun) => scopeOf(policy, profile, noun));
  // One noun that is open is enough: the others have no rows among those of the field.
  const [closed] = scopes;
  const decision = closed !== undefined && isDenial(closed) && scopes.every(isDenial) ? closed : own;
  if (decision.kind === 'deny') planning.denied.set(coordinate, { ...decision, coordinate });
  return decision;
}

/**
 * The decision about a field of rows in a scope. Code knows no masks and no scopes, so where it answers, whatever is shared
 * in part, or of fewer rows than those in which it stands, is denied as well; a denial is noted.
 */
export function decideFor<P extends AccessProfile>(planning: Planning<P>, field: NounField, above: RowScope): Decision {
  const { policy, profile } = planning.input;
  const { coordinate, rule, source, leadsTo } = field;
  const decision = decide(planning, field);
  if ((source.kind !== 'code' && source.kind !== 'answer') || decision.kind === 'deny') return decision;
  const scopes = nounsOf(planning, leadsTo).map((noun) => scopeOf(policy, profile, noun));
  const isNarrower = (scope: RowScope | Denial | undefined): boolean =>
    scope !== undefined && !isDenial(scope) && scope.kind !== above.kind && scope.kind !== 'everything';
  if (decision.kind === 'full' && ![decision.scope, ...scopes].some(isNarrower)) return decision;
  const denial: Denial = {
    kind: 'deny',
    owner: rule.owner,
    reason: `${coordinate} is answered by the department itself: it is shared in full and for all of these rows, or not at all`,
  };
  planning.denied.set(coordinate, { ...denial, coordinate });
  return denial;
}

/**
 * Whether the caller is told how many rows a list has. Who is told no small counts is told none: the difference between
 * two filters would be one. The denial says which statistics tell instead.
 */
export function mayCountRows<P extends AccessProfile>(planning: Planning<P>, coordinate: string, noun: Noun): boolean {
  const least = planning.smallestCount();
  if (least === 0) return true;
  const { nouns, roots } = planning.graph;
  const instead = [...roots.values()]
    .filter(({ leadsTo }) => leadsTo.some((name) => nouns.get(name)?.groups?.of.name === noun.name))
    .map(({ name }) => name);
  const reason = `counts under ${least} are not told to you, and differences between lists would be some; ask ${instead.join(' or ') || 'for the rows'}`;
  const owner = noun.fields.get('id')?.rule.owner ?? '';
  planning.denied.set(coordinate, { kind: 'deny', reason, owner, coordinate });
  return false;
}

/** Below a denied field: names what else of the selection is denied, so that one refusal tells the whole of it. */
export function nameDenied<P extends AccessProfile>(
  planning: Planning<P>,
  { leadsTo, definition }: Pick<NounField, 'leadsTo' | 'definition'>,
  nodes: readonly FieldNode[],
  above: RowScope,
): void {
  const { policy, profile } = planning.input;
  const open = isAbstractType(getNamedType(definition.type)) ? openNouns(planning, leadsTo, nodes) : leadsTo;
  for (const noun of nounsOf(planning, open)) {
    // What code answers is about the row above.
    const own = isAnswer(noun.type) ? above : scopeOf(policy, profile, noun);
    const scope = isDenial(own) ? EVERYTHING : own;
    for (const below of planning.collect(noun.type, itemsOf(planning, noun, definition.type, nodes)).values()) {
      const field = noun.fields.get(below[0]?.name.value ?? '');
      if (field === undefined) continue;
      decideFor(planning, field, scope);
      nameDenied(planning, field, below, scope);
    }
  }
}

/**
 * The possible nouns of an interface or a union whose rows are open to the caller. The others have no rows there; of
 * those, fields that the caller wrote for the type itself are denied by their names.
 */
export function openNouns<P extends AccessProfile>(
  planning: Planning<P>,
  possible: readonly string[],
  nodes: readonly FieldNode[],
): readonly string[] {
  const { policy, profile } = planning.input;
  return nounsOf(planning, possible).flatMap((noun) => {
    const scope = scopeOf(policy, profile, noun);
    if (!isDenial(scope)) return [noun.name];
    for (const below of planning.collectNamed(noun.type, nodes).values()) {
      const field = noun.fields.get(below[0]?.name.value ?? '');
      if (field === undefined) continue;
      planning.denied.set(field.coordinate, { ...(scope satisfies Denial), coordinate: field.coordinate });
      if (planning.input.onDenied === 'refuse') nameDenied(planning, field, below, EVERYTHING);
    }
    return [];
  });
}

/** The nodes whose selections are of the noun itself: those of a connection stand below `nodes` and `edges.node`. */
function itemsOf<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  declared: GraphQLOutputType,
  nodes: readonly FieldNode[],
): readonly FieldNode[] {
  const type = getNamedType(declared);
  if (type === noun.type || !isObjectType(type)) return nodes;
  return [...planning.collect(type, nodes).values()].flatMap((below) => {
    const inner = type.getFields()[below[0]?.name.value ?? ''];
    return inner === undefined ? [] : itemsOf(planning, noun, inner.type, below);
  });
}
