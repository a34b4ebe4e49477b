/**
 * Trusted documents over GET, so that a caller's cache can keep the answer: only where the answer is of public data.
 * Anything else in an address would stand in the logs of every proxy on the way, and would not be on record when a cache
 * answers. See docs/decisions/0007-trusted-documents.md.
 */
import { createHash } from 'node:crypto';
import { Kind, OperationTypeNode, getOperationAST } from 'graphql';
import type { DocumentNode, SelectionSetNode } from 'graphql';
import { toBytes } from '../platform/bytes.ts';
import { badRequest } from '../platform/errors.ts';
import type { GraphqlAnswer } from './graphql-route.ts';
import type { MediaType } from './media-type.ts';

/** How long a cache of the caller's own may answer in the hub's place, in seconds. */
const MAX_AGE = 60;

/** What a GET asks for, in the form of a body. */
export interface DocumentRequest {
  readonly documentId: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The parameters of an address: `documentId`, `operationName`, `variables` as JSON. Undefined where no document is named.
 * @throws BAD_REQUEST
 */
export function readDocumentRequest(query: Readonly<Record<string, unknown>>): DocumentRequest | undefined {
  const one = (name: string): string | undefined => {
    const value = query[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw badRequest(`Name "${name}" once in the address.`);
    return value;
  };
  const documentId = one('documentId');
  if (documentId === undefined || query['query'] !== undefined) return undefined;
  return { documentId, operationName: one('operationName'), variables: toVariables(one('variables')) };
}

function toVariables(text: string | undefined): DocumentRequest['variables'] {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('"variables" in the address must be a JSON object.');
  return value as Record<string, unknown>;
}

/**
 * Whether the operation is a query whose root fields are all public. An operation that cannot be told reads nothing, so it
 * may go on to be refused as such.
 */
export function readsPublicData(
  document: DocumentNode,
  operationName: string | undefined,
  isPublic: (rootField: string) => boolean,
): boolean {
  const operation = getOperationAST(document, operationName);
  if (!operation) return true;
  if (operation.operation !== OperationTypeNode.QUERY) return false;
  return rootFields(document, operation.selectionSet).every((name) => name === '__typename' || isPublic(name));
}

/** Names of the fields of a selection set, those in fragments included, whatever their conditions. */
function rootFields(document: DocumentNode, { selections }: SelectionSetNode): string[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node.name.value];
    if (node.kind === Kind.INLINE_FRAGMENT) return rootFields(document, node.selectionSet);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === node.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(document, fragment.selectionSet) : [];
  });
}

/** The answer with what a cache has to know; without its body where the cache holds the same already. */
export function cacheable(
  { status, headers, body }: GraphqlAnswer,
  media: MediaType,
  ifNoneMatch: string | undefined,
): GraphqlAnswer {
  const etag = `"${createHash('sha256').update(media).update(body, 'latin1').digest('base64url')}"`;
  const told = [
    ...headers,
    // Whoever asks has to have a token in force; so no cache that others share may answer.
    ['cache-control', `private, max-age=${MAX_AGE}`],
    ['etag', etag],
    ['vary', 'Accept, Authorization'],
  ] as const;
  const held = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return held.includes(etag) || held.includes('*')
    ? { status: 304, headers: told, body: toBytes('') }
    : { status, headers: told, body };
}
