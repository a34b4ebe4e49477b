/** Interfaces and unions at the start: what the engine could not serve is named before anybody asks for it. */
import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLObjectType } from 'graphql';
import { inspect } from 'node:util';

/** A field that is answered with rows. */
interface Leading {
  readonly definition: GraphQLField<unknown, unknown>;
  readonly leadsTo: readonly string[];
  readonly shape: 'one' | 'list' | 'connection';
}

/** What is wrong with a field that leads to an interface or a union; nothing where it does not. */
export function faultsOfField(
  coordinate: string,
  { definition, leadsTo, shape }: Leading,
  nouns: ReadonlyMap<string, { readonly table: unknown }>,
): readonly string[] {
  const type = getNamedType(definition.type);
  const items = isObjectType(type) && shape === 'connection' ? type.getFields()['nodes']?.type : definition.type;
  if (items === undefined || !isAbstractType(getNamedType(items))) return [];
  if (shape === 'connection') return [`${coordinate}: pages are of one type, not of an interface or a union`];
  return leadsTo
    .filter((name) => nouns.get(name)?.table === undefined)
    .map((name) => `${coordinate}: ${name}, which it may lead to, has no table`);
}

/** Arguments that a type takes otherwise than its interface: they are read once, through either. */
export const faultsOfArguments = (type: GraphQLObjectType): readonly string[] =>
  type.getInterfaces().flatMap((declared) =>
    Object.values(declared.getFields())
      .filter((field) => argumentsOf(field) !== argumentsOf(type.getFields()[field.name]))
      .map(({ name }) => `${type.name}.${name}: its arguments are not those of ${declared.name}.${name}`),
  );

const argumentsOf = (field: GraphQLField<unknown, unknown> | undefined): string =>
  (field?.args ?? [])
    .map(({ name, type, defaultValue }) => `${name}: ${String(type)} = ${inspect(defaultValue)}`)
    .sort()
    .join(', ');
