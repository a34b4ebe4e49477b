/** Tokens of the callers, signed with a key of this run, and the headers of their requests. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import type { Caller, Purpose } from '../src/access/index.ts';
import { CALLERS } from './callers.ts';
import type { CallerName } from './callers.ts';

/** What a hub in production mode needs to accept the tokens, and the tokens. */
export interface Tokens {
  readonly publicKeysDir: string;
  readonly issuer: string;
  readonly audience: string;
  readonly of: Readonly<Record<CallerName, string>>;
}

/** Makes a key pair for this run and signs a token for each caller; only the public key is written. */
export function makeTokens(dir: string): Tokens {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const kid = `bench-${createHash('sha256').update(pem).digest('hex').slice(0, 16)}`;
  const publicKeysDir = join(dir, 'trusted');
  rmSync(publicKeysDir, { recursive: true, force: true });
  mkdirSync(publicKeysDir, { recursive: true });
  writeFileSync(join(publicKeysDir, `${kid}.pem`), pem);
  const [issuer, audience] = ['social-assistance-hub', 'social-assistance-hub'];
  const sign = ({ tokenId, ...claims }: Caller): string =>
    jwt.sign({ ...claims, jti: tokenId }, privateKey, {
      algorithm: 'ES256',
      keyid: kid,
      issuer,
      audience,
      subject: claims.client,
      expiresIn: '1d',
    });
  const of = {
    civil: sign(CALLERS.civil),
    education: sign(CALLERS.education),
    housing: sign(CALLERS.housing),
    analyst: sign(CALLERS.analyst),
  };
  return { publicKeysDir, issuer, audience, of };
}

/** Headers of a request. */
export function headersOf(token: string, purpose: Purpose, caseNo: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'hub-purpose': purpose,
    'hub-case': caseNo,
  };
}
