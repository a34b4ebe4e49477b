/**
 * The lane of plain operations: POST to GraphQL's path with a JSON body of known length, which is nearly all that comes, is
 * read and answered on node:http itself. Whatever is not so plain goes the general way, through fastify, to the same
 * functions; a test sends everything both ways and compares.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { GraphqlAnswer } from './graphql-route.ts';
import { NotJson } from './malformed.ts';

/** Answers a plain operation; `readBody` gives its parsed body. Never rejects. */
export type LaneAnswer = (
  headers: IncomingHttpHeaders,
  response: ServerResponse,
  readBody: () => Promise<unknown>,
) => Promise<GraphqlAnswer>;

/** What the lane is for. */
export interface LaneParts {
  readonly path: string;
  /** Largest body, bytes. */
  readonly largest: number;
  readonly arrival: Arrival;
  readonly answer: LaneAnswer;
}

/** How long requests may take to arrive, both in ms: see arrival.ts. */
export interface Arrival {
  readonly within: number;
  /** How often the connections are looked over: so much later at the most is one cut off. */
  readonly checkEvery: number;
}

/** How long a connection stays open for the next request, ms: longer than a proxy in front waits to use it again. */
const KEEP_ALIVE = 72_000;

/** A server that hands plain operations to the lane and all else to the general listener. */
export function serverWithLane(general: RequestListener, parts: LaneParts): Server {
  const { path, largest, arrival, answer } = parts;
  const settings = {
    requestTimeout: arrival.within,
    headersTimeout: arrival.within,
    connectionsCheckingInterval: arrival.checkEvery,
    keepAliveTimeout: KEEP_ALIVE,
  };
  return createServer(settings, (request, response) => {
    if (!isPlain(request, path, largest)) {
      general(request, response);
      return;
    }
    void answer(request.headers, response, () => readJson(request)).then(({ status, headers, body }) => {
      if (response.destroyed) return;
      const head = [...headers].flat();
      head.push('content-length', String(body.length));
      // Head and body in one string are one write.
      response.writeHead(status, head).end(body, 'latin1');
    });
  });
}

const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;
const DIGITS = /^\d{1,12}$/;

function isPlain({ method, url, headers }: IncomingMessage, path: string, largest: number): boolean {
  const length = headers['content-length'];
  return (
    method === 'POST' &&
    url === path &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    length !== undefined &&
    DIGITS.test(length) &&
    Number(length) <= largest &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined
  );
}

/** The parsed body. A client that goes before all of it has come leaves nobody to answer. */
function readJson(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('error', () => reject(new NotJson()));
    request.once('end', () => {
      const [only] = parts;
      const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
      try {
        resolve(JSON.parse(bytes.toString('utf8')));
      } catch {
        reject(new NotJson());
      }
    });
  });
}
