/** The schema as one caller sees it: what the caller may not ask for is left out. A convenience; the gate is the plan. */
import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import { Kind, isInterfaceType } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { FieldModel } from './model.ts';
import type { Graph } from './noun.ts';
import type { Noun } from './noun.ts';
import { collectFields } from './fields.ts';
import type { Operation } from './operation.ts';
import { isDenial } from './policy.ts';
import type { AccessProfile, Policy } from './policy.ts';
import { scopeOf } from './scoping.ts';
import type { Values } from './values.ts';

/**
 * A schema without the denied types, fields and operations. Resolvers are left to the queries that code answers and to what
 * they answer with; those are open to everybody, for no code answers with personal data.
 */
export function schemaFor<P extends AccessProfile>(graph: Graph, policy: Policy<P>, profile: P): GraphQLSchema {
  const roots = new Set([graph.schema.getQueryType()?.name, graph.schema.getMutationType()?.name]);
  const isOpen = (noun: Noun): boolean => !isDenial(scopeOf(policy, profile, noun));
  const openAmong = (names: readonly string[]): readonly Noun[] =>
    names.flatMap((name) => graph.nouns.get(name) ?? []).filter(isOpen);
  const shows = (noun: Noun, name: string): boolean => {
    const known = noun.fields.get(name);
    if (known === undefined) return true;
    if (known.leadsTo.length > 0 && openAmong(known.leadsTo).length === 0) return false;
    return policy.field(profile, known.coordinate, known.rule).kind !== 'deny';
  };
  const seen = mapSchema(graph.schema, {
    [MapperKind.OBJECT_FIELD]: (described, name, typeName) => {
      if (isOpenCode(described)) return described;
      const { resolve: _resolve, ...field } = described;
      if (roots.has(typeName)) return policy.operation(profile, name).kind === 'allow' ? field : null;
      const noun = graph.nouns.get(typeName);
      if (name === 'totalCount' && noun === undefined) return policy.smallestCount(profile) === 0 ? field : null;
      if (noun === undefined) return described;
      return isOpen(noun) && shows(noun, name) ? field : null;
    },
    // What one of the types behind an interface does not show cannot be asked for through the interface.
    [MapperKind.INTERFACE_FIELD]: (field, name, typeName) => {
      const type = graph.schema.getType(typeName);
      const behind = isInterfaceType(type) ? graph.schema.getPossibleTypes(type).map((one) => one.name) : [];
      return openAmong(behind).every((noun) => shows(noun, name)) ? field : null;
    },
  });
  return pruneSchema(seen);
}

const isOpenCode = ({ extensions }: { readonly extensions?: object | null | undefined }): boolean =>
  (extensions as FieldModel | undefined)?.hubCode?.open === true;

/** What a statement does not answer of a query: the document with those fields alone, and all names of the answer in order. */
export function beyondStatement(
  { schema, roots }: Graph,
  operation: Operation,
  values: Values,
): { readonly document: DocumentNode; readonly names: readonly string[] } {
  const query = schema.getQueryType();
  const { definition, fragments } = operation;
  const fields = query && collectFields(schema, operation, values, query, [definition.selectionSet]);
  const selections = [...(fields?.values() ?? [])]
    .flat()
    .filter(({ name: { value } }) => !roots.has(value) && value !== '__typename');
  const rest = { ...definition, selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
  return {
    document: { kind: Kind.DOCUMENT, definitions: [rest, ...Object.values(fragments)] },
    names: [...(fields?.keys() ?? [])],
  };
}
