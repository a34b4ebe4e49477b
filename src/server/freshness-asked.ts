/** `Hub-Freshness: include`: how fresh the data behind an answer is, beside it, for whoever asks. */
import {
  GraphQLError,
  TypeInfo,
  getNamedType,
  isObjectType,
  separateOperations,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Bound } from '../access/index.ts';
import { badRequest } from '../platform/errors.ts';
import type { AnswerFreshness, TellFreshness } from '../sharing/index.ts';

/** Whether the header asks for it. @throws BAD_REQUEST for anything that it can not mean */
export function readFreshness(sent: string | undefined): boolean {
  if (sent === undefined) return false;
  if (sent === 'include') return true;
  throw badRequest('The header "Hub-Freshness" must be include, or be left out.', { header: 'Hub-Freshness' });
}

/** Tells the feeds behind what an operation reads. */
export type FreshnessOf = (
  document: DocumentNode,
  operationName: string | undefined,
  caller: Bound,
) => Promise<readonly AnswerFreshness[]>;

/** Knows what each document reads once it was asked about it. */
export function freshnessOf(schema: GraphQLSchema, tell: TellFreshness): FreshnessOf {
  const known = new WeakMap<DocumentNode, Map<string, readonly string[]>>();
  return (document, operationName, caller) => {
    const operations = known.get(document) ?? new Map<string, readonly string[]>();
    known.set(document, operations);
    const name = operationName ?? '';
    const types = operations.get(name) ?? typesRead(schema, document, name);
    operations.set(name, types);
    return tell(types, caller);
  };
}

/** The object types that the operation can have rows of, fragments included. */
function typesRead(schema: GraphQLSchema, document: DocumentNode, operationName: string): readonly string[] {
  const separate = separateOperations(document);
  const asked = separate[operationName] ?? Object.values(separate)[0];
  if (asked === undefined) throw new GraphQLError('There is no operation');
  const types = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    asked,
    visitWithTypeInfo(info, {
      Field: () => {
        const type = getNamedType(info.getType());
        if (isObjectType(type)) types.add(type.name);
      },
      InlineFragment: () => {
        const type = getNamedType(info.getType());
        if (isObjectType(type)) types.add(type.name);
      },
    }),
  );
  return [...types];
}
