import jwt from 'jsonwebtoken';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/id.ts';
import type { Caller } from '../caller.ts';
import { readClaims } from './claims.ts';
import type { DemoKey } from './demo-key.ts';

/** For whom and how long a token is made. */
export interface TokenTerms {
  readonly issuer: string;
  readonly audience: string;
  /** Seconds from now. */
  readonly lifetime: number;
  readonly clock: Clock;
}

/** A token of the demo key, with a new `jti`. Throws when the hub would not accept its claims. */
export function signDemoToken(key: DemoKey, caller: Omit<Caller, 'tokenId'>, terms: TokenTerms): string {
  const issued = Math.floor(terms.clock.now().getTime() / 1000);
  const { client, department, role, regions, purposes } = caller;
  const payload = { client, department, role, regions, purposes, jti: newId() };
  const claims = readClaims(payload);
  if (!claims.ok) throw new Error(`The claim "${claims.claim}" ${claims.fault}`);
  return jwt.sign({ ...payload, iat: issued, exp: issued + terms.lifetime }, key.privateKey, {
    algorithm: 'ES256',
    keyid: key.kid,
    issuer: terms.issuer,
    audience: terms.audience,
    subject: client,
  });
}
