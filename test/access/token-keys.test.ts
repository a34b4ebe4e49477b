/** Where the keys of tokens come from: the demo key of an installation, and a folder of public keys. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../src/access/caller.ts';
import { openDemoKey, openTokenVerifier, readPublicKeys, signDemoToken } from '../../src/access/tokens/index.ts';
import type { DemoKey, PublicKeys } from '../../src/access/tokens/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { testFolder } from '../harness/folder.ts';

const NOW = '2026-11-22T09:00:00+08:00';
const rules = { issuer: 'https://issuer.test', audience: 'hub' };
const education: Omit<Caller, 'tokenId'> = {
  client: 'education.demo',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
};

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('the demo key', () => {
  let folder: string;
  let key: DemoKey;
  beforeAll(async () => {
    folder = testFolder('keys');
    key = await openDemoKey(folder);
  });

  test('is made once, also when two processes start together, and only its owner may read it', async () => {
    const other = testFolder('keys');
    const made = await Promise.all(Array.from({ length: 8 }, () => openDemoKey(other)));
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
    expect((await openDemoKey(folder)).kid).toBe(key.kid);
    expect((await stat(join(folder, 'keys', 'demo.private.pem'))).mode & 0o777).toBe(0o600);
  });

  test('signs tokens that its own hub accepts and another installation does not', async () => {
    const token = signDemoToken(key, education, { ...rules, lifetime: 600, clock: fixedClock(NOW) });
    const at = { ...rules, clock: fixedClock(NOW) };
    const verify = (keys: PublicKeys) => openTokenVerifier({ keys, ...at }).verify(`Bearer ${token}`);
    expect(verify(key.publicKeys)).toMatchObject(education);
    const elsewhere = await openDemoKey(testFolder('keys'));
    expect(() => verify(elsewhere.publicKeys)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });

  test('does not sign what the hub would refuse', () => {
    const terms = { ...rules, lifetime: 600, clock: fixedClock(NOW) };
    expect(() => signDemoToken(key, { ...education, role: 'AUDITOR' }, terms)).toThrow('"role"');
  });
});

describe('a folder of public keys', () => {
  const folderWith = async (files: Record<string, string | Buffer>): Promise<string> => {
    const folder = testFolder('keys');
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  };
  const pem = (key: typeof ec.publicKey): string | Buffer => key.export({ type: 'spki', format: 'pem' });

  test('holds PEM files named by key id and JWKs', async () => {
    const jwk = JSON.stringify({ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'city-2026' });
    const read = await readPublicKeys(
      await folderWith({ 'ec.pem': pem(ec.publicKey), 'r.jwk': jwk, 'README.md': 'x' }),
    );
    expect([...read].map(([kid, { algorithm }]) => [kid, algorithm])).toEqual([
      ['ec', 'ES256'],
      ['city-2026', 'RS256'],
    ]);
  });

  test('is refused when it is empty, or holds a private, weak, foreign or doubled key', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    const secret = ec.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const jwk = JSON.stringify({ ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' });
    for (const [files, fault] of [
      [{}, 'no public key'],
      [{ 'a.pem': secret }, 'private key'],
      [{ 'a.jwk': JSON.stringify({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'a' }) }, 'private key'],
      [{ 'a.pem': pem(weak) }, '2048'],
      [{ 'a.pem': pem(curve) }, 'P-256'],
      [{ 'ec.pem': pem(ec.publicKey), 'z.jwk': jwk }, 'twice'],
      [{ 'a.pem': 'x' }, 'PEM'],
      [{ 'a.jwk': '{}' }, 'JWK'],
    ] as const) {
      await expect(readPublicKeys(await folderWith(files))).rejects.toThrow(fault);
    }
    await expect(readPublicKeys('/nowhere')).rejects.toThrow('cannot be read');
  });

  test('the demo key on disk is a private key and never passes for a public one', async () => {
    const folder = testFolder('keys');
    await openDemoKey(folder);
    await expect(readPublicKeys(join(folder, 'keys'))).rejects.toThrow('private key');
    const text = await readFile(join(folder, 'keys', 'demo.private.pem'), 'utf8');
    expect(createPublicKey(createPrivateKey(text)).asymmetricKeyType).toBe('ec');
  });
});
