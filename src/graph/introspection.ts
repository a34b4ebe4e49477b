/** The schema as one caller sees it: what the caller may not ask for is left out. A convenience; the gate is the plan. */
import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';
import type { Graph } from './noun.ts';
import { isDenial } from './policy.ts';
import type { AccessProfile, Policy } from './policy.ts';
import { scopeOf } from './scoping.ts';

/** A schema without the denied types, fields and operations, and without resolvers. */
export function schemaFor<P extends AccessProfile>(graph: Graph, policy: Policy<P>, profile: P): GraphQLSchema {
  const roots = new Set([graph.schema.getQueryType()?.name, graph.schema.getMutationType()?.name]);
  const seen = mapSchema(graph.schema, {
    [MapperKind.OBJECT_FIELD]: ({ resolve: _resolve, ...field }, name, typeName) => {
      if (roots.has(typeName)) return policy.operation(profile, name).kind === 'allow' ? field : null;
      const noun = graph.nouns.get(typeName);
      const known = noun?.fields.get(name);
      if (noun === undefined || known === undefined) return field;
      if (isDenial(scopeOf(policy, profile, noun))) return null;
      const next = known.leadsTo === undefined ? undefined : graph.nouns.get(known.leadsTo);
      if (next !== undefined && isDenial(scopeOf(policy, profile, next))) return null;
      return policy.field(profile, known.coordinate, known.rule).kind === 'deny' ? null : field;
    },
  });
  return pruneSchema(seen);
}
