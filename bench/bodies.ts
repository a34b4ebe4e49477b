/** Requests as they go over the wire, in the dialect of each contestant. */
import type { Contestant } from './contestants.ts';
import { documentOf } from './operations.ts';
import type { Operation } from './operations.ts';
import { postgraphileRequest } from './postgraphile-dialect.ts';
import type { Translating } from './postgraphile-dialect.ts';

/** The bodies of the operation's requests for this contestant. */
export function bodiesOf(operation: Operation, { dialect }: Contestant, translating: Translating): readonly string[] {
  const { operationName, requests } = operation;
  if (dialect === 'postgraphile') {
    return requests.map((variables) => JSON.stringify(postgraphileRequest(operation, variables, translating)));
  }
  const query = documentOf(operation);
  return requests.map((variables) => JSON.stringify({ operationName, query, variables }));
}
