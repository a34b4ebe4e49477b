/** Stock graphql-js over variables that are coerced already: a call of a thousand items is read once and not twice. */
import { GraphQLScalarType, GraphQLSchema, Kind, visit } from 'graphql';
import type { DocumentNode, NamedTypeNode } from 'graphql';

/** Takes a value as it is. Only in the schema that operations are run on, never in the one that callers see. */
const COERCED = new GraphQLScalarType({ name: 'Coerced', parseValue: (value) => value });

const AS_COERCED: NamedTypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED.name } };

/** The schema with a type for coerced variables. */
export function schemaForCoerced(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, COERCED] });
}

const retyped = new WeakMap<DocumentNode, DocumentNode>();

/** The document with variables of that type: absent ones stay absent, as their defaults are in the values by now. */
export function documentForCoerced(document: DocumentNode): DocumentNode {
  const known = retyped.get(document);
  if (known !== undefined) return known;
  const made: DocumentNode = visit(document, {
    VariableDefinition: ({ defaultValue: _, ...definition }) => ({ ...definition, type: AS_COERCED }),
  });
  retyped.set(document, made);
  return made;
}
