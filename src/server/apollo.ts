/**
 * Apollo Server as the frame around the engine: it reads a request, parses and validates its document, and hands the
 * operation to the engine as a "gateway" would.
 */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { ApolloServerOptionsWithGateway, ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Bounds } from '../platform/bounds.ts';
import type { Logger } from '../platform/log.ts';
import { formatErrorWith } from './graphql-errors.ts';
import { formLimits } from './limits.ts';
import { conclude, stringify } from './operations.ts';
import type { RequestContext, RunOperation } from './operations.ts';

type Gateway = NonNullable<ApolloServerOptionsWithGateway<RequestContext>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** What Apollo Server is built from. */
export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly run: RunOperation;
  /** Is told of every document that passed, with its text. */
  readonly onValid: (text: string, document: DocumentNode) => void;
  readonly bounds: Bounds;
  readonly log: Logger;
}

/** A started Apollo Server. Without a token nothing reaches it: its callers are authenticated before. */
export async function startApollo({
  schema,
  run,
  onValid,
  bounds,
  log,
}: ApolloParts): Promise<ApolloServer<RequestContext>> {
  const server = new ApolloServer<RequestContext>({
    gateway: gatewayTo(schema, async ({ request: { query = '', operationName, variables }, document, context }) => {
      onValid(query, document);
      const { errors, ...rest } = await run({ document, operationName, variables, context: context as RequestContext });
      // Apollo's own types are of a parsed answer; the text of an unparsed one passes through to `stringify`.
      return {
        ...(rest as { data?: Record<string, unknown> }),
        ...(errors === undefined ? {} : { errors: [...errors] }),
      };
    }),
    stringifyResult: stringify,
    formatError: formatErrorWith(log),
    validationRules: [formLimits(bounds)],
    maxRecursiveSelections: bounds.selections,
    parseOptions: { maxTokens: bounds.tokens },
    // Valid documents are kept by the route, which does not ask Apollo again.
    documentStore: null,
    // Authenticated callers may introspect; the engine shows each what it may ask for.
    introspection: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger: quiet(log),
    // Nothing is reported to anyone, whatever the environment holds; and cache hints would wrap every field.
    plugins: [
      concluding,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();
  return server;
}

function gatewayTo(schema: GraphQLSchema, executor: Executor): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () => Promise.resolve({ executor }),
    stop: () => Promise.resolve(),
  };
}

/** Gives every answer the head that the hub's own table says, in place of Apollo's. */
const concluding: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ response: { http, body }, contextValue }) {
        if (body.kind !== 'single') return Promise.reject(new Error('The hub answers in one piece'));
        const { status, headers } = conclude(body.singleResult, contextValue);
        http.status = status;
        http.headers.clear();
        for (const [name, value] of headers) http.headers.set(name, value);
        return Promise.resolve();
      },
    }),
};

/** Apollo's own log, without its texts: they may quote a request. */
function quiet(log: Logger) {
  const say = (level: 'debug' | 'warn' | 'error') => () => {
    log[level]('Apollo Server reports a fault of its own; its text is withheld');
  };
  return { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') };
}
