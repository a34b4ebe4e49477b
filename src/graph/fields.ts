/** The fields that a selection comes to (GraphQL, CollectFields). */
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  isAbstractType,
  typeFromAST,
} from 'graphql';
import type { FieldNode, GraphQLObjectType, GraphQLSchema, SelectionSetNode } from 'graphql';
import type { Operation } from './operation.ts';
import type { Values } from './values.ts';

/**
 * Fields by response name in the order of the answer, fragments and conditions resolved (GraphQL, CollectFields). With
 * `onType` false those that fragments on the type itself hold are left out.
 */
export function collectFields(
  schema: GraphQLSchema,
  operation: Operation,
  values: Values,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
  { onType = true }: { readonly onType?: boolean } = {},
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const seen = new Set<string>();
  const included = (node: SelectionSetNode['selections'][number]): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, values.variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, values.variables)?.['if'] !== false;
  const applies = (condition: string | undefined): boolean => {
    if (condition === undefined) return true;
    if (condition === type.name) return onType;
    const named = typeFromAST(schema, { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: condition } });
    return isAbstractType(named) && schema.isSubType(named, type);
  };
  const add = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (!included(node)) continue;
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const nodes = fields.get(name);
        if (nodes === undefined) fields.set(name, [node]);
        else nodes.push(node);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (applies(node.typeCondition?.name.value)) add(node.selectionSet);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = operation.fragments[node.name.value];
        if (fragment !== undefined && applies(fragment.typeCondition.name.value)) add(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) if (set !== undefined) add(set);
  return fields;
}
