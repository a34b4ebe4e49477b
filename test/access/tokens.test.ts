/** What a token must be to be believed, and what no forged one passes for. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import type { Caller } from '../../src/access/caller.ts';
import { openTokenVerifier } from '../../src/access/tokens/index.ts';
import type { PublicKeys, TokenVerifier } from '../../src/access/tokens/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { HubError } from '../../src/platform/errors.ts';

const NOW = '2026-11-22T09:00:00+08:00';
const now = Math.floor(new Date(NOW).getTime() / 1000);
const rules = { issuer: 'https://issuer.test', audience: 'hub' };
const education: Omit<Caller, 'tokenId'> = {
  client: 'education.demo',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
};
const claims = { ...education, jti: 'token-0001', iat: now, exp: now + 600, iss: rules.issuer, aud: rules.audience };

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys: PublicKeys = new Map([
  ['ec', { key: ec.publicKey, algorithm: 'ES256' }],
  ['rsa', { key: rsa.publicKey, algorithm: 'RS256' }],
]);

let verifier: TokenVerifier;
beforeAll(() => {
  verifier = openTokenVerifier({ keys, ...rules, clock: fixedClock(NOW) });
});

// The library refuses to sign a claim that is undefined; JSON leaves it out.
const sign = (payload: object, header: object = {}): string =>
  jwt.sign(JSON.stringify(payload), ec.privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', kid: 'ec', ...header },
  });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The refusal's message, or `accepted`. */
function outcome(token: string, by = verifier): string {
  try {
    void by.verify(`Bearer ${token}`);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    expect(error.code).toBe('UNAUTHENTICATED');
    expect(error.status).toBe(401);
    return error.message;
  }
}

describe('a token of a known key', () => {
  test('is accepted with ES256 and with RS256, and says who calls', () => {
    expect(verifier.verify(`Bearer ${sign(claims)}`)).toEqual({ ...education, tokenId: 'token-0001', issuedAt: now });
    const token = jwt.sign(claims, rsa.privateKey, { algorithm: 'RS256', keyid: 'rsa' });
    expect(outcome(token)).toBe('accepted');
  });

  test('is refused from a minute after its expiry on, also when it was seen before', () => {
    const token = sign(claims);
    const at = (seconds: number) => fixedClock(new Date((claims.exp + seconds) * 1000).toISOString());
    let clock = at(-1);
    const by = openTokenVerifier({ keys, ...rules, clock: { now: () => clock.now(), today: () => clock.today() } });
    expect(outcome(token, by)).toBe('accepted');
    clock = at(59);
    expect(outcome(token, by)).toBe('accepted');
    clock = at(60);
    expect(outcome(token, by)).toMatch('expired');
    expect(outcome(token, by)).toMatch('expired');
  });

  test('is refused without its time of issue, and where it lasts for longer than revocations are kept', () => {
    const month = 31 * 86_400;
    expect(outcome(sign({ ...claims, jti: 'month-0001', exp: now + month }))).toBe('accepted');
    expect(outcome(sign({ ...claims, jti: 'month-0002', exp: now + month + 1 }))).toMatch('31 days');
    expect(outcome(sign({ ...claims, jti: 'month-0003', iat: undefined }))).toMatch('"iat"');
  });

  test('is refused without an expiry, before its time, and expired', () => {
    expect(outcome(sign({ ...claims, exp: undefined }))).toMatch('no expiry');
    expect(outcome(sign({ ...claims, nbf: now + 61 }))).toMatch('not valid yet');
    expect(outcome(sign({ ...claims, exp: now - 61 }))).toMatch('expired');
  });

  test.each([
    ['a wrong issuer', { iss: 'https://other.test' }],
    ['no issuer', { iss: undefined }],
    ['a wrong audience', { aud: 'other' }],
    ['no audience', { aud: undefined }],
  ])('is refused with %s', (_what, change) => {
    expect(outcome(sign({ ...claims, ...change }))).toMatch('not one that this hub accepts');
  });

  test.each([
    ['a department that does not exist', { department: 'POLICE' }, 'department'],
    ['a role that does not exist', { role: 'ADMIN' }, 'role'],
    ['an auditor in education', { role: 'AUDITOR' }, 'role'],
    ['an analyst in education', { role: 'ANALYST' }, 'role'],
    ['a window outside civil affairs', { role: 'WINDOW' }, 'role'],
    ['a system in audit', { department: 'AUDIT', role: 'SYSTEM' }, 'role'],
    ['an unknown purpose beside a known one', { purposes: ['AID_ELIGIBILITY', 'EVERYTHING'] }, 'purposes'],
    ['no purpose', { purposes: [] }, 'purposes'],
    ['a purpose that is no list', { purposes: 'AID_ELIGIBILITY' }, 'purposes'],
    ['no region', { regions: [] }, 'regions'],
    ['a region prefix', { regions: ['62'] }, 'regions'],
    ['a wildcard as region', { regions: ['%'] }, 'regions'],
    ['no client', { client: undefined }, 'client'],
    ['a client with a line break', { client: 'education\n.demo' }, 'client'],
    ['no token id', { jti: undefined }, 'jti'],
  ])('is refused with %s, naming the claim', (_what, change, claim) => {
    expect(outcome(sign({ ...claims, ...change }))).toMatch(`the claim "${claim}" of the token is not accepted`);
  });
});

describe('a forged token', () => {
  test('without a signature is refused, however "none" is spelled', () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      const unsigned = `${encode({ alg, typ: 'JWT', kid: 'ec' })}.${encode(claims)}`;
      for (const token of [`${unsigned}.`, unsigned, `${unsigned}.AA`]) expect(outcome(token)).not.toBe('accepted');
    }
  });

  test('signed with HS256 and the public key as its secret is refused', () => {
    for (const [kid, { publicKey }] of Object.entries({ ec, rsa })) {
      for (const secret of [
        publicKey.export({ type: 'spki', format: 'pem' }),
        publicKey.export({ type: 'spki', format: 'der' }),
        JSON.stringify(publicKey.export({ format: 'jwk' })),
      ]) {
        for (const alg of ['HS256', 'ES256', 'RS256']) {
          const body = `${encode({ alg, typ: 'JWT', kid })}.${encode(claims)}`;
          const signature = createHmac('sha256', secret).update(body).digest('base64url');
          expect(outcome(`${body}.${signature}`)).toMatch('not one that this hub accepts');
        }
      }
    }
  });

  test('whose algorithm does not fit the key is refused', () => {
    const token = jwt.sign(claims, rsa.privateKey, { algorithm: 'RS256', keyid: 'ec' });
    expect(outcome(token)).toMatch('not one that this hub accepts');
    for (const algorithm of ['RS384', 'RS512', 'PS256'] as const) {
      expect(outcome(jwt.sign(claims, rsa.privateKey, { algorithm, keyid: 'rsa' }))).not.toBe('accepted');
    }
  });

  test('signed by a stranger is refused, whatever key, address or certificate it brings along', () => {
    const own = stranger.publicKey.export({ format: 'jwk' });
    const forge = (header: object): string =>
      jwt.sign(claims, stranger.privateKey, { algorithm: 'ES256', header: { alg: 'ES256', ...header } });
    for (const header of [
      { kid: 'ec' },
      { kid: 'ec', jwk: own },
      { kid: 'ec', jku: 'https://attacker.test/keys.json' },
      { kid: 'ec', x5u: 'https://attacker.test/cert.pem' },
      { kid: 'ec', x5c: ['AAAA'] },
      { jwk: own },
      {},
    ]) {
      expect(outcome(forge(header))).toMatch('not one that this hub accepts');
    }
  });

  test('a genuine signature does not help a token that brings a key or asks for an extension', () => {
    const own = ec.publicKey.export({ format: 'jwk' });
    for (const header of [{ jwk: own }, { jku: 'https://issuer.test/keys' }, { x5u: 'x' }, { crit: ['b64'] }]) {
      expect(outcome(sign(claims, header))).toMatch('not one that this hub accepts');
    }
  });

  test('of another kind is refused, though the issuer signed it: an assertion, an identity or a logout token', () => {
    for (const typ of ['client-authentication+jwt', 'logout+jwt', 'dpop+jwt', 'JWE', '', 7])
      expect(outcome(sign(claims, { typ }))).toMatch('not one that this hub accepts');
    for (const typ of ['JWT', 'at+jwt']) expect(outcome(sign(claims, { typ }))).toBe('accepted');
  });

  test('whose key id is a path, a query or a property of every object is refused', () => {
    for (const kid of [
      '../../../dev/null',
      '/dev/null',
      "ec' or '1'='1",
      '__proto__',
      'constructor',
      'toString',
      '',
      ['ec'],
      { toString: 'ec' },
      null,
      0,
    ]) {
      const body = `${encode({ alg: 'ES256', typ: 'JWT', kid })}.${encode(claims)}`;
      expect(outcome(`${body}.${'A'.repeat(86)}`)).not.toBe('accepted');
    }
  });

  test('with another payload or another signature is refused', () => {
    const [head = '', , signature = ''] = sign(claims).split('.');
    expect(outcome(`${head}.${encode({ ...claims, department: 'CIVIL_AFFAIRS' })}.${signature}`)).not.toBe('accepted');
    expect(outcome(`${head}.${encode(claims)}.${'A'.repeat(86)}`)).not.toBe('accepted');
    expect(outcome(`${head}.${encode(claims)}.`)).not.toBe('accepted');
  });

  test('spelled in another way than the one canonical way is refused', () => {
    const token = sign(claims);
    const [head = '', body = '', signature = ''] = token.split('.');
    const standard = Buffer.from(signature, 'base64url').toString('base64');
    // 64 bytes leave four stray bits in the last character: another letter decodes to the same signature.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const stray = alphabet[alphabet.indexOf(signature.slice(-1)) + 1] ?? '';
    for (const variant of [
      `${token}=`,
      `${token}==`,
      `${head}=.${body}.${signature}`,
      `${head}.${body}==.${signature}`,
      `${head}.${body}.${standard}`,
      `${head}.${body}.${signature.slice(0, -1)}${stray}`,
      `${token}.`,
      `${token}\n`,
      `${head}.${body}.${signature}.${signature}`,
      `"${token}"`,
    ]) {
      expect(outcome(variant)).not.toBe('accepted');
    }
    expect(outcome(token)).toBe('accepted');
  });

  test('is refused in every malformed form, and the message repeats nothing of it', () => {
    for (const header of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Basic secret',
      'Bearer a b',
      'Bearer secret',
      `Bearer ${'a'.repeat(9000)}`,
    ]) {
      expect(() => verifier.verify(header)).toThrow(HubError);
      expect(() => verifier.verify(header)).not.toThrow(/secret/);
    }
    expect(outcome(`${encode('text')}.${encode(claims)}.AAAA`)).not.toBe('accepted');
    expect(outcome(`${Buffer.from('{').toString('base64url')}.${encode(claims)}.AAAA`)).not.toBe('accepted');
    const text = jwt.sign('text', ec.privateKey, { algorithm: 'ES256', keyid: 'ec' });
    expect(outcome(text)).not.toBe('accepted');
  });
});
