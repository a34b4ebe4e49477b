/** Stock graphql-js, for mutations and introspection. */
import { execute } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { EngineRequest, EngineResult } from './engine.ts';

/** The answer of graphql-js, without the members that it left out. */
export async function executeStock(
  schema: GraphQLSchema,
  { document, operationName, variables, context }: EngineRequest,
): Promise<EngineResult> {
  const { data, errors } = await execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: context,
  });
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
}
