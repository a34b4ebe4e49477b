/** Where a request comes in: who asks, how often they may, what for, and what answer they accept. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { bindCaller, readOnDenied } from '../access/index.ts';
import type { Caller } from '../access/index.ts';
import { certificateReader } from '../access/tokens/index.ts';
import type { CertificateReader, TokenVerifier } from '../access/tokens/index.ts';
import type { Bounds } from '../platform/bounds.ts';
import { newAsker } from '../platform/cancel.ts';
import { badRequest, tooOften } from '../platform/errors.ts';
import type { Noted } from './exchange.ts';
import { readFreshness } from './freshness-asked.ts';
import type { FreshnessOf } from './freshness-asked.ts';
import { NotAcceptable } from './malformed.ts';
import { mediaTypeFor } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import type { RequestContext, Services } from './operations.ts';
import { openRateLimit, rateOf } from './rate-limit.ts';

/** What callers are known and served by. */
export interface EntranceParts {
  readonly verifier: TokenVerifier;
  /** The client's certificate, where a proxy sends it; by default none does. */
  readonly certificates?: CertificateReader | undefined;
  readonly bounds: Pick<Bounds, 'rate'>;
  /** How fresh an answer is, for whoever asks. */
  readonly freshness: FreshnessOf;
  readonly services: Services;
}

/** The door to the hub. Nothing of a body is read before a request has come through it. */
export interface Entrance {
  /**
   * Whose token it is. A known token, which is nearly every one, waits for nothing.
   * @throws HubError UNAUTHENTICATED
   */
  identify(headers: IncomingHttpHeaders, response: ServerResponse): Caller | Promise<Caller>;
  /**
   * Whose token it is, what for, and what answer is accepted; noted as the request's context. `answer` is the media type
   * where the route knows it, whatever the headers accept.
   * @throws HubError UNAUTHENTICATED, TOO_MANY_REQUESTS or BAD_REQUEST; NotAcceptable
   */
  admit(
    headers: IncomingHttpHeaders,
    noted: Noted,
    response: ServerResponse,
    answer?: MediaType,
  ): RequestContext | Promise<RequestContext>;
}

/** Opens the entrance, which counts how often each client comes. */
export function openEntrance({
  verifier,
  certificates = certificateReader({ header: undefined, proxies: [] }),
  bounds,
  freshness,
  services,
}: EntranceParts): Entrance {
  const rate = openRateLimit('client', rateOf(bounds.rate));

  const identify: Entrance['identify'] = (headers, { socket }) =>
    verifier.verify(headers.authorization, certificates.thumbprintOf(headers, socket?.remoteAddress));

  const enter = (
    caller: Caller,
    headers: IncomingHttpHeaders,
    noted: Noted,
    media = mediaTypeFor(headers.accept),
  ): RequestContext => {
    noted.caller = caller;
    const taken = rate.take(caller.client);
    noted.rate = taken.headers;
    if (!taken.allowed) throw tooOften(taken.retryAfter);
    if (media === undefined) throw new NotAcceptable();
    noted.context = {
      caller: bindCaller(caller, {
        'hub-purpose': single(headers['hub-purpose']),
        'hub-case': single(headers['hub-case']),
      }),
      onDenied: readOnDenied({ 'hub-on-denied': single(headers['hub-on-denied']) }),
      freshness: readFreshness(single(headers['hub-freshness'])) ? freshness : undefined,
      requestId: noted.id,
      asker: newAsker(),
      media,
      ...services,
      // What does not get as far as a document is a malformed request.
      seen: { outcome: 'BAD_REQUEST' },
    };
    return noted.context;
  };

  return {
    identify,
    admit(headers, noted, response, answer) {
      const caller = identify(headers, response);
      return caller instanceof Promise
        ? caller.then((known) => enter(known, headers, noted, answer))
        : enter(caller, headers, noted, answer);
    },
  };
}

/** A header that was sent twice is none that anybody can rely on. */
function single(value: string | string[] | undefined): string | undefined {
  if (Array.isArray(value)) throw badRequest('A header of the hub was sent more than once.');
  return value;
}
