import { registerEnumType } from 'type-graphql';

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
  return codes as { readonly [K in keyof V]: K };
}

/** The predicate of a CHECK: the column holds a code of the list. */
export const isOneOf = (column: string, list: object): string =>
  `${column} in (${Object.keys(list)
    .map((code) => `'${code}'`)
    .join(', ')})`;
