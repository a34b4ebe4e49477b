/** Runs operations of documents that were parsed and validated, and puts what went wrong into the hub's form. */
import { OperationTypeNode, getOperationAST } from 'graphql';
import type { DocumentNode, GraphQLError } from 'graphql';
import type { Engine, EngineResult, HubContext } from '../access/index.ts';
import type { AidReporter } from '../aid/index.ts';
import type { Corrections, Recalls } from '../corrections/index.ts';
import type { FeedExpectations } from '../sharing/index.ts';
import { fromBytes, toBytes } from '../platform/bytes.ts';
import type {
  AccessRequests,
  Emergencies,
  Explainer,
  Foresight,
  NoticeBoard,
  PolicyOffice,
  TokenRevoker,
} from '../governance/index.ts';
import type { Intake } from '../intake/index.ts';
import type { RegistrarDesk } from '../matching/index.ts';
import type { LiveDesk } from '../live/index.ts';
import type { ByteText } from '../platform/bytes.ts';
import type { Asker } from '../platform/cancel.ts';
import { documentFault } from '../platform/errors.ts';
import type { HubError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { headOf, toGraphQLError } from './graphql-errors.ts';
import type { Head } from './graphql-errors.ts';
import type { FreshnessOf } from './freshness-asked.ts';
import type { MediaType } from './media-type.ts';
import { shownName } from './safe-message.ts';

/** What the log and the metrics may know of an operation; filled while it runs. */
export interface Seen {
  /** As the caller named it. */
  operation?: string | undefined;
  kind?: 'query' | 'mutation';
  /** `OK`, `PARTIAL` (errors beside data), or the code of the first error. */
  outcome: string;
  /** The bound that the operation went beyond. */
  bound?: unknown;
}

/** The services behind the mutations, which find them in their context. */
export interface Services {
  readonly aid: AidReporter;
  readonly policyOffice: PolicyOffice;
  readonly accessRequests: AccessRequests;
  readonly revoker: TokenRevoker;
  readonly emergencies: Emergencies;
  readonly noticeBoard: NoticeBoard;
  readonly explainer: Explainer;
  readonly foresight: Foresight;
  readonly corrections: Corrections;
  readonly recalls: Recalls;
  readonly feeds: FeedExpectations;
  readonly live: LiveDesk;
  readonly registrarDesk: RegistrarDesk;
  readonly intake: Pick<Intake, 'submit' | 'preview' | 'apply' | 'withdraw'>;
}

/** The context of an operation, with what is noted of it. */
export interface RequestContext extends HubContext, Services {
  readonly asker: Asker;
  /** Of the answer. */
  readonly media: MediaType;
  /** Set where the caller asked how fresh the answer is. */
  readonly freshness?: FreshnessOf | undefined;
  readonly seen: Seen;
  /** Set as soon as the operation has its turn. */
  pause?: HubContext['pause'];
  stepAside?: HubContext['stepAside'];
}

/** One operation of a valid document. */
export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly context: RequestContext;
}

/** JSON of the engine that goes into the answer as it is. */
class Unparsed {
  readonly text: ByteText;

  constructor(text: ByteText) {
    this.text = text;
  }
}

/** The answer to an operation, before it is text. Without data it is a refusal. */
export interface Completed {
  readonly data?: Unparsed | Record<string, unknown>;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Record<string, unknown>;
}

/** Runs one operation. What goes wrong is in the result; it never rejects. */
export type RunOperation = (request: OperationRequest) => Promise<Completed>;

/** Operations on the engine. */
export function operationRunner(engine: Pick<Engine, 'execute'>, log: Logger): RunOperation {
  return async ({ document, operationName, variables = {}, context }) => {
    let result: EngineResult;
    let faults: readonly unknown[];
    try {
      const operation = getOperationAST(document, operationName);
      if (!operation) throw unresolved(operationName);
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw noSubscriptions();
      context.seen.operation = operation.name?.value;
      context.seen.kind = operation.operation;
      result = await engine.execute({ document, operationName, variables, context });
      if (context.freshness !== undefined && operation.operation === OperationTypeNode.QUERY) {
        const freshness = await context.freshness(document, operationName, context.caller);
        result = { ...result, extensions: { ...result.extensions, freshness } };
      }
      faults = result.errors ?? [];
    } catch (error) {
      result = {};
      faults = [error];
    }
    const { text, extensions } = result;
    const data = text === undefined ? result.data : new Unparsed(text);
    return {
      // Null in place of all data is a refusal by the one field that had to be there; so the answer has a status.
      ...(data === undefined || data === null ? {} : { data }),
      ...(faults.length === 0 ? {} : { errors: faults.map((fault) => toGraphQLError(fault, context.requestId, log)) }),
      ...(extensions === undefined ? {} : { extensions }),
    };
  };
}

/** Notes what became of the operation. @returns status and headers of the answer */
export function conclude(
  { data, errors }: { readonly data?: unknown; readonly errors?: Completed['errors'] | readonly ToldError[] },
  { media, seen }: Pick<RequestContext, 'media' | 'seen'>,
): Head {
  const extensions = errors?.[0]?.extensions;
  const refused = extensions !== undefined && data === undefined;
  seen.bound = extensions?.['bound'];
  seen.outcome = extensions === undefined ? 'OK' : refused ? String(extensions['code']) : 'PARTIAL';
  return headOf(refused ? extensions : undefined, media);
}

interface ToldError {
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type Members = { readonly [Member in keyof Completed]?: unknown };

/** The answer as its bytes, errors first. */
export function encode({ errors, data, extensions }: Members): ByteText {
  const members: string[] = [];
  const add = (name: string, json: ByteText): number => members.push(`"${name}":${json}`);
  if (errors !== undefined) add('errors', toBytes(JSON.stringify(errors)));
  if (data !== undefined) add('data', data instanceof Unparsed ? data.text : toBytes(JSON.stringify(data)));
  if (extensions !== undefined) add('extensions', toBytes(JSON.stringify(extensions)));
  return `{${members.join(',')}}\n` as ByteText;
}

/** The same as text. */
export const stringify = (members: Members): string => fromBytes(encode(members));

/** As graphql-js says it, without a name that could be more than a name. */
const unresolved = (name: string | undefined): HubError =>
  documentFault(
    'OPERATION_RESOLUTION_FAILURE',
    name === undefined
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${shownName(name)}".`,
  );

const noSubscriptions = (): HubError =>
  documentFault('OPERATION_RESOLUTION_FAILURE', 'The hub has no subscriptions; ask again, or page on with after.');
