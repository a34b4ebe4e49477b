/**
 * Apollo Server as the frame around the engine: it parses, validates and answers over HTTP, and hands every operation to
 * the engine as a "gateway" would. The engine's text goes into the answer unparsed.
 */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { OperationTypeNode, getOperationAST } from 'graphql';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import type { AidReporter } from '../aid/index.ts';
import type { Engine, EngineResult, HubContext } from '../access/index.ts';
import { documentFault } from '../platform/errors.ts';
import type { HubError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { formatErrorWith, toGraphQLError } from './graphql-errors.ts';
import { shownName } from './safe-message.ts';
import { MOST_SELECTIONS, MOST_TOKENS, formLimits } from './limits.ts';

/** What the log and the metrics may know of an operation; filled while it runs. */
export interface Seen {
  /** As the caller named it. */
  operation?: string | undefined;
  kind?: 'query' | 'mutation';
  /** `OK`, `PARTIAL` (errors beside data), or the code of the first error. */
  outcome: string;
}

/** The context of an operation, with what is noted of it. */
export interface RequestContext extends HubContext {
  readonly aid: AidReporter;
  readonly seen: Seen;
}

type Gateway = NonNullable<ApolloServerOptionsWithGateway<RequestContext>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type ExecutorResult = Awaited<ReturnType<Executor>>;

/** What Apollo Server is built from. */
export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly engine: Pick<Engine, 'execute'>;
  readonly log: Logger;
}

/** A started Apollo Server. Without a token nothing reaches it: its callers are authenticated before. */
export async function startApollo({ schema, engine, log }: ApolloParts): Promise<ApolloServer<RequestContext>> {
  const texts = new WeakMap<object, string>();
  const server = new ApolloServer<RequestContext>({
    gateway: gatewayTo(schema, executorOf(engine, texts, log)),
    stringifyResult: (result) => stringify(result, texts),
    formatError: formatErrorWith(log),
    validationRules: [formLimits],
    maxRecursiveSelections: MOST_SELECTIONS,
    parseOptions: { maxTokens: MOST_TOKENS },
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

function executorOf(engine: Pick<Engine, 'execute'>, texts: WeakMap<object, string>, log: Logger): Executor {
  return async ({ request, document, context: given }): Promise<ExecutorResult> => {
    const context = given as RequestContext;
    const { seen, requestId } = context;
    let result: EngineResult = {};
    let faults: readonly unknown[];
    try {
      // Apollo declares its own `operation` as always there, which it is not.
      const operation = getOperationAST(document, request.operationName);
      if (!operation) throw unresolved(request.operationName);
      if (operation.operation === OperationTypeNode.SUBSCRIPTION)
        throw documentFault('OPERATION_RESOLUTION_FAILURE', 'The hub has no subscriptions.');
      seen.operation = operation.name?.value;
      seen.kind = operation.operation;
      const { operationName, variables = {} } = request;
      result = await engine.execute({ document, operationName, variables, context });
      faults = result.errors ?? [];
    } catch (error) {
      faults = [error];
    }
    const whole = result.text === undefined && (result.data ?? null) === null;
    const errors = faults.map((fault, i) => toGraphQLError(fault, { whole: whole && i === 0, requestId, log }));
    seen.outcome = errors[0] === undefined ? 'OK' : whole ? String(errors[0].extensions['code']) : 'PARTIAL';
    return {
      ...dataOf(result, texts),
      ...(errors.length === 0 ? {} : { errors }),
      ...(result.extensions === undefined ? {} : { extensions: result.extensions }),
    };
  };
}

/** As graphql-js says it, without a name that could be more than a name. */
const unresolved = (name: string | undefined): HubError =>
  documentFault(
    'OPERATION_RESOLUTION_FAILURE',
    name === undefined
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${shownName(name)}".`,
  );

/** The data, or an empty stand-in for text that `stringify` will put in its place. */
function dataOf({ text, data }: EngineResult, texts: WeakMap<object, string>): Pick<ExecutorResult, 'data'> {
  if (text === undefined) return data === undefined ? {} : { data };
  const standIn = {};
  texts.set(standIn, text);
  return { data: standIn };
}

function stringify({ errors, data, extensions }: FormattedExecutionResult, texts: WeakMap<object, string>): string {
  const members: string[] = [];
  if (errors !== undefined) members.push(`"errors":${JSON.stringify(errors)}`);
  if (data !== undefined) members.push(`"data":${(data && texts.get(data)) ?? JSON.stringify(data)}`);
  if (extensions !== undefined) members.push(`"extensions":${JSON.stringify(extensions)}`);
  return `{${members.join(',')}}\n`;
}

/** Apollo's own log, without its texts: they may quote a request. */
function quiet(log: Logger) {
  const say = (level: 'debug' | 'warn' | 'error') => () => {
    log[level]('Apollo Server reports a fault of its own; its text is withheld');
  };
  return { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') };
}
