/** Issuers that publish their keys: what is fetched, when, and what no token can bring about. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import type { Caller } from '../../src/access/caller.ts';
import { JWKS_TIMES, jwksKeys } from '../../src/access/tokens/jwks-keys.ts';
import { openTokenVerifier, readIssuers } from '../../src/access/tokens/index.ts';
import type { TokenVerifier, TrustedIssuer } from '../../src/access/tokens/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { HubError } from '../../src/platform/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { testFolder } from '../harness/folder.ts';

let seconds = Date.parse('2026-11-22T09:00:00+08:00') / 1000;
const clock: Clock = { now: () => new Date(seconds * 1000), today: () => '2026-11-22' };

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const ec = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const first = ec();
const second = ec();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOf = ({ publicKey }: Pair, kid: string, more: object = {}): object => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  ...more,
});

let server: Server;
let url: string;
let published: unknown;
let fetched = 0;
let respond: RequestListener | undefined;
beforeAll(async () => {
  server = createServer((request, response) => {
    fetched += 1;
    if (respond !== undefined) respond(request, response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(published));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(
  () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
);

const education: Omit<Caller, 'tokenId'> = {
  client: 'education.gansu',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY'],
};
const ISSUER = 'https://id.education.test';
const claims = (change: object = {}): object => ({
  ...education,
  jti: 'token-0001',
  iss: ISSUER,
  aud: 'hub',
  iat: seconds,
  exp: seconds + 600,
  ...change,
});
const sign = ({ privateKey }: Pair, kid: string, change: object = {}, header: object = {}): string =>
  jwt.sign(JSON.stringify(claims(change)), privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', kid, ...header },
  });

const own = ec();
let verifier: TokenVerifier;
let issuer: TrustedIssuer;
beforeEach(() => {
  seconds += 1_000_000;
  fetched = 0;
  respond = undefined;
  published = { keys: [jwkOf(first, 'k1')] };
  issuer = trusted();
  verifier = verifierOf(issuer);
});

function trusted(change: Partial<TrustedIssuer> = {}, timeout?: number): TrustedIssuer {
  return {
    issuer: ISSUER,
    audience: 'hub',
    departments: ['EDUCATION'],
    clients: 'education.',
    keys: jwksKeys({ url, clock, log: silentLog, ...(timeout === undefined ? {} : { timeout }) }),
    ...change,
  };
}
const verifierOf = (...others: readonly TrustedIssuer[]): TokenVerifier =>
  openTokenVerifier({
    issuer: 'hub-itself',
    audience: 'hub',
    keys: new Map([['own', { key: own.publicKey, algorithm: 'ES256' as const }]]),
    others,
    clock,
  });

/** `accepted`, or the message of the refusal. */
async function outcome(token: string, by = verifier): Promise<string> {
  try {
    await by.verify(`Bearer ${token}`);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    expect(error.code).toBe('UNAUTHENTICATED');
    return error.message;
  }
}
const REFUSED = expect.stringContaining('not one that this hub accepts');

describe('a token of an issuer that publishes its keys', () => {
  test('is accepted after one fetch, and from then on without waiting', async () => {
    const token = sign(first, 'k1');
    const waiting = verifier.verify(`Bearer ${token}`);
    expect(waiting).toBeInstanceOf(Promise);
    expect(await waiting).toMatchObject({ ...education, tokenId: 'token-0001' });
    expect(verifier.verify(`Bearer ${token}`)).toMatchObject({ ...education, tokenId: 'token-0001' });
    expect(verifier.verify(`Bearer ${sign(first, 'k1', { jti: 'token-0002' })}`)).toMatchObject({
      tokenId: 'token-0002',
    });
    expect(fetched).toBe(1);
  });

  test('of a key that the issuer took up a moment ago is accepted after one fetch more', async () => {
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
    published = { keys: [jwkOf(first, 'k1'), jwkOf(second, 'k2')] };
    seconds += JWKS_TIMES.cooldown;
    expect(await Promise.all([outcome(sign(second, 'k2')), outcome(sign(second, 'k2'))])).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(fetched).toBe(2);
  });

  test('is refused once its key is withdrawn, though it was accepted before', async () => {
    const token = sign(first, 'k1', { exp: seconds + 10_000 });
    expect(await outcome(token)).toBe('accepted');
    published = { keys: [jwkOf(second, 'k2')] };
    seconds += JWKS_TIMES.fresh + 1;
    // This one starts the fetching, in the background.
    expect(await outcome(token)).toBe('accepted');
    await issuer.keys.lookAgain?.();
    expect(await outcome(token)).toEqual(REFUSED);
    expect(await outcome(sign(second, 'k2'))).toBe('accepted');
  });

  test('is refused where another key has taken over the name of its key', async () => {
    const token = sign(first, 'k1', { exp: seconds + 10_000 });
    expect(await outcome(token)).toBe('accepted');
    published = { keys: [jwkOf(second, 'k1')] };
    seconds += JWKS_TIMES.cooldown;
    await issuer.keys.lookAgain?.();
    expect(await outcome(token)).toEqual(REFUSED);
  });

  test('goes on being accepted while the issuer is down, for a day and no longer', async () => {
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
    respond = (_request, response) => response.writeHead(503).end();
    seconds += JWKS_TIMES.stale - 1;
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
    await issuer.keys.lookAgain?.();
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
    seconds += 2;
    expect(await outcome(sign(first, 'k1'))).toEqual(REFUSED);
    respond = undefined;
    seconds += JWKS_TIMES.cooldown;
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
  });

  test.each([
    ['another department', { department: 'HOUSING' }, '"department"'],
    ['civil affairs', { department: 'CIVIL_AFFAIRS' }, '"department"'],
    ['a client of somebody else', { client: 'housing.gansu' }, '"client"'],
    ['the name without its dot', { client: 'educationxgansu' }, '"client"'],
  ])('is refused when its issuer speaks for %s', async (_what, change, claim) => {
    expect(await outcome(sign(first, 'k1', change))).toContain(`the claim ${claim} of the token is not accepted`);
  });

  test('is refused when it is for another audience, expired, early, or issued ahead of time', async () => {
    await outcome(sign(first, 'k1'));
    expect(await outcome(sign(first, 'k1', { aud: 'other' }))).toEqual(REFUSED);
    expect(await outcome(sign(first, 'k1', { exp: seconds - 60 }))).toContain('expired');
    expect(await outcome(sign(first, 'k1', { exp: seconds - 59 }))).toBe('accepted');
    expect(await outcome(sign(first, 'k1', { nbf: seconds + 61 }))).toContain('not valid yet');
    expect(await outcome(sign(first, 'k1', { nbf: seconds + 60 }))).toBe('accepted');
    expect(await outcome(sign(first, 'k1', { iat: seconds + 61 }))).toContain('not valid yet');
    expect(await outcome(sign(first, 'k1', { iat: seconds + 60 }))).toBe('accepted');
    expect(await outcome(sign(first, 'k1', { iat: 'soon' }))).not.toBe('accepted');
  });
});

describe('a forged token', () => {
  beforeEach(async () => {
    published = { keys: [jwkOf(first, 'k1'), jwkOf(rsa, 'r1')] };
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
  });

  test('of one issuer is never accepted in the name of another, nor of the hub', async () => {
    const other: TrustedIssuer = {
      ...trusted({ issuer: 'https://id.housing.test', departments: ['HOUSING'], clients: 'housing.' }),
      keys: new Map([['k1', { key: second.publicKey, algorithm: 'ES256' }]]),
    };
    const both = verifierOf(issuer, other);
    expect(await outcome(sign(second, 'k1'), both)).toEqual(REFUSED);
    expect(
      await outcome(sign(second, 'k1', { iss: other.issuer, client: 'housing.gansu', department: 'HOUSING' }), both),
    ).toBe('accepted');
    for (const [pair, kid] of [
      [first, 'k1'],
      [first, 'own'],
      [own, 'own'],
    ] as const)
      expect(await outcome(sign(pair, kid, { iss: 'https://nobody.test' }), both)).toEqual(REFUSED);
    expect(await outcome(sign(first, 'own', { iss: 'hub-itself' }), both)).toEqual(REFUSED);
    expect(await outcome(sign(own, 'own'), both)).toEqual(REFUSED);
  });

  test('without a signature, or signed with the public key as a secret, is refused', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'None', 'HS256', 'ES256', 'RS256']) {
      for (const [kid, { publicKey }] of [
        ['k1', first],
        ['r1', rsa],
      ] as const) {
        const body = `${part({ alg, typ: 'JWT', kid })}.${part(claims())}`;
        const secrets = [
          publicKey.export({ type: 'spki', format: 'pem' }),
          JSON.stringify(publicKey.export({ format: 'jwk' })),
        ];
        for (const secret of secrets)
          expect(await outcome(`${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`)).not.toBe(
            'accepted',
          );
        expect(await outcome(`${body}.`)).not.toBe('accepted');
      }
    }
    const swapped = jwt.sign(claims(), rsa.privateKey, { algorithm: 'RS256', keyid: 'k1' });
    expect(await outcome(swapped)).toEqual(REFUSED);
    expect(await outcome(jwt.sign(claims(), rsa.privateKey, { algorithm: 'RS256', keyid: 'r1' }))).toBe('accepted');
    expect(await outcome(jwt.sign(claims(), rsa.privateKey, { algorithm: 'RS512', keyid: 'r1' }))).not.toBe('accepted');
  });

  test('leads nowhere: no key id, address or certificate in it makes the hub fetch anything but the one set', async () => {
    const lured: string[] = [];
    respond = (request, response) => {
      lured.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [jwkOf(second, 'k9')] }));
    };
    seconds += JWKS_TIMES.cooldown;
    const elsewhere = url.replace('jwks.json', 'attacker.json');
    for (const header of [
      { jku: elsewhere },
      { x5u: elsewhere },
      { jwk: jwkOf(second, 'k9') },
      { x5c: ['AAAA'] },
      { crit: ['b64'] },
    ])
      expect(await outcome(sign(second, 'k9', {}, header))).toEqual(REFUSED);
    expect(await outcome(sign(second, elsewhere))).toEqual(REFUSED);
    expect(new Set(lured)).toEqual(new Set(['/jwks.json']));
  });

  test('of an unknown key makes the hub look once in half a minute, however many there are', async () => {
    fetched = 0;
    seconds += JWKS_TIMES.cooldown;
    await Promise.all(Array.from({ length: 200 }, (_, i) => outcome(sign(second, `flood-${i}`))));
    expect(fetched).toBe(1);
    const again = await outcome(sign(second, 'flood-again'));
    expect(again).toEqual(REFUSED);
    expect(() => verifier.verify(`Bearer ${sign(second, 'flood-sync')}`)).toThrow(HubError);
    seconds += JWKS_TIMES.cooldown - 1;
    await outcome(sign(second, 'flood-more'));
    expect(fetched).toBe(1);
    seconds += 1;
    await outcome(sign(second, 'flood-last'));
    expect(fetched).toBe(2);
  });
});

describe('a set of keys', () => {
  const only = (...keys: readonly object[]): void => void (published = { keys });

  test('gives the keys that the hub can use, and no others', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    only(
      jwkOf(first, 'k1', { use: 'sig', alg: 'ES256', key_ops: ['verify'], x5u: 'https://attacker.test' }),
      jwkOf(second, 'enc', { use: 'enc' }),
      jwkOf(second, 'alg', { alg: 'ES384' }),
      jwkOf(second, 'ops', { key_ops: ['encrypt'] }),
      jwkOf(weak, 'weak'),
      jwkOf(curve, 'curve'),
      { kty: 'oct', kid: 'oct', k: 'c2VjcmV0' },
      { ...second.privateKey.export({ format: 'jwk' }), kid: 'private' },
      { ...second.publicKey.export({ format: 'jwk' }) },
      jwkOf(second, 'a b'),
    );
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
    for (const kid of ['enc', 'alg', 'ops', 'private', 'a b', '', 'undefined'])
      expect(await outcome(sign(second, kid))).not.toBe('accepted');
    expect(
      await outcome(
        jwt.sign(claims(), weak.privateKey, { algorithm: 'RS256', keyid: 'weak', allowInsecureKeySizes: true }),
      ),
    ).not.toBe('accepted');
  });

  test('with two keys of one name gives neither', async () => {
    only(jwkOf(first, 'k1'), jwkOf(second, 'k1'), jwkOf(rsa, 'r1'));
    expect(await outcome(sign(first, 'k1'))).toEqual(REFUSED);
    expect(await outcome(sign(second, 'k1'))).toEqual(REFUSED);
  });

  test.each<[string, RequestListener]>([
    [
      'is a redirect',
      (q, r) => {
        if (q.url === '/other') r.end(JSON.stringify({ keys: [jwkOf(second, 'k2')] }));
        else r.writeHead(302, { location: '/other' }).end();
      },
    ],
    ['is an error', (_q, r) => r.writeHead(404).end('{"keys":[]}')],
    ['is no JSON', (_q, r) => r.end('<html>')],
    ['is no set', (_q, r) => r.end('[]')],
    ['is empty', (_q, r) => r.end('{"keys":[]}')],
    [
      'breaks off',
      (_q, r) => {
        r.writeHead(200, { 'content-length': '1000' });
        r.write('{');
        r.destroy();
      },
    ],
    ['never comes', () => undefined],
  ])('that %s changes nothing: what was known before holds', async (_what, listener) => {
    const patient = trusted({}, 300);
    const by = verifierOf(patient);
    expect(await outcome(sign(first, 'k1'), by)).toBe('accepted');
    respond = listener;
    seconds += JWKS_TIMES.cooldown;
    expect(await outcome(sign(second, 'k2'), by)).toEqual(REFUSED);
    expect(await outcome(sign(first, 'k1', { jti: 'token-0003' }), by)).toBe('accepted');
  });

  test('that is endless is given up when it is larger than any set of keys', async () => {
    expect(await outcome(sign(first, 'k1'))).toBe('accepted');
    let sent = 0;
    respond = (_request, response) => {
      const more = (): void => {
        if (response.destroyed || sent > 512 * 2 ** 20) return;
        sent += 65_536;
        if (response.write(' '.repeat(65_536))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    seconds += JWKS_TIMES.cooldown;
    expect(await outcome(sign(second, 'k2'))).toEqual(REFUSED);
    expect(sent).toBeLessThan(16 * 2 ** 20);
  });

  test('is not needed for the start, and an issuer that is down costs its own tokens alone', async () => {
    respond = (_request, response) => response.writeHead(500).end();
    expect(await outcome(sign(first, 'k1'))).toEqual(REFUSED);
    expect(await outcome(sign(own, 'own', { iss: 'hub-itself' }))).toBe('accepted');
  });
});

describe('the file of issuers', () => {
  const row = {
    issuer: ISSUER,
    jwks: 'https://id.education.test/jwks',
    audience: 'hub',
    departments: ['EDUCATION'],
    clients: 'education.',
  };
  const read = (rows: unknown, development = false) => {
    const file = join(testFolder('issuers'), 'issuers.json');
    writeFileSync(file, typeof rows === 'string' ? rows : JSON.stringify(rows));
    return readIssuers(file, { own: 'hub-itself', development });
  };

  test('names each issuer with its address, audience, departments and client names', async () => {
    expect(await read([row])).toEqual([row]);
    expect(await read([{ ...row, jwks: 'http://127.0.0.1:9/jwks' }], true)).toHaveLength(1);
  });

  test.each<[string, unknown, string, boolean?]>([
    ['is no JSON', '{', 'is not JSON'],
    ['is no list', row, 'HUB_ISSUERS'],
    ['has an address without https', [{ ...row, jwks: 'http://id.education.test/jwks' }], 'row 1, "jwks"', true],
    ['has an address of this machine in production', [{ ...row, jwks: 'http://localhost/jwks' }], 'row 1, "jwks"'],
    ['has a file as address', [{ ...row, jwks: 'file:///etc/jwks' }], 'row 1, "jwks"'],
    ['has a password in an address', [{ ...row, jwks: 'https://a:b@id.education.test/jwks' }], 'row 1, "jwks"'],
    ['has an unknown department', [row, { ...row, departments: ['POLICE'] }], 'row 2, "departments"'],
    ['has no department', [{ ...row, departments: [] }], 'row 1, "departments"'],
    ['has a member that says nothing', [{ ...row, algorithms: ['none'] }], 'row 1'],
    ['names the hub itself', [{ ...row, issuer: 'hub-itself' }], 'row 1, "issuer"'],
    ['names an issuer twice', [row, { ...row, clients: 'health.' }], 'row 2, "issuer"'],
    [
      'lets two give the same client name',
      [row, { ...row, issuer: 'b', clients: 'education.gansu.' }],
      'row 2, "clients"',
    ],
  ])('that %s is refused with its place', async (_what, rows, fault, development = false) => {
    await expect(read(rows, development)).rejects.toThrow(fault);
  });
});
