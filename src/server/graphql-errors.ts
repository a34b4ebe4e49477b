/** The one table from what went wrong to what a GraphQL client is told: code, HTTP status, extensions, safe message. */
import { GraphQLError, Kind } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { isPassingFault, sqlState } from '../platform/database.ts';
import {
  ERROR_CODES,
  HubError,
  badRequest,
  badUserInput,
  documentFault,
  internal,
  overloaded,
  statusOf,
  tooSlow,
} from '../platform/errors.ts';
import type { ErrorCode } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { faultOf } from './fault.ts';
import { boundBehind } from './limits.ts';
import { PLAIN_JSON } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import { isKnownReason, requestMessage, syntaxMessage } from './safe-message.ts';

/** Status and further headers of an answer. */
export interface Head {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const OK: Head = { status: 200, headers: [] };

/** Faults that graphql-js finds in a request, and what stands for them where documents are known by their ids. */
const OF_THE_REQUEST: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * The head of an answer that consists of an error with these extensions; without any, of a success. In application/json a
 * fault of a well-formed request goes under 200 (GraphQL over HTTP, appendix on that type); a refusal of the hub's own
 * keeps its status in both, since proxies and alarms go by it.
 */
export function headOf(extensions: Readonly<Record<string, unknown>> | undefined, media: MediaType): Head {
  if (extensions === undefined) return OK;
  const code = ERROR_CODES.find((known) => known === extensions['code']) ?? 'INTERNAL';
  if (OF_THE_REQUEST.has(code) && media === PLAIN_JSON) return OK;
  return { status: statusOf(code), headers: headersOf(code, extensions['retryAfter']) };
}

function headersOf(code: ErrorCode, retryAfter: unknown): Head['headers'] {
  if (code === 'UNAUTHENTICATED') return [['www-authenticate', 'Bearer realm="hub"']];
  return typeof retryAfter === 'number' ? [['retry-after', String(Math.ceil(retryAfter))]] : [];
}

/** The `extensions` of an error in an answer. */
export const extensionsOf = (error: HubError): Record<string, unknown> => ({ ...error.extensions, code: error.code });

/**
 * An error of the engine for the answer. What is not foreseen is logged under the request's id, and the caller is told
 * that id and nothing else.
 */
export function toGraphQLError(thrown: unknown, requestId: string, log: Logger): GraphQLError {
  const error = toHubError(thrown, requestId);
  if (error.code === 'INTERNAL') {
    log.error({ fault: faultOf(error.cause ?? error), requestId }, 'an operation failed');
  } else if (error.code === 'OVERLOADED' && error !== thrown) {
    log.warn({ fault: faultOf(thrown), requestId }, 'the database cannot be reached');
  }
  const place = thrown instanceof GraphQLError ? thrown : undefined;
  return new GraphQLError(error.message, {
    nodes: place?.nodes ?? null,
    path: place?.path ?? null,
    originalError: error,
    extensions: extensionsOf(error),
  });
}

/** Apollo's last word on every error: those of the steps before the engine are put into the hub's form here. */
export function formatErrorWith(log: Logger) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const known = thrown instanceof GraphQLError ? thrown.originalError : thrown;
    if (known instanceof HubError) return { ...formatted, message: known.message, extensions: extensionsOf(known) };
    const error = ofApollo(thrown);
    if (error.code === 'INTERNAL') log.error({ fault: faultOf(thrown), ...error.extensions }, 'a request failed');
    const { locations, path } = formatted;
    return {
      message: error.message,
      ...(locations === undefined ? {} : { locations }),
      ...(path === undefined ? {} : { path }),
      extensions: extensionsOf(error),
    };
  };
}

/** How long a client does well to wait for a database that restarts. */
const SECONDS_TO_RESTART = 2;

function toHubError(thrown: unknown, requestId: string): HubError {
  if (thrown instanceof HubError) return thrown;
  if (isPassingFault(thrown)) return notNow(thrown);
  if (!(thrown instanceof GraphQLError)) return internal(thrown, requestId);
  const chain = causes(thrown);
  const known = chain.at(-1)?.originalError;
  if (known instanceof HubError) return known;
  if (isPassingFault(known)) return notNow(known);
  // The innermost error that speaks of a variable still has graphql-js's own inner error, which tells value from path.
  const variable = chain.findLast(isVariable);
  if (variable !== undefined) return badUserInput(requestMessage(variable));
  const root = chain.at(-1) ?? thrown;
  const { bound } = root.extensions;
  if (isInputFault(thrown) || isInputFault(root))
    return badUserInput(requestMessage(root), bound === undefined ? {} : { bound });
  const own = ERROR_CODES.find((code) => code === root.extensions['code']);
  if (own === 'OPERATION_RESOLUTION_FAILURE') return documentFault(own, requestMessage(root));
  return own === undefined
    ? internal(root.originalError ?? root, requestId)
    : new HubError(own, root.message, root.extensions);
}

const QUERY_CANCELED = '57014';

const notNow = (fault: unknown): HubError =>
  sqlState(fault) === QUERY_CANCELED ? tooSlow(fault) : overloaded(SECONDS_TO_RESTART);

/** The error and the GraphQL errors that it was made from, the outermost first. */
function causes(error: GraphQLError): GraphQLError[] {
  const inner = error.originalError;
  return inner instanceof GraphQLError ? [error, ...causes(inner)] : [error];
}

const isVariable = (error: GraphQLError): boolean =>
  error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION && error.message.startsWith('Variable "$');

/** Whether a variable or an argument is at fault; the engine and type-graphql use Apollo's word for it. */
function isInputFault(error: GraphQLError): boolean {
  if (error.extensions['code'] === 'BAD_USER_INPUT') return true;
  // Scalars fail with the same words when an answer is completed; only an argument's fault is the request's.
  return error.message.startsWith('Argument "') && isKnownReason(error.message);
}

function ofApollo(thrown: unknown): HubError {
  if (!(thrown instanceof GraphQLError)) return internal(thrown);
  const { code } = thrown.extensions;
  switch (code) {
    case 'GRAPHQL_PARSE_FAILED':
      return documentFault(code, syntaxMessage(thrown.message), boundBehind(thrown.message));
    case 'GRAPHQL_VALIDATION_FAILED':
      return documentFault(code, requestMessage(thrown), boundBehind(thrown.message));
    case 'PERSISTED_QUERY_NOT_SUPPORTED':
      // Clients know the word and send the operation itself.
      return documentFault(code, 'PersistedQueryNotSupported');
    case 'BAD_REQUEST':
      // Texts of Apollo's own, without anything from the request.
      return badRequest(thrown.message.trim());
    default:
      return internal(thrown);
  }
}
