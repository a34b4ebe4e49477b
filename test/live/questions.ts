/** The hub's schema with the two questions of these tests: the departments' own, or what stands in for one that is missing. */
import { buildSchema } from 'type-graphql';
import type { GraphQLSchema } from 'graphql';
import { withAbsent } from '../../src/graph/index.ts';
import { readAbsent } from '../../src/server/department-modules.ts';
import { resolvers } from '../../src/server/resolvers.ts';
import { buildHubSchema } from '../../src/server/schema.ts';
import { isInstalled } from '../harness/installed.ts';

/** With `Person.liveEmployment` of labour and `Person.liveInsurance` of medical security, whatever is installed. */
export async function schemaWithQuestions(): Promise<GraphQLSchema> {
  if (['LiveEmployment', 'LiveInsurance'].every(isInstalled)) return buildHubSchema();
  const { STAND_INS } = await import('./stand-ins.ts');
  const missing = STAND_INS.filter(([type]) => !isInstalled(type));
  const asking = missing.map(([, resolver]) => resolver);
  const names = missing.flatMap(([type]) => [type, `Person.${type.replace('Live', 'live')}`]);
  const absent = [...readAbsent().names].filter((name) => !names.includes(name));
  return withAbsent(await buildSchema({ resolvers: [...resolvers, ...asking], validate: false }), new Set(absent));
}
