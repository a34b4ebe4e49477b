/**
 * POST /token: OAuth 2.0 for departments' systems, which sign an assertion with a key of their own and get a token for an
 * hour (RFC 6749 section 4.4, RFC 7523; bound to a certificate by RFC 8705). GET /.well-known/jwks.json: the public halves
 * of the keys that the hub signs with.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Issued, TokenIssuer, TokenRequest } from '../access/clients/index.ts';
import { toPublicJwk } from '../access/tokens/index.ts';
import type { CertificateReader, PublicKey } from '../access/tokens/index.ts';
import { isPassingFault } from '../platform/database.ts';
import { HubError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { faultOf } from './fault.ts';
import { statusOf } from './malformed.ts';
import type { RateLimit } from './rate-limit.ts';

/** What the endpoint is built from. */
export interface TokenEndpointParts {
  readonly issuer: TokenIssuer;
  readonly certificates: CertificateReader;
  /** The hub's own keys that are believed now or will be, by id. */
  readonly published: () => ReadonlyMap<string, PublicKey>;
  /** How often one address may ask; before anything of its request is read. */
  readonly addresses: RateLimit;
  readonly log: Logger;
}

const LARGEST_BODY = 16_384;
const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const PARAMETERS = ['grant_type', 'client_assertion_type', 'client_assertion', 'client_id', 'scope'] as const;
/** Seconds for which the published keys may be kept: less than a key is published before it signs. */
const KEEP_KEYS = 300;

/** Adds both addresses to the server. */
export function addTokenEndpoint(app: FastifyInstance, parts: TokenEndpointParts): void {
  const { issuer, certificates, published, addresses, log } = parts;

  // A scope of its own: elsewhere a body is JSON and nothing else, and here it never is.
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: LARGEST_BODY },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    );
    scope.setErrorHandler((thrown, request, reply) => failed(thrown, request, reply, log));
    scope.route({
      method: 'POST',
      url: '/token',
      onRequest: (request, reply, next) => {
        const taken = addresses.take(request.socket.remoteAddress ?? '');
        request.noted.rate = taken.headers;
        if (taken.allowed) next();
        else void tooOften(request, reply, taken.retryAfter);
      },
      handler: async (request, reply) => {
        const certificate = certificates.thumbprintOf(request.headers, request.socket.remoteAddress);
        const asked = readForm(request);
        if (typeof asked === 'string') return refuse(request, reply, 400, asked.split(':')[0] ?? '', asked);
        const issued = await issuer.issue({ ...asked, certificate });
        tell(log, request.id, issued);
        return answer(request, reply, issued);
      },
    });
    done();
  });

  app.get('/.well-known/jwks.json', (_request, reply) => {
    const keys = [...published()].map(([kid, key]) => toPublicJwk(kid, key));
    return reply
      .header('cache-control', `public, max-age=${KEEP_KEYS}`)
      .type('application/jwk-set+json')
      .send({ keys });
  });
}

/** The form, or the error that says what is wrong with it: `code: description`. */
function readForm({ body, headers }: FastifyRequest): Omit<TokenRequest, 'certificate'> | string {
  if (!(body instanceof URLSearchParams)) return 'invalid_request: send a form (application/x-www-form-urlencoded)';
  for (const name of PARAMETERS) {
    if (body.getAll(name).length > 1) return `invalid_request: ${name} is there more than once`;
  }
  // Nobody shares a secret with the hub; one that is sent all the same has been told to too many.
  if (headers.authorization !== undefined || body.has('client_secret'))
    return 'invalid_request: clients sign an assertion (private_key_jwt); there are no shared secrets';
  if (!body.has('grant_type')) return 'invalid_request: grant_type is missing';
  if (body.get('grant_type') !== 'client_credentials') return 'unsupported_grant_type: only client_credentials is open';
  if (body.get('client_assertion_type') !== BEARER) return `invalid_request: client_assertion_type must be ${BEARER}`;
  const assertion = body.get('client_assertion');
  if (assertion === null || assertion === '') return 'invalid_request: client_assertion is missing';
  const given = (name: string): string | undefined => body.get(name) || undefined;
  return { assertion, scope: given('scope'), clientId: given('client_id') };
}

function answer(request: FastifyRequest, reply: FastifyReply, issued: Issued): FastifyReply {
  switch (issued.kind) {
    case 'token': {
      const { token, expiresIn, scope } = issued;
      return reply
        .header('pragma', 'no-cache')
        .send({ access_token: token, token_type: 'Bearer', expires_in: expiresIn, scope });
    }
    case 'invalid_client':
      // One answer for all of them: whoever tries keys or names learns nothing from it.
      return refuse(request, reply, 401, 'invalid_client', 'invalid_client: the client could not be authenticated');
    case 'invalid_scope':
      return refuse(request, reply, 400, 'invalid_scope', 'invalid_scope: malformed, or more than the client has');
    case 'too_often':
      return tooOften(request, reply, issued.retryAfter);
    case 'unavailable':
      return refuse(
        request,
        reply,
        503,
        'temporarily_unavailable',
        'temporarily_unavailable: this hub signs no tokens',
      );
  }
}

function tooOften(request: FastifyRequest, reply: FastifyReply, retryAfter: number): FastifyReply {
  void reply.header('retry-after', String(retryAfter));
  return refuse(request, reply, 429, 'temporarily_unavailable', 'temporarily_unavailable: too many requests');
}

/** An error in the form of RFC 6749, section 5.2; `said` is `code: description`. */
function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
  said: string,
): FastifyReply {
  request.noted.code = code;
  return reply
    .code(status)
    .header('pragma', 'no-cache')
    .type('application/json')
    .send({ error: code, error_description: said.slice(code.length + 2) });
}

function failed(thrown: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  const status = thrown instanceof HubError ? thrown.status : statusOf(thrown);
  if (status !== undefined && status < 500)
    return refuse(request, reply, status === 415 ? 400 : status, 'invalid_request', wordsFor(thrown, status));
  if (isPassingFault(thrown)) {
    void reply.header('retry-after', '2');
    return refuse(request, reply, 503, 'temporarily_unavailable', 'temporarily_unavailable: try again shortly');
  }
  log.error({ fault: faultOf(thrown), requestId: request.id }, 'a request for a token failed');
  return refuse(request, reply, 500, 'server_error', `server_error: correlation id ${request.id}`);
}

function wordsFor(thrown: unknown, status: number): string {
  if (thrown instanceof HubError) return `invalid_request: ${thrown.message}`;
  if (status === 413) return `invalid_request: the form has more than ${LARGEST_BODY} bytes`;
  return 'invalid_request: send a form (application/x-www-form-urlencoded)';
}

/** One line for each token, and for each refusal: who and which, never the token, the assertion or an unknown name. */
function tell(log: Logger, requestId: string, issued: Issued): void {
  switch (issued.kind) {
    case 'token': {
      const { client, tokenId, kid, expiresIn, scope, bound } = issued;
      const { client: name, department, role } = client;
      log.info(
        { audit: 'TOKEN_ISSUED', requestId, client: name, department, role, tokenId, kid, expiresIn, scope, bound },
        'a token was issued',
      );
      break;
    }
    case 'unavailable':
      log.error(
        { audit: 'TOKEN_REFUSED', requestId, reason: 'no signing key' },
        'no key signs: hub keys new makes one',
      );
      break;
    default: {
      const reason = issued.kind === 'too_often' ? issued.kind : issued.fault;
      log.warn({ audit: 'TOKEN_REFUSED', requestId, reason, client: issued.client ?? null }, 'a token was refused');
    }
  }
}
