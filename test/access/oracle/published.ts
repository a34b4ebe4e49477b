/** The schema as it is published, `schema/schema.graphql`: types and arguments for graphql-js, and no code of the hub. */
import { readFileSync } from 'node:fs';
import { Kind, buildSchema, isScalarType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

/** Codes of divisions may be sent short: two, four, six or nine digits of the twelve. */
const whole = (code: unknown): string => String(code).padEnd(12, '0');

/** Reads it; of the scalars only the codes of divisions change on their way in. */
export function readSchema(path = 'schema/schema.graphql'): GraphQLSchema {
  const schema = buildSchema(readFileSync(path, 'utf8'));
  const code = schema.getType('RegionCode');
  if (!isScalarType(code)) throw new Error('The schema has no RegionCode');
  code.parseValue = whole;
  code.parseLiteral = (node) => (node.kind === Kind.STRING || node.kind === Kind.INT ? whole(node.value) : null);
  return schema;
}
