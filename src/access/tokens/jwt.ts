/** What access tokens and client assertions have in common as signed JWTs (RFC 7515, RFC 7519). */
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { PublicKey } from './public-keys.ts';

/** How far the clocks of a department and the hub may be apart, in seconds. */
export const CLOCK_TOLERANCE = 60;

/** Whole seconds since 1970, as tokens tell the time. */
export const secondsOf = (clock: Clock): number => Math.floor(clock.now().getTime() / 1000);

const SEGMENT = /^[A-Za-z0-9_-]+$/;

/** Whether the text is a signed JWT in its one canonical spelling: three segments, no padding, no stray bits. */
export function isCompactJwt(text: string): boolean {
  const segments = text.split('.');
  return segments.length === 3 && segments.every(isCanonical);
}

const isCanonical = (segment: string): boolean =>
  SEGMENT.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment;

// A token that brings its own key, or names where one is to be fetched, is refused, and so is an unknown `crit`.
const header = z.looseObject({
  alg: z.enum(['RS256', 'ES256']),
  kid: z.string().optional(),
  typ: z.string().optional(),
  jku: z.never().optional(),
  jwk: z.never().optional(),
  x5u: z.never().optional(),
  x5c: z.never().optional(),
  crit: z.never().optional(),
});

/** The header of a JWT, before it is believed; undefined for one that the hub does not take. */
export type JwtHeader = z.infer<typeof header>;

/** The header of a compact JWT that asks for nothing but a signature of one of the hub's algorithms. */
export const headerOf = (token: string): JwtHeader | undefined => header.safeParse(segmentOf(token, 0)).data;

const payload = z.looseObject({ iss: z.string() });

/** The issuer that a compact JWT names, before it is believed. */
export const issuerOf = (token: string): string | undefined => payload.safeParse(segmentOf(token, 1)).data?.iss;

function segmentOf(token: string, at: number): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What a JWT must say. */
export interface Expected {
  readonly issuer: string;
  /** One of these. */
  readonly audience: string | [string, ...string[]];
  /** Seconds since 1970. */
  readonly now: number;
}

/** A payload that was signed by the key, or why it is not taken. */
export type ReadJwt =
  | { readonly ok: true; readonly payload: jwt.JwtPayload & { readonly exp: number } }
  | { readonly ok: false; readonly fault: 'expired' | 'early' | 'lasting' | 'refused' };

/** Checks signature, issuer, audience and times of a compact JWT with the one algorithm of the key. */
export function verifySigned(token: string, key: PublicKey, { issuer, audience, now }: Expected): ReadJwt {
  let payload: string | jwt.JwtPayload;
  try {
    payload = jwt.verify(token, key.key, {
      algorithms: [key.algorithm],
      issuer,
      audience,
      clockTolerance: CLOCK_TOLERANCE,
      clockTimestamp: now,
    });
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) return { ok: false, fault: 'expired' };
    return { ok: false, fault: error instanceof jwt.NotBeforeError ? 'early' : 'refused' };
  }
  if (typeof payload === 'string') return { ok: false, fault: 'refused' };
  const { exp, iat } = payload;
  if (typeof exp !== 'number') return { ok: false, fault: 'lasting' };
  // The library leaves the time of issue alone. One that lies ahead is a clock that nobody can rely on.
  if (iat !== undefined && !Number.isFinite(iat)) return { ok: false, fault: 'refused' };
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE) return { ok: false, fault: 'early' };
  return { ok: true, payload: { ...payload, exp } };
}
