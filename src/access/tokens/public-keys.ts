/** The keys that tokens are checked against: a fixed map in memory, by key id. Nothing in a token can add to it. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
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

/** Key ids of demo keys start so; production mode refuses them. */
export const DEMO_KEY_PREFIX = 'demo-';

const KEY_ID = /^[A-Za-z0-9._-]{1,128}$/;
const LEAST_RSA_BITS = 2048;

/** A folder of keys that the hub cannot work with; the message names the file. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

/**
 * Reads a folder of public keys: `<kid>.pem` (SPKI), or `*.jwk`/`*.json` with one JWK that has a `kid`. Throws KeyError
 * for a private key, a weak or foreign one, a key id that occurs twice, or a folder without keys.
 */
export async function readPublicKeys(folder: string): Promise<PublicKeys> {
  const names = await readdir(folder).catch(() => {
    throw new KeyError(`The key folder ${folder} cannot be read`);
  });
  const keys = new Map<string, PublicKey>();
  for (const name of names.toSorted()) {
    const kind = extname(name);
    if (kind !== '.pem' && kind !== '.jwk' && kind !== '.json') continue;
    const text = await readFile(join(folder, name), 'utf8');
    const { kid, key } =
      kind === '.pem' ? { kid: basename(name, kind), key: fromPem(text, name) } : fromJwk(text, name);
    if (!KEY_ID.test(kid)) throw new KeyError(`${name}: the key id may hold letters, digits and . _ - only`);
    if (keys.has(kid)) throw new KeyError(`${name}: the key id ${kid} occurs twice`);
    keys.set(kid, { key, algorithm: algorithmOf(key, name) });
  }
  if (keys.size === 0) throw new KeyError(`The key folder ${folder} has no public key (*.pem, *.jwk)`);
  return keys;
}

/** The one algorithm that a public key may be used with. Throws KeyError for any other kind of key. */
export function algorithmOf(key: KeyObject, name: string): TokenAlgorithm {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS) return 'RS256';
  throw new KeyError(`${name}: only EC P-256 keys and RSA keys of ${String(LEAST_RSA_BITS)} bits or more are accepted`);
}

function fromPem(text: string, name: string): KeyObject {
  if (isPrivate(text)) throw new KeyError(`${name}: is a private key; only public keys belong in this folder`);
  try {
    return createPublicKey(text);
  } catch {
    throw new KeyError(`${name}: is not a public key in PEM`);
  }
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

const jwk = z.looseObject({ kid: z.string(), kty: z.enum(['EC', 'RSA']) });

function fromJwk(text: string, name: string): { kid: string; key: KeyObject } {
  let found: z.infer<typeof jwk>;
  try {
    found = jwk.parse(JSON.parse(text));
  } catch {
    throw new KeyError(`${name}: is not a JWK with kid and kty`);
  }
  if ('d' in found) throw new KeyError(`${name}: is a private key; only public keys belong in this folder`);
  try {
    const { kid, ...rest } = found;
    const material: JsonWebKey = rest;
    return { kid, key: createPublicKey({ key: material, format: 'jwk' }) };
  } catch {
    throw new KeyError(`${name}: is not a public key`);
  }
}
