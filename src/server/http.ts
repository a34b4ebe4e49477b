/** The hub over HTTP. POST /graphql needs a token; health and the GraphiQL page are all that is open to anyone. */
import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AidReporter } from '../aid/index.ts';
import { bindCaller, readOnDenied } from '../access/index.ts';
import type { Bound, Caller } from '../access/index.ts';
import type { TokenVerifier } from '../access/tokens/index.ts';
import { BOUND_NAMES } from '../platform/bounds.ts';
import type { Bounds } from '../platform/bounds.ts';
import { leave, newAsker } from '../platform/cancel.ts';
import { HubError, badRequest, internal } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { withoutNet } from '../platform/log.ts';
import type { Logger } from '../platform/log.ts';
import type { Admission } from './admission/admission.ts';
import type { Documents } from './documents.ts';
import { faultOf } from './fault.ts';
import { extensionsOf, headOf } from './graphql-errors.ts';
import type { Graphql, GraphqlAnswer } from './graphql-route.ts';
import { addGraphiql } from './graphiql/page.ts';
import { serverWithLane } from './lane.ts';
import type { LaneAnswer } from './lane.ts';
import { PLAIN_JSON, mediaTypeFor } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import type { Metrics } from './metrics.ts';
import { encode } from './operations.ts';
import type { RequestContext, Seen } from './operations.ts';
import { cacheable, readDocumentRequest, readsPublicData } from './public-documents.ts';
import type { Readiness } from './readiness.ts';
import { NotAcceptable, malformed, statusOf } from './malformed.ts';
import { shownName } from './safe-message.ts';

/** What the HTTP side is built from. */
export interface HttpParts {
  readonly graphql: Pick<Graphql, 'answer'>;
  readonly verifier: TokenVerifier;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly admission: Admission;
  readonly bounds: Bounds;
  readonly documents: Pick<Documents, 'trustedBy'>;
  /** Whether a field of Query is open to the caller and holds no personal data. */
  readonly isPublic: (caller: Bound, rootField: string) => boolean;
  /** The service behind the mutations; they find it in their context. */
  readonly aid: AidReporter;
}

/** How long answers that are under way may take when the hub stops; in ms. */
const PATIENCE = 30_000;

const GRAPHQL = '/graphql';

/** No browser shows an answer, so it may load nothing; and nothing that is told here is kept on the way. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

/** What is known of a request while it is answered. */
interface Noted {
  /** Stands in the log, in the header `X-Request-Id` and in the answer to an unforeseen error. */
  readonly id: string;
  /** Of the clock of this process, in ms. */
  readonly begun: number;
  caller?: Caller;
  context?: RequestContext;
  code?: string;
  bound?: unknown;
}

declare module 'fastify' {
  interface FastifyRequest {
    noted: Noted;
  }
}

/** The HTTP side of a hub. */
export interface HttpServer {
  /** Resolves to the URL; port 0 takes any free one. */
  listen(host: string, port: number): Promise<string>;
  /**
   * Stops accepting, answers what was accepted, and closes every connection. What is not answered within `patience`
   * milliseconds is cut off.
   */
  close(patience?: number): Promise<void>;
}

/** The HTTP side, not listening yet. */
export async function openHttp({
  graphql,
  documents,
  isPublic,
  verifier,
  readiness,
  metrics,
  log,
  admission,
  bounds,
  aid,
}: HttpParts): Promise<HttpServer> {
  const app = fastify({
    logger: false,
    genReqId: () => newId(),
    // Keys that could reach a prototype reach none: nothing of a body is ever merged into an object.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    requestIdHeader: false,
    bodyLimit: bounds.body,
    forceCloseConnections: 'idle',
    serverFactory: (general) =>
      serverWithLane(general, { path: GRAPHQL, largest: bounds.body, requestTimeout: 60_000, answer: inLane }),
    trustProxy: false,
  });
  const requests = withoutNet(log);
  let open = 0;
  let stopping = false;
  const quiet = new EventEmitter();

  // A body is JSON and nothing else.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('noted');

  app.addHook('onRequest', (request, reply, done) => {
    request.noted = begin(request.id, request.method, request.routeOptions.url, reply.raw);
    void reply.headers(HEADERS).header('x-request-id', request.id);
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // A connection that is kept alive would hold the stop up until it times out.
    if (stopping) void reply.header('connection', 'close');
    done(null, payload);
  });

  function begin(id: string, method: string, route: string | undefined, response: ServerResponse): Noted {
    const noted: Noted = { id, begun: performance.now() };
    open += 1;
    // Not `finish`, which a client that goes away never brings about.
    response.once('close', () => {
      if (!response.writableFinished) giveUp(noted);
      finish(noted, method, route, response);
      open -= 1;
      if (open === 0) quiet.emit('quiet');
    });
    return noted;
  }

  function finish(known: Noted, method: string, route: string | undefined, response: ServerResponse): void {
    const seconds = (performance.now() - known.begun) / 1_000;
    const status = response.statusCode;
    metrics.httpDone({ method, route, status, seconds });
    const beyond = known.bound ?? known.context?.seen.bound;
    const bound = BOUND_NAMES.find((name) => name === beyond);
    if (bound !== undefined) metrics.refused(bound);
    const seen = known.context?.seen ?? (known.code === undefined ? undefined : { outcome: known.code });
    if (seen !== undefined && route === GRAPHQL && (method === 'POST' || known.context !== undefined))
      metrics.operationDone(known.caller, seen);
    const routine = route === '/healthz' || route === '/readyz' || route === '/metrics';
    requests[routine ? 'debug' : 'info'](
      {
        requestId: known.id,
        method,
        // The pattern, not the address: somebody will send personal data in a query string.
        path: route ?? 'unknown',
        status,
        ...(response.writableFinished ? {} : { aborted: true }),
        ms: Math.round(seconds * 10_000) / 10,
        ...told(known.caller, seen),
      },
      'answered',
    );
  }

  /** The answer to a request that failed before or beside its operation. */
  const answerTo = (thrown: unknown, noted: Noted, accept: string | undefined): Refusal => {
    const error = errorOf(thrown, noted, bounds);
    if (error.code === 'INTERNAL') log.error({ fault: faultOf(thrown), requestId: noted.id }, 'a request failed');
    return refusalOf(error, noted, accept, statusOf(thrown));
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply, error: HubError, status?: number): FastifyReply => {
    const { media, ...answer } = refusalOf(error, request.noted, request.headers.accept, status);
    return send(reply, answer, media);
  };

  app.setErrorHandler((thrown, request, reply) => {
    const { media, ...answer } = answerTo(thrown, request.noted, request.headers.accept);
    return send(reply, answer, media);
  });
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, badRequest('There is nothing at this address.'), 404),
  );

  /** Who asks, what for, and what answer is accepted: before any of it is read. */
  const admit = (headers: IncomingHttpHeaders, noted: Noted): RequestContext => {
    noted.caller = verifier.verify(headers.authorization);
    const media = mediaTypeFor(headers.accept);
    if (media === undefined) throw new NotAcceptable();
    noted.context = {
      caller: bindCaller(noted.caller, {
        'hub-purpose': single(headers['hub-purpose']),
        'hub-case': single(headers['hub-case']),
      }),
      onDenied: readOnDenied({ 'hub-on-denied': single(headers['hub-on-denied']) }),
      requestId: noted.id,
      asker: newAsker(),
      media,
      aid,
      // What does not get as far as a document is a malformed request.
      seen: { outcome: 'BAD_REQUEST' },
    };
    return noted.context;
  };

  const run = async (body: unknown, context: RequestContext): Promise<GraphqlAnswer> => {
    const { client } = context.caller;
    const turn = admission.enter(client, context.asker);
    if (turn !== undefined) await turn;
    try {
      return await graphql.answer(body, context);
    } finally {
      admission.leave(client);
    }
  };

  const admitted = async (headers: IncomingHttpHeaders, noted: Noted, readBody: () => Promise<unknown>) => {
    const context = admit(headers, noted);
    return { ...(await run(await readBody(), context)), media: context.media };
  };
  /** A plain operation: see lane.ts. */
  async function inLane(...[headers, response, readBody]: Parameters<LaneAnswer>): Promise<GraphqlAnswer> {
    const noted = begin(newId(), 'POST', GRAPHQL, response);
    const { media, ...answer } = await admitted(headers, noted, readBody).catch((thrown: unknown) =>
      answerTo(thrown, noted, headers.accept),
    );
    const all = {
      ...HEADERS,
      'x-request-id': noted.id,
      ...(stopping ? { connection: 'close' } : {}),
      ...Object.fromEntries(answer.headers),
      'content-type': media,
    };
    return { ...answer, headers: Object.entries(all) };
  }

  const notOverGet = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    void reply.header('allow', 'POST');
    const message =
      'Send operations with POST; a browser gets GraphiQL here. Over GET only trusted documents of public data are answered.';
    return refuse(request, reply, badRequest(message), 405);
  };

  app.route({
    method: 'POST',
    url: GRAPHQL,
    // Before the body is read: nobody makes the hub read megabytes without a token.
    onRequest: (request, _reply, done) => {
      admit(request.headers, request.noted);
      done();
    },
    handler: async (request, reply) => {
      const { context } = request.noted;
      if (context === undefined) throw new Error('A request without a caller reached the engine');
      return send(reply, await run(request.body, context), context.media);
    },
  });

  await addGraphiql(app, GRAPHQL, async (request, reply) => {
    const asked = readDocumentRequest(request.query as Record<string, unknown>);
    if (asked === undefined) return notOverGet(request, reply);
    const context = admit(request.headers, request.noted);
    const document = documents.trustedBy(asked.documentId)?.document;
    const isOpen = (field: string): boolean => isPublic(context.caller, field);
    if (document !== undefined && !readsPublicData(document, asked.operationName, isOpen))
      return notOverGet(request, reply);
    const answer = await run(asked, context);
    return send(
      reply,
      context.seen.outcome === 'OK' ? cacheable(answer, context.media, request.headers['if-none-match']) : answer,
      context.media,
    );
  });

  app.get('/healthz', (_request, reply) => reply.send({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, checks } = await readiness.check();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });
  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) request.noted.caller = verifier.verify(request.headers.authorization);
    return reply.type(metrics.contentType).send(await metrics.text());
  });

  return {
    listen: (host, port) => app.listen({ host, port }),
    async close(patience = PATIENCE) {
      stopping = true;
      readiness.stop();
      const closed = app.close();
      if (open > 0) await Promise.race([once(quiet, 'quiet'), sleep(patience, undefined, { ref: false })]);
      // A browser opens connections ahead of its requests; without this they would hold the stop up for a minute.
      app.server.closeAllConnections();
      await closed;
    },
  };
}

function send(reply: FastifyReply, { status, headers, body }: GraphqlAnswer, media: MediaType): FastifyReply {
  void reply.code(status);
  for (const [name, value] of headers) void reply.header(name, value);
  return reply.type(media).send(Buffer.from(body, 'latin1'));
}

/** An answer to a request that failed, and its media type. */
interface Refusal extends GraphqlAnswer {
  readonly media: MediaType;
}

function refusalOf(error: HubError, noted: Noted, accept: string | undefined, status?: number): Refusal {
  noted.code = error.code;
  noted.bound = error.extensions['bound'];
  if (noted.context !== undefined) noted.context.seen.outcome = error.code;
  const media = mediaTypeFor(accept) ?? PLAIN_JSON;
  const extensions = extensionsOf(error);
  const head = headOf(extensions, media);
  const body = encode({ errors: [{ message: error.message, extensions }] });
  return { ...head, status: status ?? head.status, body, media };
}

function errorOf(thrown: unknown, { id }: Noted, bounds: Bounds): HubError {
  if (thrown instanceof HubError) return thrown;
  const status = statusOf(thrown);
  return status === undefined ? internal(thrown, id) : malformed(status, bounds);
}

const told = (caller: Caller | undefined, seen: Seen | undefined): Record<string, unknown> => ({
  ...(caller === undefined ? {} : { client: caller.client, department: caller.department }),
  ...(seen === undefined ? {} : { outcome: seen.outcome }),
  ...(seen?.kind === undefined ? {} : { kind: seen.kind }),
  ...(seen?.operation === undefined ? {} : { operation: shownName(seen.operation) }),
});

/** A header that was sent twice is none that anybody can rely on. */
function single(value: string | string[] | undefined): string | undefined {
  if (Array.isArray(value)) throw badRequest('A header of the hub was sent more than once.');
  return value;
}

/** Metrics are open to the machine itself, but not through a proxy that stands on it. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = socket;
  const forwarded = headers.forwarded ?? headers['x-forwarded-for'] ?? headers['x-real-ip'];
  return forwarded === undefined && /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress);
}

/** The client is gone: what only reads for it ends, and is known as such. */
function giveUp({ context }: Noted): void {
  if (context === undefined) return;
  leave(context.asker);
  if (context.seen.kind !== 'mutation') context.seen.outcome = 'CANCELLED';
}
