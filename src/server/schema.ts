/** The schema of the whole hub, and the graph that the engine reads out of it. */
import { lexicographicSortSchema, printSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { createDataSource } from '../../ormconfig.ts';
import { readGraph, withAbsent } from '../graph/index.ts';
import type { Graph } from '../graph/index.ts';
import { readAbsent } from './department-modules.ts';
import { resolvers } from './resolvers.ts';

/** The schema of the whole hub, as the resolvers describe it. Inputs are checked by the services that take them. */
export async function buildHubSchema(): Promise<GraphQLSchema> {
  return withAbsent(await buildSchema({ resolvers: [...resolvers], validate: false }), readAbsent().names);
}

/** The schema with the tables, columns and relations behind it. TypeORM tells its metadata only once it has connected to `url`. */
export async function describeGraph(schema: GraphQLSchema, url: string): Promise<Graph> {
  // Only for its metadata; the pool is what queries go through.
  const source = await createDataSource(url).initialize();
  try {
    return readGraph(schema, source);
  } finally {
    await source.destroy();
  }
}

/** The schema in its definition language, in an order that does not depend on the order of imports. */
export function toSdl(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
