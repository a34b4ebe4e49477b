/**
 * The variables of a request as graphql-js coerces them, through functions made once for each type: a call of a thousand
 * items asks no type what it is. What does not fit is left to graphql-js, which says what is wrong.
 */
import {
  getVariableValues,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
} from 'graphql';
import type {
  GraphQLError,
  GraphQLInputObjectType,
  GraphQLInputType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

/** Coerced variables, or what is wrong with them. */
export type Variables =
  { readonly coerced: Readonly<Record<string, unknown>> } | { readonly errors: readonly GraphQLError[] };

/** Reads the variables of one request. */
export type VariablesReader = (given: Readonly<Record<string, unknown>>) => Variables;

/** @throws Unfit */
type Coerce = (value: unknown) => unknown;

/** The value is not in the plain form of its type. Made once: nobody looks at where it was thrown. */
class Unfit extends Error {}
const UNFIT = new Unfit();

const MOST_ERRORS = 20;

/** The reader of an operation's variables. */
export function variablesReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): VariablesReader {
  const readers = variableDefinitions.map((definition) => {
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) throw new Error('A variable of no input type passed validation');
    const name = definition.variable.name.value;
    const { defaultValue } = definition;
    const absent = defaultValue === undefined ? undefined : valueFromAST(defaultValue, type);
    return { name, coerce: coercerOf(type), required: isNonNullType(type), absent };
  });
  return (given) => {
    const coerced = Object.create(null) as Record<string, unknown>;
    try {
      for (const { name, coerce, required, absent } of readers) {
        if (Object.hasOwn(given, name)) coerced[name] = coerce(given[name]);
        else if (absent !== undefined) coerced[name] = absent;
        else if (required) throw UNFIT;
      }
      return { coerced };
    } catch {
      const read = getVariableValues(schema, variableDefinitions, given, { maxErrors: MOST_ERRORS });
      return read.errors === undefined ? { coerced: read.coerced } : { errors: read.errors };
    }
  };
}

const coercers = new WeakMap<GraphQLInputType, Coerce>();

function coercerOf(type: GraphQLInputType): Coerce {
  const known = coercers.get(type);
  if (known !== undefined) return known;
  // A type may hold itself: whoever asks for it meanwhile gets a function that looks it up when it is called.
  coercers.set(type, (value) => coercers.get(type)?.(value));
  const made = makeCoercer(type);
  coercers.set(type, made);
  return made;
}

function makeCoercer(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercerOf(type.ofType);
    return (value) => {
      if (value === undefined || value === null) throw UNFIT;
      return coerce(value);
    };
  }
  const coerce = isListType(type)
    ? listCoercer(type.ofType)
    : isInputObjectType(type)
      ? objectCoercer(type)
      : leaf(type);
  return (value) => (value === undefined || value === null ? null : coerce(value));
}

function listCoercer(itemType: GraphQLInputType): Coerce {
  const coerce = coercerOf(itemType);
  return (value) => (Array.isArray(value) ? value.map((item) => coerce(item)) : [coerce(value)]);
}

function objectCoercer(type: GraphQLInputObjectType): Coerce {
  const fields = Object.values(type.getFields()).map(({ name, type: fieldType, defaultValue }) => ({
    name,
    coerce: coercerOf(fieldType),
    required: isNonNullType(fieldType),
    absent: defaultValue,
  }));
  const names = new Set(fields.map(({ name }) => name));
  return (value) => {
    if (type.isOneOf || typeof value !== 'object' || Array.isArray(value)) throw UNFIT;
    const given = value as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(given)) if (!names.has(name)) throw UNFIT;
    const coerced: Record<string, unknown> = {};
    for (const { name, coerce, required, absent } of fields) {
      const held = given[name];
      if (held !== undefined) coerced[name] = coerce(held);
      else if (absent !== undefined) coerced[name] = absent;
      else if (required) throw UNFIT;
    }
    return coerced;
  };
}

const leaf =
  (type: { parseValue(value: unknown): unknown }): Coerce =>
  (value) => {
    // An iterable that is no list, or an object for a scalar that takes none: graphql-js knows.
    const parsed = type.parseValue(value);
    if (parsed === undefined) throw UNFIT;
    return parsed;
  };
