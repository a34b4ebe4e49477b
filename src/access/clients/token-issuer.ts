/** Tokens for registered clients (OAuth 2.0, RFC 6749 section 4.4, with assertions of RFC 7523 in place of secrets). */
import type { Clock } from '../../platform/clock.ts';
import type { Pool } from '../../platform/database.ts';
import type { Logger } from '../../platform/log.ts';
import { secondsOf } from '../tokens/jwt.ts';
import { LONGEST_OWN_TOKEN } from '../tokens/own-keys.ts';
import type { SigningKey } from '../tokens/own-keys.ts';
import { signToken } from '../tokens/sign.ts';
import { forgetUsed, readAssertion, useUp } from './assertion.ts';
import type { AssertionFault } from './assertion.ts';
import { narrowed, toText } from './scope.ts';
import type { RegisteredClient } from './client.ts';

/** What a client asks for. */
export interface TokenRequest {
  readonly assertion: string;
  /** Undefined: all that the client has. */
  readonly scope: string | undefined;
  /** The client's name, where it says it beside the assertion. */
  readonly clientId: string | undefined;
  /** Thumbprint of the certificate that it came with. */
  readonly certificate: string | undefined;
}

/** Why there is no token: for the hub's log. */
export type TokenFault = AssertionFault | 'used before' | 'other client id' | 'other certificate' | 'scope';

/** A token, or why there is none. */
export type Issued =
  | {
      readonly kind: 'token';
      readonly client: RegisteredClient;
      readonly token: string;
      readonly tokenId: string;
      readonly kid: string;
      /** Seconds from now. */
      readonly expiresIn: number;
      readonly scope: string;
      /** Whether it is bound to a certificate. */
      readonly bound: boolean;
    }
  | { readonly kind: 'invalid_client' | 'invalid_scope'; readonly fault: TokenFault; readonly client?: string }
  /** Nothing signs. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'too_often'; readonly retryAfter: number; readonly client: string };

/** What tokens are made with. */
export interface TokenIssuerParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly issuer: string;
  readonly audience: string;
  /** The key that signs now. */
  readonly signing: () => SigningKey | undefined;
  /** Takes one from the allowance of a client that proved who it is; seconds to wait where there is none left. */
  readonly take?: (client: string) => number | undefined;
}

/** Makes tokens for registered clients. */
export interface TokenIssuer {
  issue(request: TokenRequest): Promise<Issued>;
}

/** How often used assertions are forgotten, in seconds. */
const FORGET_EVERY = 600;
const DAY = 86_400;

/** The one place where the hub signs tokens outside the demo. */
export function tokenIssuer(parts: TokenIssuerParts): TokenIssuer {
  const { pool, clock, log, issuer, audience, signing, take = () => undefined } = parts;
  const audiences = audiencesOf(issuer);
  let forgotAt = -Infinity;
  const forget = (now: number): void => {
    if (now - forgotAt < FORGET_EVERY) return;
    forgotAt = now;
    forgetUsed(pool).catch((err: unknown) => log.warn({ err }, 'used assertions could not be forgotten'));
  };

  return {
    async issue({ assertion, scope, clientId, certificate }) {
      const key = signing();
      if (key === undefined) return { kind: 'unavailable' };
      const now = secondsOf(clock);
      const read = await readAssertion(pool, assertion, { audiences, now, today: clock.today() });
      if (!read.ok) {
        const { fault, client } = read;
        return { kind: 'invalid_client', fault, ...(client === undefined ? {} : { client }) };
      }
      const { client } = read;
      const refused = (fault: TokenFault): Issued => ({ kind: 'invalid_client', fault, client: client.client });
      if (clientId !== undefined && clientId !== client.client) return refused('other client id');
      const bound = client.certificates.length > 0;
      if (bound && (certificate === undefined || !client.certificates.includes(certificate)))
        return refused('other certificate');
      const retryAfter = take(client.client);
      if (retryAfter !== undefined) return { kind: 'too_often', retryAfter, client: client.client };
      if (!(await useUp(pool, read))) return refused('used before');
      forget(now);
      const open = scope === undefined ? client : await narrowed(pool, client, scope);
      if (open === undefined) return { kind: 'invalid_scope', fault: 'scope', client: client.client };
      const lifetime = Math.min(LONGEST_OWN_TOKEN, endOf(client) - now);
      const { department, role } = client;
      const { purposes, regions } = open;
      const signed = signToken(
        key,
        { client: client.client, department, role, purposes, regions },
        { issuer, audience, lifetime, clock, certificate: bound ? certificate : undefined },
      );
      const { token, tokenId } = signed;
      return { kind: 'token', client, token, tokenId, kid: key.kid, expiresIn: lifetime, scope: toText(open), bound };
    },
  };
}

/** Of an assertion: the name of the hub, and where that is an address, the token endpoint below it. */
function audiencesOf(issuer: string): readonly [string, ...string[]] {
  return URL.canParse(issuer) ? [issuer, `${issuer.replace(/\/$/, '')}/token`] : [issuer];
}

/** When the last day of a client ends in Shanghai, in seconds since 1970: no token outlives it. */
function endOf({ validUntil }: RegisteredClient): number {
  return validUntil === undefined ? Infinity : Date.parse(`${validUntil}T00:00:00+08:00`) / 1000 + DAY;
}
