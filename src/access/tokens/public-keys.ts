/** The keys that tokens are checked against. Nothing in a token can add to them: it only names one, by its id. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { z } from 'zod';

/** The algorithms of the hub; each fits one type of key, so no key can be used with another. */
export type TokenAlgorithm = 'RS256' | 'ES256';

/** A key and the one algorithm that it is used with. */
export interface PublicKey {
  readonly key: KeyObject;
  readonly algorithm: TokenAlgorithm;
}

/** By key id (`kid`). */
export type PublicKeys = ReadonlyMap<string, PublicKey>;

/** Where the keys of one issuer are found: a fixed map, a folder, or what the issuer publishes. */
export interface KeySource {
  /** The key of that id that stands now: the same object as long as it is the same key. */
  get(kid: string): PublicKey | undefined;
  /** Looks anew for keys that are not known yet; undefined where it may not look, or looked a moment ago. */
  lookAgain?(): Promise<void> | undefined;
}

/** Key ids of demo keys start so; production mode refuses them. */
export const DEMO_KEY_PREFIX = 'demo-';

const KEY_ID = /^[A-Za-z0-9._-]{1,128}$/;
const LEAST_RSA_BITS = 2048;

/** Whether the text can be the id of a key. */
export const isKeyId = (text: string): boolean => KEY_ID.test(text);

/** Keys that the hub cannot work with; the message names the file, never what it holds. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

/** The one algorithm that a public key may be used with. Throws KeyError for any other kind of key. */
function algorithmOf(key: KeyObject, name: string): TokenAlgorithm {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS) return 'RS256';
  throw new KeyError(`${name}: only EC P-256 keys and RSA keys of ${String(LEAST_RSA_BITS)} bits or more are accepted`);
}

/** A public key in PEM (SPKI). Throws KeyError; `name` is what its message calls the key. */
export function publicKeyOfPem(text: string, name: string): PublicKey {
  if (isPrivate(text)) throw new KeyError(`${name}: is a private key; only public keys belong here`);
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch {
    throw new KeyError(`${name}: is not a public key in PEM`);
  }
  return { key, algorithm: algorithmOf(key, name) };
}

function isPrivate(pem: string): boolean {
  // createPublicKey would quietly derive the public half.
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return /PRIVATE KEY/.test(pem);
  }
}

const jwkSchema = z.looseObject({
  kid: z.string().optional(),
  kty: z.enum(['EC', 'RSA']),
  use: z.literal('sig').optional(),
  alg: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
});

/**
 * A public key as JSON (RFC 7517). What it says of its use must agree with what the hub uses it for; certificates and
 * addresses in it (`x5c`, `x5u`) are left alone. Throws KeyError.
 */
export function publicKeyOfJwk(jwk: unknown, name: string): PublicKey & { readonly kid: string | undefined } {
  const read = jwkSchema.safeParse(jwk);
  if (!read.success) throw new KeyError(`${name}: is not a JWK of kty EC or RSA for signatures`);
  const { kid, alg, key_ops: operations, ...rest } = read.data;
  if ('d' in rest || 'p' in rest) throw new KeyError(`${name}: is a private key; only public keys belong here`);
  let key: KeyObject;
  try {
    const { kty, crv, x, y, n, e } = rest as JsonWebKey;
    const material = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e };
    key = createPublicKey({ key: material as JsonWebKey, format: 'jwk' });
  } catch {
    throw new KeyError(`${name}: is not a public key`);
  }
  const algorithm = algorithmOf(key, name);
  if (alg !== undefined && alg !== algorithm) throw new KeyError(`${name}: its alg is not ${algorithm}`);
  if (operations?.includes('verify') === false) throw new KeyError(`${name}: its key_ops are not for verifying`);
  return { kid, key, algorithm };
}

/** A public key as it is published. */
export interface PublicJwk {
  readonly kid: string;
  readonly kty: string;
  readonly alg: TokenAlgorithm;
  readonly use: 'sig';
  readonly [member: string]: string;
}

/** The public key as JSON, with its id and what it is for. */
export function toPublicJwk(kid: string, { key, algorithm }: PublicKey): PublicJwk {
  return { ...membersOf(key), kid, alg: algorithm, use: 'sig' };
}

/** The thumbprint of a key (RFC 7638, SHA-256, base64url): the same for the same key, whatever it is called. */
export function thumbprintOf(key: KeyObject): string {
  const members = Object.entries(membersOf(key)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}

/** The members of a JWK that make up the public key, and no others. */
function membersOf(key: KeyObject): Record<string, string> & { readonly kty: string } {
  const { kty = '', crv = '', x = '', y = '', n = '', e = '' } = key.export({ format: 'jwk' });
  return kty === 'EC' ? { kty, crv, x, y } : { kty, n, e };
}
