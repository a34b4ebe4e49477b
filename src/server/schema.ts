import { lexicographicSortSchema, printSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { withAbsent } from '../graph/index.ts';
import { readAbsent } from './department-modules.ts';
import { resolvers } from './resolvers.ts';

/** The schema of the whole hub, as the resolvers describe it. Inputs are checked by the services that take them. */
export async function buildHubSchema(): Promise<GraphQLSchema> {
  return withAbsent(await buildSchema({ resolvers: [...resolvers], validate: false }), readAbsent().names);
}

/** The schema in its definition language, in an order that does not depend on the order of imports. */
export function toSdl(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
