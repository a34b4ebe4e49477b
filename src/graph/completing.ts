/**
 * Stock graphql-js over the answer of a statement: where code answers some of the fields, the JSON is parsed, everything
 * that the statement answered is taken from it as it is, and the code is asked about the rest. The statement has decided
 * all of it: a field that is denied is null in the JSON or has nothing there that its code could be asked with.
 */
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLUnionType,
  Kind,
  execute,
  isSpecifiedScalarType,
} from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { TYPE_NAME, needsName } from './code-fields.ts';
import { isAnswer } from './code-source.ts';
import { collectFields } from './fields.ts';
import type { FieldModel } from './model.ts';
import type { Graph } from './noun.ts';
import type { Operation } from './operation.ts';
import type { Values } from './values.ts';

type Held = Readonly<Record<string, unknown>>;

/** The schema in which only fields that code answers about a row have resolvers. Made once a graph. */
export function schemaForCompleting({ schema }: Graph): GraphQLSchema {
  return mapSchema(schema, {
    // A row is an object of JSON and of no class.
    [MapperKind.OBJECT_TYPE]: (type) => new GraphQLObjectType({ ...type.toConfig(), isTypeOf: null }),
    [MapperKind.INTERFACE_TYPE]: (type) => new GraphQLInterfaceType({ ...type.toConfig(), resolveType: null }),
    [MapperKind.UNION_TYPE]: (type) => new GraphQLUnionType({ ...type.toConfig(), resolveType: null }),
    // The statement wrote the text of every value; only what code says is still to be written.
    [MapperKind.SCALAR_TYPE]: (type) =>
      isSpecifiedScalarType(type)
        ? type
        : new GraphQLScalarType({
            ...type.toConfig(),
            serialize: (value) => (typeof value === 'string' ? value : type.serialize(value)),
          }),
    [MapperKind.OBJECT_FIELD]: ({ resolve, ...field }, name) => {
      if ((field.extensions as FieldModel | undefined)?.hubNeeds === undefined || !resolve) return field;
      return { ...field, resolve: withNeeds(needsName(name), resolve as GraphQLFieldResolver<unknown, unknown>) };
    },
  });
}

/** Asks the code with what the statement read for it; where it read nothing, the field is denied. */
const withNeeds =
  (needs: string, resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<Held, unknown> =>
  (row, args, context, info) =>
    row[needs] === undefined ? null : resolve(row[needs], args, context, info);

/** What is completed, and for whom. */
export interface Completing {
  /** From `schemaForCompleting`. */
  readonly schema: GraphQLSchema;
  /** The operation, of fields that the statement answers. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Held;
  /** The statement's answer, parsed. */
  readonly data: Held;
  /** Coordinates that are null although the code might answer them. */
  readonly withheld: ReadonlySet<string>;
  readonly context: unknown;
}

/** Completes the answer. Never throws for what a field's code throws: that field is null with its error. */
export async function complete({
  schema,
  document,
  operationName,
  variables,
  data,
  withheld,
  context,
}: Completing): Promise<Pick<ExecutionResult, 'data' | 'errors'>> {
  return execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    rootValue: data,
    contextValue: context,
    // The statement names values as the caller does, code as the type does.
    fieldResolver: (source: Held, _args, _context, { parentType, fieldName, path }) => {
      if (!isAnswer(parentType)) return source[path.key];
      return withheld.has(`${parentType.name}.${fieldName}`) ? null : source[fieldName];
    },
    typeResolver: (row: Held) => row[TYPE_NAME] as string | undefined,
  });
}

/** The document with the root fields that the statement answers, and no others. */
export function withinStatement({ schema, roots }: Graph, operation: Operation, values: Values): DocumentNode {
  const query = schema.getQueryType();
  const { definition, fragments } = operation;
  const fields = query && collectFields(schema, operation, values, query, [definition.selectionSet]);
  const selections = [...(fields?.values() ?? [])]
    .flat()
    .filter(({ name: { value } }) => roots.has(value) || value === '__typename');
  const within = { ...definition, selectionSet: { kind: Kind.SELECTION_SET, selections } } as const;
  return { kind: Kind.DOCUMENT, definitions: [within, ...Object.values(fragments)] };
}
