/** What a coordinate of the schema names, in the terms that a policy decides about. */
import { GraphQLError, isInterfaceType, isObjectType, parseSchemaCoordinate, resolveSchemaCoordinate } from 'graphql';
import type { GraphQLArgument, GraphQLEnumValue, GraphQLInputField, GraphQLSchema } from 'graphql';
import type { Graph, Noun, NounField } from '../../graph/index.ts';
import { badUserInput } from '../../platform/errors.ts';

/** A coordinate that something can be said about. */
export type Named =
  /** A field of a noun. */
  | { readonly kind: 'field'; readonly noun: Noun; readonly field: NounField }
  /** A field of an interface: what it is on each noun behind. */
  | { readonly kind: 'interface'; readonly fields: readonly { readonly noun: Noun; readonly field: NounField }[] }
  /** A field of Query or Mutation. */
  | { readonly kind: 'operation'; readonly parent: 'Query' | 'Mutation'; readonly name: string }
  /** An argument, a field of an input or a value that an argument takes, of each field that can be given it. */
  | { readonly kind: 'argument'; readonly uses: readonly ArgumentUse[] }
  /** A field of a page (a connection, an edge) of a noun. */
  | { readonly kind: 'page'; readonly noun: Noun; readonly isCount: boolean }
  /** A field of what a mutation or a query answered by code answers with: no rule of its own. */
  | { readonly kind: 'frame' };

/** An argument of a field, with one value. */
export interface ArgumentUse {
  /** Coordinate of the field, e.g. `Query.recipients`. */
  readonly of: string;
  readonly argument: GraphQLArgument;
  /** The path to the field of an input within it, and the value there, where those are asked about. */
  readonly path: readonly GraphQLInputField[];
  readonly value: GraphQLEnumValue | undefined;
}

/**
 * Finds what a coordinate names: `Type.field`, `Type.field(argument:)`, `Input.field`, `Enum.VALUE`.
 * @throws HubError BAD_USER_INPUT for one that is malformed or names nothing of the catalogue
 */
export function findCoordinate(graph: Graph, coordinate: string): Named {
  const { schema } = graph;
  const element = resolve(schema, coordinate);
  if (element === undefined) throw unknownCoordinate(graph, coordinate);
  switch (element.kind) {
    case 'Field': {
      const { type, field } = element;
      if (type === schema.getQueryType()) return { kind: 'operation', parent: 'Query', name: field.name };
      if (type === schema.getMutationType()) return { kind: 'operation', parent: 'Mutation', name: field.name };
      if (isInterfaceType(type)) {
        const nouns = schema.getPossibleTypes(type).flatMap(({ name }) => graph.nouns.get(name) ?? []);
        const fields = nouns.flatMap((noun) => {
          const own = noun.fields.get(field.name);
          return own === undefined ? [] : [{ noun, field: own }];
        });
        return { kind: 'interface', fields };
      }
      return namedField(graph, type.name, field.name);
    }
    case 'FieldArgument':
      return argumentOf(graph, [
        {
          of: `${element.type.name}.${element.field.name}`,
          argument: element.fieldArgument,
          path: [],
          value: undefined,
        },
      ]);
    case 'InputField':
      return argumentOf(
        graph,
        usesOfType(schema, element.type.name).map((use) => ({ ...use, path: [...use.path, element.inputField] })),
      );
    case 'EnumValue':
      return argumentOf(
        graph,
        usesOfType(schema, element.type.name).map((use) => ({ ...use, value: element.enumValue })),
      );
    default:
      throw unknownCoordinate(graph, coordinate);
  }
}

const argumentOf = (_graph: Graph, uses: readonly ArgumentUse[]): Named =>
  uses.length === 0 ? { kind: 'frame' } : { kind: 'argument', uses };

function namedField(graph: Graph, type: string, name: string): Named {
  const noun = graph.nouns.get(type);
  const field = noun?.fields.get(name);
  if (noun !== undefined && field !== undefined) return { kind: 'field', noun, field };
  for (const one of graph.nouns.values())
    if (type === `${one.name}Connection` || type === `${one.name}Edge`)
      return { kind: 'page', noun: one, isCount: name === 'totalCount' };
  return { kind: 'frame' };
}

/** Every argument whose type is the one named, or an input that holds it. */
function usesOfType(schema: GraphQLSchema, name: string): readonly ArgumentUse[] {
  const within = (typeName: string): readonly (readonly GraphQLInputField[])[] => {
    if (typeName === name) return [[]];
    const type = schema.getType(typeName);
    if (type === undefined || !('getFields' in type) || isObjectType(type) || isInterfaceType(type)) return [];
    return Object.values(type.getFields() as Readonly<Record<string, GraphQLInputField>>).flatMap((field) =>
      bareName(field.type) === typeName ? [] : within(bareName(field.type)).map((path) => [field, ...path]),
    );
  };
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    !isObjectType(type) || type.name.startsWith('__')
      ? []
      : Object.values(type.getFields()).flatMap((field) =>
          field.args.flatMap((argument) =>
            within(bareName(argument.type)).map((path): ArgumentUse => ({
              of: `${type.name}.${field.name}`,
              argument,
              path,
              value: undefined,
            })),
          ),
        ),
  );
}

const bareName = (type: { toString(): string }): string => type.toString().replaceAll(/[[\]!]/g, '');

type Element = ReturnType<typeof resolveSchemaCoordinate>;

function resolve(schema: GraphQLSchema, coordinate: string): Element {
  try {
    parseSchemaCoordinate(coordinate);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw badUserInput(
      'coordinate: write Type.field, Type.field(argument:), Input.field or Enum.VALUE, e.g. Person.address',
    );
  }
  try {
    return resolveSchemaCoordinate(schema, coordinate);
  } catch {
    // The type, or the field that an argument was named of, is not there.
    return undefined;
  }
}

/** Suggestions are of the catalogue of fields, which every authenticated caller may read. */
function unknownCoordinate({ nouns }: Graph, coordinate: string) {
  const [type = '', field = ''] = coordinate.split('.');
  const known = nouns.get(type);
  const candidates =
    known === undefined
      ? [...nouns.values()].flatMap(({ fields }) => (fields.has(field) ? (fields.get(field)?.coordinate ?? []) : []))
      : [...known.fields.values()].map((one) => one.coordinate);
  const shown = candidates.slice(0, MOST_SHOWN);
  const more = candidates.length > shown.length ? ', …' : '';
  const instead = shown.length === 0 ? 'the schema lists the types' : `there are ${shown.join(', ')}${more}`;
  return badUserInput(`coordinate: the catalogue has nothing of this name; ${instead}`);
}

const MOST_SHOWN = 40;
