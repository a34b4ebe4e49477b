import { createHash } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { unauthenticated } from '../../platform/errors.ts';
import type { Caller } from '../caller.ts';
import { readClaims } from './claims.ts';
import type { PublicKeys } from './public-keys.ts';

/** How far the clocks of a department and the hub may be apart, in seconds. */
export const CLOCK_TOLERANCE = 60;

const LONGEST_TOKEN = 8_192;
const MOST_CACHED = 10_000;
const SEGMENT = /^[A-Za-z0-9_-]+$/;

// A token that brings its own key, or names where one is to be fetched, is refused, and so is an unknown `crit`.
const header = z.looseObject({
  alg: z.enum(['RS256', 'ES256']),
  kid: z.string(),
  typ: z.enum(['JWT', 'at+jwt']).optional(),
  jku: z.never().optional(),
  jwk: z.never().optional(),
  x5u: z.never().optional(),
  x5c: z.never().optional(),
  crit: z.never().optional(),
});

/** Turns the bearer of a request into a caller. */
export interface TokenVerifier {
  /** The caller of an `Authorization` header. Throws UNAUTHENTICATED; the message says what is wrong, not with what. */
  verify(authorization: string | undefined): Caller;
}

/** What a token is held against. */
export interface TokenRules {
  readonly keys: PublicKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

/** Checks bearer tokens (RS256, ES256). A verified token is remembered by its SHA-256 until it expires. */
export function openTokenVerifier({ keys, issuer, audience, clock }: TokenRules): TokenVerifier {
  const seen = new LRUCache<string, { caller: Caller; expires: number }>({ max: MOST_CACHED });

  return {
    verify(authorization) {
      const token = bearer(authorization);
      const now = Math.floor(clock.now().getTime() / 1000);
      const key = createHash('sha256').update(token).digest('base64');
      const known = seen.get(key);
      if (known !== undefined) {
        if (now < known.expires + CLOCK_TOLERANCE) return known.caller;
        seen.delete(key);
        throw unauthenticated('the token has expired');
      }
      const { payload, expires } = check(token, now);
      const claims = readClaims(payload);
      if (!claims.ok) throw unauthenticated(`the claim "${claims.claim}" of the token is not accepted`);
      seen.set(key, { caller: claims.caller, expires });
      return claims.caller;
    },
  };

  function check(token: string, now: number): { payload: jwt.JwtPayload; expires: number } {
    const head = readHeader(token);
    const known = head === undefined ? undefined : keys.get(head.kid);
    // The key decides the algorithm, not the token: an RS256 key is no secret for HS256, nor a key for ES256.
    if (head === undefined || known === undefined || known.algorithm !== head.alg) throw unauthenticated(NOT_ACCEPTED);
    let payload: string | jwt.JwtPayload;
    try {
      payload = jwt.verify(token, known.key, {
        algorithms: [known.algorithm],
        issuer,
        audience,
        clockTolerance: CLOCK_TOLERANCE,
        clockTimestamp: now,
      });
    } catch (error) {
      throw unauthenticated(
        error instanceof jwt.TokenExpiredError
          ? 'the token has expired'
          : error instanceof jwt.NotBeforeError
            ? 'the token is not valid yet'
            : NOT_ACCEPTED,
      );
    }
    if (typeof payload === 'string' || typeof payload.exp !== 'number')
      throw unauthenticated('the token has no expiry');
    return { payload, expires: payload.exp };
  }
}

const NOT_ACCEPTED = 'the token is not one that this hub accepts (key, algorithm, issuer or audience)';

/** The token of the header, in its one canonical spelling: no padding, no stray bits, nothing around it. */
function bearer(authorization: string | undefined): string {
  if (authorization === undefined) throw unauthenticated('the request has no token');
  const [scheme, token, ...rest] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || rest.length > 0) {
    throw unauthenticated('the header "Authorization" is not of the form "Bearer <token>"');
  }
  const segments = token.split('.');
  if (token.length > LONGEST_TOKEN || segments.length !== 3 || !segments.every(isCanonical)) {
    throw unauthenticated('the token is not a signed JWT');
  }
  return token;
}

const isCanonical = (segment: string): boolean =>
  SEGMENT.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment;

function readHeader(token: string): z.infer<typeof header> | undefined {
  try {
    const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8');
    return header.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
