import { registerEnumType } from 'type-graphql';

const MEANINGS = new WeakMap<object, Readonly<Record<string, string>>>();

/**
 * A closed list of codes: the GraphQL enum, the type of the column and the list in its CHECK come from one place.
 * `values` maps each code to its description (中文 · English); a code is stored and sent as it is written here.
 */
export function closedList<const V extends Readonly<Record<string, string>>>(
  name: string,
  description: string,
  values: V,
): { readonly [K in keyof V]: K } {
  const codes: Record<string, string> = {};
  const valuesConfig: Record<string, { description: string }> = {};
  for (const [code, meaning] of Object.entries(values)) {
    codes[code] = code;
    valuesConfig[code] = { description: meaning };
  }
  registerEnumType(codes, { name, description, valuesConfig });
  MEANINGS.set(codes, values);
  return codes as { readonly [K in keyof V]: K };
}

/** The descriptions of a closed list by code, as they were declared. */
export function meaningsOf(list: object): Readonly<Record<string, string>> {
  const meanings = MEANINGS.get(list);
  if (meanings === undefined) throw new Error('Not a closed list');
  return meanings;
}

/**
 * A closed list of what a caller may group or order by: each code stands for a property, which is what a plan function
 * gets (`Slot.choices`), and which properties are named chooses the statement.
 */
export function propertyList<const V extends Readonly<Record<string, readonly [property: string, meaning: string]>>>(
  name: string,
  description: string,
  values: V,
): { readonly [K in keyof V]: V[K][0] } {
  const properties: Record<string, string> = {};
  const valuesConfig: Record<string, { description: string }> = {};
  for (const [code, [property, meaning]] of Object.entries(values)) {
    properties[code] = property;
    valuesConfig[code] = { description: meaning };
  }
  registerEnumType(properties, { name, description, valuesConfig });
  return properties as { readonly [K in keyof V]: V[K][0] };
}

/** The predicate of a CHECK: the column holds a code of the list. */
export const isOneOf = (column: string, list: object): string =>
  `${column} in (${Object.keys(list)
    .map((code) => `'${code}'`)
    .join(', ')})`;
