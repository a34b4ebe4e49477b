/** The client's certificate, as the proxy sends it, and tokens that are bound to one (RFC 8705). */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { certificateReader, openTokenVerifier, readCertificate } from '../../src/access/tokens/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { HubError } from '../../src/platform/errors.ts';
import { certificates } from './certificates.ts';

const { education, stranger } = certificates;
const PROXY = '10.1.2.3';

describe('a certificate', () => {
  test('has the thumbprint that an independent program finds, in every form in which proxies send it', () => {
    // openssl x509 -fingerprint -sha256
    const found = '77:3F:F8:28:93:A6:30:8E:E8:DA:E6:2C:2B:0E:1A:69:C6:D7:AD:6D:E7:96:2A:3A:35:8B:6A:78:E3:5F:17:3C';
    expect(education.hex).toBe(found.replaceAll(':', '').toLowerCase());
    for (const form of [
      education.clientCert,
      education.pem,
      encodeURIComponent(education.pem),
      education.hex,
      education.hex.toUpperCase(),
      found,
      education.thumbprint,
    ])
      expect(readCertificate(form)).toBe(education.thumbprint);
  });

  test('that is none, is two, or is cut short has no thumbprint', () => {
    for (const form of [
      '',
      ':',
      '::',
      ':AAAA:',
      education.clientCert.slice(1),
      `${education.clientCert}, ${stranger.clientCert}`,
      education.clientCert.slice(0, 200) + ':',
      education.pem + stranger.pem,
      `%ZZ${encodeURIComponent(education.pem)}`,
      education.hex.slice(2),
      `${education.thumbprint}=`,
      'a'.repeat(43).replace(/a$/, 'b'),
      'x'.repeat(20_000),
    ])
      expect(readCertificate(form)).toBeUndefined();
  });
});

describe('the header of the proxy', () => {
  const reader = certificateReader({ header: 'Client-Cert', proxies: [PROXY, '192.168.0.0/16', 'fd00::/8'] });
  const of = (value: string | undefined, from: string | undefined) =>
    reader.thumbprintOf(value === undefined ? {} : { 'client-cert': value }, from);

  test('is believed from the proxies in the settings', () => {
    for (const from of [PROXY, `::ffff:${PROXY}`, '192.168.7.8', 'fd00::1'])
      expect(of(education.clientCert, from)).toBe(education.thumbprint);
    expect(of(stranger.clientCert, PROXY)).toBe(stranger.thumbprint);
    expect(of('', PROXY)).toBeUndefined();
    expect(of(undefined, '203.0.113.9')).toBeUndefined();
  });

  test('is refused from anybody else, and not only ignored', () => {
    for (const from of ['10.1.2.4', '127.0.0.1', '::1', '193.168.0.1', 'fe80::1', '', 'proxy', undefined])
      for (const value of [education.clientCert, '']) expect(() => of(value, from)).toThrow('set by the proxy');
  });

  test('is refused where it cannot be read, without repeating it', () => {
    for (const value of ['secret', `${education.clientCert}, ${education.clientCert}`, ':secret:'])
      expect(() => of(value, PROXY)).toThrow(/^(?!.*secret).*neither a certificate nor/);
  });

  test('means nothing to a hub that no proxy sends certificates to', () => {
    const none = certificateReader({ header: undefined, proxies: [] });
    expect(none.thumbprintOf({ 'client-cert': education.clientCert }, PROXY)).toBeUndefined();
  });

  test('needs the proxies in the settings, as addresses or networks', () => {
    const read = (env: Record<string, string>) => readConfig(env);
    expect(() => read({ HUB_CLIENT_CERT_HEADER: 'Client-Cert' })).toThrow('HUB_TRUSTED_PROXIES: missing');
    const known = read({ HUB_CLIENT_CERT_HEADER: 'Client-Cert', HUB_TRUSTED_PROXIES: '10.0.0.1, fd00::/8' });
    expect(known).toMatchObject({ clientCertHeader: 'Client-Cert', trustedProxies: ['10.0.0.1', 'fd00::/8'] });
    expect(() => read({ HUB_TRUSTED_PROXIES: '10.0.0.1, everywhere' })).toThrow('HUB_TRUSTED_PROXIES');
    expect(() => read({ HUB_TRUSTED_PROXIES: '10.0.0.0/33' })).toThrow('HUB_TRUSTED_PROXIES');
    expect(() => read({ HUB_CLIENT_CERT_HEADER: 'a b', HUB_TRUSTED_PROXIES: '::1' })).toThrow('HUB_CLIENT_CERT_HEADER');
  });
});

describe('a token that is bound to a certificate', () => {
  const NOW = '2026-11-22T09:00:00+08:00';
  const now = Date.parse(NOW) / 1000;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const verifier = openTokenVerifier({
    issuer: 'hub',
    audience: 'hub',
    keys: new Map([['k', { key: publicKey, algorithm: 'ES256' as const }]]),
    clock: fixedClock(NOW),
  });
  const token = (cnf: unknown): string =>
    jwt.sign(
      JSON.stringify({
        client: 'education.gansu',
        department: 'EDUCATION',
        role: 'SYSTEM',
        regions: ['620000000000'],
        purposes: ['AID_ELIGIBILITY'],
        jti: 'token-0001',
        iss: 'hub',
        aud: 'hub',
        iat: now,
        exp: now + 600,
        cnf,
      }),
      privateKey,
      { algorithm: 'ES256', keyid: 'k' },
    );
  const outcome = (cnf: unknown, certificate?: string): string => {
    try {
      void verifier.verify(`Bearer ${token(cnf)}`, certificate);
      return 'accepted';
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return error.message;
    }
  };
  const bound = { 'x5t#S256': education.thumbprint };

  test('is accepted with that certificate alone, also when it was seen before', () => {
    for (let i = 0; i < 2; i += 1) {
      expect(outcome(bound, education.thumbprint)).toBe('accepted');
      expect(outcome(bound, stranger.thumbprint)).toContain('bound to a client certificate');
      expect(outcome(bound)).toContain('bound to a client certificate');
    }
    // One and the same token, first with the certificate and then without it.
    const one = `Bearer ${token(bound)}`;
    expect(verifier.verify(one, education.thumbprint)).toMatchObject({ client: 'education.gansu' });
    expect(() => verifier.verify(one)).toThrow('bound to a client certificate');
    expect(() => verifier.verify(one, stranger.thumbprint)).toThrow('bound to a client certificate');
  });

  test('and one that is not may come with any certificate, or none', () => {
    expect(outcome(undefined)).toBe('accepted');
    expect(outcome(undefined, stranger.thumbprint)).toBe('accepted');
  });

  test.each<[string, unknown]>([
    ['to a key that the hub cannot check', { jkt: education.thumbprint }],
    ['to two things, of which the hub checks one', { ...bound, jkt: 'x' }],
    ['to nothing', {}],
    ['to null', null],
    ['to a text', education.thumbprint],
    ['to a thumbprint of another length', { 'x5t#S256': education.thumbprint.slice(1) }],
    ['to a thumbprint with padding', { 'x5t#S256': `${education.thumbprint}=` }],
    ['to a thumbprint in hexadecimal', { 'x5t#S256': education.hex }],
    ['to a list', { 'x5t#S256': [education.thumbprint] }],
  ])('%s is refused', (_what, cnf) => {
    expect(outcome(cnf, education.thumbprint)).toContain('the claim "cnf" of the token is not accepted');
  });
});
