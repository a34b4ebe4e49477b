import jwt from 'jsonwebtoken';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/id.ts';
import type { Caller } from '../caller.ts';
import { readClaims } from './claims.ts';
import { secondsOf } from './jwt.ts';
import type { SigningKey } from './own-keys.ts';

/** For whom and how long a token is made. */
export interface TokenTerms {
  readonly issuer: string;
  readonly audience: string;
  /** Seconds from now. */
  readonly lifetime: number;
  readonly clock: Clock;
  /** Thumbprint of the certificate that the token is bound to (RFC 8705). */
  readonly certificate?: string | undefined;
}

/** A token, and what is known of it without reading it. */
export interface SignedToken {
  readonly token: string;
  /** Its `jti`. */
  readonly tokenId: string;
}

/** A token of the hub's own key (RFC 9068), with a new `jti`. Throws when the hub would not accept its claims. */
export function signToken(key: SigningKey, caller: Omit<Caller, 'tokenId'>, terms: TokenTerms): SignedToken {
  return sign(key, caller, terms, { typ: 'at+jwt' });
}

/** A token of the demo key, with a new `jti`. Throws when the hub would not accept its claims. */
export function signDemoToken(key: SigningKey, caller: Omit<Caller, 'tokenId'>, terms: TokenTerms): string {
  return sign(key, caller, terms, {}).token;
}

function sign(
  key: SigningKey,
  caller: Omit<Caller, 'tokenId'>,
  terms: TokenTerms,
  { typ }: { readonly typ?: string },
): SignedToken {
  const issued = secondsOf(terms.clock);
  const { client, department, role, regions, purposes } = caller;
  const tokenId = newId();
  const cnf = terms.certificate === undefined ? {} : { cnf: { 'x5t#S256': terms.certificate } };
  const payload = { client, department, role, regions, purposes, jti: tokenId, ...cnf };
  const claims = readClaims(payload);
  if (!claims.ok) throw new Error(`The claim "${claims.claim}" ${claims.fault}`);
  const standard = typ === undefined ? {} : { client_id: client };
  const token = jwt.sign({ ...payload, ...standard, iat: issued, exp: issued + terms.lifetime }, key.privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', kid: key.kid, typ: typ ?? 'JWT' },
    issuer: terms.issuer,
    audience: terms.audience,
    subject: client,
  });
  return { token, tokenId };
}
