/** The hub over HTTP. POST /graphql needs a token; health and the GraphiQL page are all that is open to anyone. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Bound, Caller } from '../access/index.ts';
import type { Bounds } from '../platform/bounds.ts';
import { badRequest } from '../platform/errors.ts';
import type { HubError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import type { Admission } from './admission/admission.ts';
import { inTurn } from './admission/turn.ts';
import { openArrivals } from './arrival.ts';
import type { Documents } from './documents.ts';
import { openEntrance } from './entrance.ts';
import type { EntranceParts } from './entrance.ts';
import { openExchanges } from './exchange.ts';
import type { Noted } from './exchange.ts';
import { faultOf } from './fault.ts';
import type { Graphql, GraphqlAnswer } from './graphql-route.ts';
import { addGraphiql } from './graphiql/page.ts';
import { addHealth } from './health-routes.ts';
import { serverWithLane } from './lane.ts';
import type { Arrival, LaneAnswer } from './lane.ts';
import { GRAPHQL_JSON, PLAIN_JSON } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import type { Metrics } from './metrics.ts';
import type { RequestContext } from './operations.ts';
import { cacheable, readDocumentRequest, readsPublicData } from './public-documents.ts';
import { addRecords } from './records-route.ts';
import type { RecordsParts } from './records-route.ts';
import type { Readiness } from './readiness.ts';
import { statusOf } from './malformed.ts';
import { errorOf, refusalOf } from './refusal.ts';
import { addTokenEndpoint } from './token-endpoint.ts';
import type { TokenEndpointParts } from './token-endpoint.ts';
import type { Refusal } from './refusal.ts';

/** What the HTTP side is built from. */
export interface HttpParts extends Omit<EntranceParts, 'bounds'> {
  readonly graphql: Pick<Graphql, 'answer'>;
  /** Where registered clients get tokens. */
  readonly tokenEndpoint?: TokenEndpointParts;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly admission: Admission;
  readonly bounds: Bounds;
  readonly documents: Pick<Documents, 'trustedBy'>;
  /** Whether the caller's token is known here to be revoked; the engine knows for certain. */
  readonly isRevoked: (caller: Caller) => boolean;
  /** Whether a field of Query is open to the caller and holds no personal data. */
  readonly isPublic: (caller: Bound, rootField: string) => boolean;
  /** Files of records, where departments deliver any. */
  readonly records?: RecordsParts;
  /** For requests to arrive; a minute. */
  readonly arrival?: Arrival;
}

const ARRIVAL: Arrival = { within: 60_000, checkEvery: 5_000 };

/** How long answers that are under way may take when the hub stops; in ms. */
const PATIENCE = 30_000;

const GRAPHQL = '/graphql';

/** No browser shows an answer, so it may load nothing; and nothing that is told here is kept on the way. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

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
  isRevoked,
  tokenEndpoint,
  readiness,
  metrics,
  log,
  admission,
  bounds,
  records,
  arrival = ARRIVAL,
  ...callers
}: HttpParts): Promise<HttpServer> {
  const arrivals = openArrivals();
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
      serverWithLane(general, {
        path: GRAPHQL,
        largest: bounds.body,
        arrival,
        answer: inLane,
      }),
    clientErrorHandler: arrivals.onClientError,
    trustProxy: false,
  });
  const exchanges = openExchanges({ operations: GRAPHQL, metrics, log });
  const entrance = openEntrance({ ...callers, bounds });
  let stopping = false;

  // A body is JSON and nothing else.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('noted');

  app.addHook('onRequest', (request, reply, done) => {
    request.noted = exchanges.begin(request.id, request.method, request.routeOptions.url, reply.raw);
    void reply.headers(HEADERS).header('x-request-id', request.id);
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    for (const [name, value] of request.noted.rate) void reply.header(name, value);
    // A connection that is kept alive would hold the stop up until it times out.
    if (stopping) void reply.header('connection', 'close');
    done(null, payload);
  });

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

  const run = (body: unknown, context: RequestContext): Promise<GraphqlAnswer> =>
    inTurn(admission, context.caller.client, context.asker, (turn) => {
      context.pause = turn.pause;
      context.stepAside = turn.end;
      return graphql.answer(body, context);
    });

  const admitted = async (
    headers: IncomingHttpHeaders,
    noted: Noted,
    response: ServerResponse,
    readBody: () => Promise<unknown>,
  ) => {
    const admitting = entrance.admit(headers, noted, response);
    // A known token, which is nearly every one, waits for nothing.
    const context = admitting instanceof Promise ? await admitting : admitting;
    return { ...(await run(await readBody(), context)), media: context.media };
  };
  /** A plain operation: see lane.ts. */
  async function inLane(...[headers, response, readBody]: Parameters<LaneAnswer>): Promise<GraphqlAnswer> {
    const noted = exchanges.begin(newId(), 'POST', GRAPHQL, response);
    const { media, ...answer } = await admitted(headers, noted, response, readBody).catch((thrown: unknown) =>
      answerTo(thrown, noted, headers.accept),
    );
    const all = {
      ...HEADERS,
      'x-request-id': noted.id,
      ...(stopping ? { connection: 'close' } : {}),
      ...Object.fromEntries(noted.rate),
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
    onRequest: async (request, reply) => {
      await entrance.admit(request.headers, request.noted, reply.raw);
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
    const context = await entrance.admit(request.headers, request.noted, reply.raw);
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

  if (tokenEndpoint !== undefined) addTokenEndpoint(app, tokenEndpoint);
  if (records !== undefined)
    addRecords(app, records, {
      bounds,
      admission,
      arrivals,
      // A file is no answer of GraphQL, whatever is accepted of those.
      admit: async (request, reply) => entrance.admit(request.headers, request.noted, reply.raw, PLAIN_JSON),
      // Nor has its status anything to do with them: a refusal is one for whoever looks at the status alone.
      refuse: (thrown, request, reply) => {
        const { media: _, ...answer } = answerTo(thrown, request.noted, GRAPHQL_JSON);
        return send(reply, answer, PLAIN_JSON);
      },
    });

  addHealth(app, { readiness, metrics, entrance, isRevoked });

  return {
    listen: (host, port) => app.listen({ host, port }),
    async close(patience = PATIENCE) {
      stopping = true;
      readiness.stop();
      const closed = app.close();
      await exchanges.quiet(patience);
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
