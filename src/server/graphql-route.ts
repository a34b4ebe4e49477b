/**
 * From a parsed body to an answer, on one of two roads. A document that Apollo Server has passed once (or that is trusted)
 * goes straight to the engine; anything else goes through Apollo, which parses, validates, and says what is wrong. The
 * same functions run the operation, form the errors and write the answer on both, and a test compares them byte by byte.
 */
import { HeaderMap } from '@apollo/server';
import type { ApolloServer } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Engine } from '../access/index.ts';
import type { Bounds } from '../platform/bounds.ts';
import { toBytes } from '../platform/bytes.ts';
import type { ByteText } from '../platform/bytes.ts';
import { badRequest, documentFault, documentNotTrusted } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { startApollo } from './apollo.ts';
import type { Documents } from './documents.ts';
import { conclude, encode, operationRunner } from './operations.ts';
import type { RequestContext, RunOperation } from './operations.ts';

/** An answer over HTTP, in the media type of its context. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: ByteText;
}

/** What GraphQL is answered with. */
export interface GraphqlParts {
  readonly schema: GraphQLSchema;
  readonly engine: Pick<Engine, 'execute'>;
  readonly documents: Documents;
  readonly bounds: Bounds;
  readonly log: Logger;
}

/** GraphQL behind HTTP. */
export interface Graphql {
  /** Answers a parsed body. @throws HubError for a document that is not known or not trusted */
  answer(body: unknown, context: RequestContext): Promise<GraphqlAnswer>;
  stop(): Promise<void>;
}

/** Both roads, open. */
export async function openGraphql({ schema, engine, documents, bounds, log }: GraphqlParts): Promise<Graphql> {
  const run = operationRunner(engine, log);
  const onValid = (text: string, document: DocumentNode): void => {
    documents.keep(text, document);
  };
  const apollo = await startApollo({ schema, run, onValid, bounds, log });
  return {
    async answer(sent, context) {
      const body = withText(sent, documents);
      const document = isPlain(body) ? documents.find(body.query) : undefined;
      return document === undefined || !isPlain(body)
        ? byApollo(apollo, body, context)
        : straight(run, document, body, context);
    },
    stop: () => apollo.stop(),
  };
}

/** A body that leaves nothing to explain. */
interface PlainBody {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

async function straight(
  run: RunOperation,
  document: DocumentNode,
  { operationName, variables }: PlainBody,
  context: RequestContext,
): Promise<GraphqlAnswer> {
  const completed = await run({
    document,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    context,
  });
  return { ...conclude(completed, context), body: encode(completed) };
}

async function byApollo(
  apollo: ApolloServer<RequestContext>,
  body: unknown,
  context: RequestContext,
): Promise<GraphqlAnswer> {
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      // The body is JSON and the media type is settled, or the request would not have come so far.
      headers: new HeaderMap([
        ['content-type', 'application/json'],
        ['accept', context.media],
      ]),
      search: '',
      body,
    },
    context: () => Promise.resolve(context),
  });
  if (answer.body.kind !== 'complete') throw new Error('The hub answers in one piece');
  return { status: answer.status ?? 200, headers: answer.headers, body: toBytes(answer.body.string) };
}

/** The body with the text that its `documentId` stands for. Where only trusted documents are answered, others end here. */
function withText(body: unknown, documents: Documents): unknown {
  if (!isRecord(body)) return body;
  const { documentId, ...rest } = body;
  if (documentId === undefined || documentId === null) {
    const { query } = body;
    if (!documents.only || typeof query !== 'string' || documents.isTrusted(query)) return body;
    throw documentNotTrusted(documents.trusted);
  }
  if (typeof documentId !== 'string') throw badRequest('"documentId" must be a string.');
  if (rest['query'] !== undefined && rest['query'] !== null)
    throw badRequest('Send either "query" or "documentId", not both.');
  const known = documents.trustedBy(documentId);
  if (known === undefined) throw documents.only ? documentNotTrusted(documents.trusted) : unknownId();
  return { ...rest, query: known.text };
}

const unknownId = () =>
  documentFault(
    'PERSISTED_QUERY_NOT_FOUND',
    'There is no document with this "documentId"; "hub documents" lists those that there are. Send its text as "query".',
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isPlain(body: unknown): body is PlainBody {
  if (!isRecord(body)) return false;
  const { query, operationName = null, variables = null, extensions = null } = body;
  return (
    typeof query === 'string' &&
    (operationName === null || typeof operationName === 'string') &&
    (variables === null || isRecord(variables)) &&
    // A persisted query is for Apollo to refuse; what else clients put there says nothing to the hub.
    (extensions === null || (isRecord(extensions) && !('persistedQuery' in extensions)))
  );
}
