/** The assertion with which a client proves who it is (RFC 7523): signed with its own key, for this hub, once. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import type { Pool } from '../../platform/database.ts';
import { CLOCK_TOLERANCE, headerOf, isCompactJwt, issuerOf, verifySigned } from '../tokens/jwt.ts';
import type { PublicKey } from '../tokens/public-keys.ts';
import { CLIENT_NAME, findClient, isActiveOn } from './client.ts';
import type { RegisteredClient } from './client.ts';

/** Longest time from now to the expiry of an assertion, in seconds. */
const LONGEST_ASSERTION = 300;

const LONGEST_TEXT = 8_192;

/** What assertions are held against. */
export interface AssertionRules {
  /** The name of this hub, and the address of its token endpoint: one of them, and nobody else beside it. */
  readonly audiences: readonly [string, ...string[]];
  /** Seconds since 1970. */
  readonly now: number;
  /** The date in Asia/Shanghai. */
  readonly today: string;
}

/** Why an assertion is not taken: for the hub's log; whoever sent it learns that it was not, and no more. */
export type AssertionFault =
  | 'malformed'
  | 'unknown client'
  | 'unknown key'
  | 'not valid'
  | 'expired'
  | 'not valid yet'
  | 'valid for too long'
  | 'other subject'
  | 'other audience'
  | 'no token id'
  | 'disabled or out of date';

/** An assertion that was checked; not yet that it is new. */
export type ReadAssertion =
  | { readonly ok: true; readonly client: RegisteredClient; readonly digest: Buffer; readonly expires: number }
  | { readonly ok: false; readonly fault: AssertionFault; readonly client?: string };

// Nobody has its private half. Whoever is not registered, or names a key that is none, costs the same work.
let decoy: PublicKey | undefined;
const noKey = (): PublicKey =>
  (decoy ??= { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, algorithm: 'ES256' });

/** Whose assertion this is, where a registered client signed it with a key of its own. */
export async function readAssertion(pool: Pool, text: string, rules: AssertionRules): Promise<ReadAssertion> {
  if (text.length > LONGEST_TEXT || !isCompactJwt(text)) return { ok: false, fault: 'malformed' };
  const header = headerOf(text);
  const name = issuerOf(text);
  if (header === undefined || name === undefined || !CLIENT_NAME.test(name)) return { ok: false, fault: 'malformed' };
  const client = await findClient(pool, name);
  const key = client === undefined ? undefined : keyOf(client, header.kid);
  const { audiences, now, today } = rules;
  // The key decides the algorithm, not the assertion.
  const read = verifySigned(text, key ?? noKey(), { issuer: name, audience: [...audiences], now });
  if (client === undefined) return { ok: false, fault: 'unknown client' };
  const refused = (fault: AssertionFault): ReadAssertion => ({ ok: false, fault, client: name });
  if (key === undefined) return refused('unknown key');
  if (!read.ok) return refused(FAULTS[read.fault]);
  const { exp, sub, aud, jti } = read.payload;
  if (exp > now + LONGEST_ASSERTION + CLOCK_TOLERANCE) return refused('valid for too long');
  if (sub !== name) return refused('other subject');
  // Who else it is for could take it here in the client's name.
  if (Array.isArray(aud) && aud.length !== 1) return refused('other audience');
  const id = tokenId.safeParse(jti).data;
  if (id === undefined) return refused('no token id');
  if (!isActiveOn(client, today)) return refused('disabled or out of date');
  return { ok: true, client, digest: createHash('sha256').update(id).digest(), expires: exp };
}

const tokenId = z.string().min(8).max(256);

const FAULTS = {
  expired: 'expired',
  early: 'not valid yet',
  lasting: 'valid for too long',
  refused: 'not valid',
} as const;

/** The key that the assertion names; where it names none, the client's only one. */
function keyOf({ keys }: RegisteredClient, kid: string | undefined): PublicKey | undefined {
  if (kid !== undefined) return keys.get(kid);
  const [only] = keys.values();
  return keys.size === 1 ? only : undefined;
}

/** Uses an assertion up, for every process of the hub; false where it was used before. */
export async function useUp(
  pool: Pool,
  { client, digest, expires }: Extract<ReadAssertion, { readonly ok: true }>,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into used_assertion (client, digest, expires_at) values ($1, $2, to_timestamp($3))
     on conflict (client, digest) do nothing`,
    [client.client, digest, expires + CLOCK_TOLERANCE],
  );
  return rowCount === 1;
}

/** Forgets assertions that expired an hour ago, which would be refused for their age; resolves to how many they were. */
export async function forgetUsed(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: string }>('select forget_used_assertions() as n');
  return Number(rows[0]?.n ?? 0);
}
