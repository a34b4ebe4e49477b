import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { unauthenticated } from '../../platform/errors.ts';
import type { Caller } from '../caller.ts';
import { LONGEST_LIFETIME } from '../revocations/index.ts';
import { readClaims } from './claims.ts';
import { beyondIssuer } from './issuers.ts';
import type { TrustedIssuer } from './issuers.ts';
import { CLOCK_TOLERANCE, headerOf, isCompactJwt, issuerOf, secondsOf, verifySigned } from './jwt.ts';
import type { PublicKey } from './public-keys.ts';

const LONGEST_TOKEN = 8_192;
const MOST_CACHED = 10_000;

/** Turns the bearer of a request into a caller. */
export interface TokenVerifier {
  /**
   * The caller of an `Authorization` header. `certificate` is the thumbprint of the client's certificate, where the proxy
   * sent one. Answers at once; only a token whose key is not known yet, and may be one that its issuer took up a moment
   * ago, makes the caller wait. Throws, or rejects with, UNAUTHENTICATED; the message says what is wrong, not with what.
   */
  verify(authorization: string | undefined, certificate?: string): Caller | Promise<Caller>;
}

/** What tokens are held against. */
export interface TokenRules extends TrustedIssuer {
  /** Issuers beside this one. */
  readonly others?: readonly TrustedIssuer[];
  readonly clock: Clock;
}

/** A token that was verified. */
interface Known {
  readonly caller: Caller;
  readonly expires: number;
  readonly certificate: string | undefined;
  readonly issuer: TrustedIssuer;
  readonly kid: string;
  readonly key: PublicKey;
}

/**
 * Checks bearer tokens (RS256, ES256) of the trusted issuers. A verified token is remembered by its SHA-256 until it
 * expires or its key is withdrawn; only one in its one canonical spelling (no padding, no stray bits) ever is.
 */
export function openTokenVerifier({ clock, others = [], ...first }: TokenRules): TokenVerifier {
  const seen = new LRUCache<string, Known>({ max: MOST_CACHED });
  const issuers = new Map<string, TrustedIssuer>([first, ...others].map((one) => [one.issuer, one]));
  if (issuers.size !== others.length + 1) throw new Error('An issuer of tokens is named twice');

  return {
    verify(authorization, certificate) {
      const token = bearer(authorization);
      const now = secondsOf(clock);
      const digest = hash('sha256', token, 'base64');
      const known = seen.get(digest);
      if (known !== undefined && known.issuer.keys.get(known.kid) === known.key) {
        if (now < known.expires + CLOCK_TOLERANCE) return held(known, certificate);
        seen.delete(digest);
        throw unauthenticated('the token has expired');
      }
      if (!isCompactJwt(token)) throw unauthenticated('the token is not a signed JWT');
      const { kid, alg, issuer } = locate(token);
      const accept = (key: PublicKey): Caller => {
        // The key decides the algorithm, not the token: an RS256 key is no secret for HS256, nor a key for ES256.
        if (key.algorithm !== alg) throw unauthenticated(NOT_ACCEPTED);
        const checked = check(token, key, issuer, secondsOf(clock));
        const found = { ...checked, issuer, kid, key };
        seen.set(digest, found);
        return held(found, certificate);
      };
      const key = issuer.keys.get(kid);
      if (key !== undefined) return accept(key);
      const looking = issuer.keys.lookAgain?.();
      if (looking === undefined) throw unauthenticated(NOT_ACCEPTED);
      return looking.then(() => {
        const late = issuer.keys.get(kid);
        if (late === undefined) throw unauthenticated(NOT_ACCEPTED);
        return accept(late);
      });
    },
  };

  /** What a token says of itself, before anything of it is believed: it chooses among what is trusted, and adds nothing. */
  function locate(token: string): { kid: string; alg: string; issuer: TrustedIssuer } {
    const { alg, kid, typ = 'JWT' } = headerOf(token) ?? {};
    const issuer = issuers.get(issuerOf(token) ?? '');
    if (alg === undefined || kid === undefined || issuer === undefined || !TYPES.has(typ))
      throw unauthenticated(NOT_ACCEPTED);
    return { kid, alg, issuer };
  }
}

/** The caller, where the token is bound to no certificate or came with the one that it is bound to (RFC 8705). */
function held({ caller, certificate: bound }: Known, certificate: string | undefined): Caller {
  if (bound === undefined || bound === certificate) return caller;
  throw unauthenticated('the token is bound to a client certificate, and the request did not come with it');
}

function check(
  token: string,
  key: PublicKey,
  issuer: TrustedIssuer,
  now: number,
): Pick<Known, 'caller' | 'expires' | 'certificate'> {
  const read = verifySigned(token, key, { issuer: issuer.issuer, audience: issuer.audience, now });
  if (!read.ok) throw unauthenticated(FAULTS[read.fault]);
  const claims = readClaims(read.payload);
  const claim = claims.ok ? beyondIssuer(issuer, claims.caller) : claims.claim;
  if (!claims.ok || claim !== undefined)
    throw unauthenticated(`the claim "${String(claim)}" of the token is not accepted`);
  const { iat, exp } = read.payload;
  // Revocations are kept for as long as a token may last, and those of a client go by when a token was issued.
  if (iat === undefined || exp - iat > LONGEST_LIFETIME)
    throw unauthenticated('the token does not say when it was issued ("iat"), or lasts for more than 31 days');
  return { caller: { ...claims.caller, issuedAt: iat }, expires: exp, certificate: claims.certificate };
}

/** An assertion, an identity token or a logout token is no access token, whoever signed it. */
const TYPES = new Set(['JWT', 'at+jwt']);

const NOT_ACCEPTED = 'the token is not one that this hub accepts (key, algorithm, issuer or audience)';

const FAULTS = {
  expired: 'the token has expired',
  early: 'the token is not valid yet',
  lasting: 'the token has no expiry',
  refused: NOT_ACCEPTED,
} as const;

/** The token of the header, with nothing around it. */
function bearer(authorization: string | undefined): string {
  if (authorization === undefined) throw unauthenticated('the request has no token');
  const [scheme, token, ...rest] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || rest.length > 0) {
    throw unauthenticated('the header "Authorization" is not of the form "Bearer <token>"');
  }
  if (token.length > LONGEST_TOKEN) throw unauthenticated('the token is not a signed JWT');
  return token;
}
