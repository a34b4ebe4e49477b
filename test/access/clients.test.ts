/** Registered clients: what an operator may say of them, and what the server's role may do to them. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  addClient,
  addClientCertificate,
  addClientKeys,
  findClient,
  isActiveOn,
  listClients,
  removeClientCertificate,
  removeClientKey,
  setClientState,
} from '../../src/access/clients/index.ts';
import type { NewClient, RegisteredClient } from '../../src/access/clients/index.ts';
import { forgetUsed, useUp } from '../../src/access/clients/assertion.ts';
import { readConfig } from '../../src/platform/config.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { certificates } from './certificates.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.owner.query('delete from client'));

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
const jwk = (kid: string, key = pair.publicKey): object => ({ ...key.export({ format: 'jwk' }), kid });

const education: NewClient = {
  name: 'education.gansu',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
  key: pem,
  validFrom: '2026-11-01',
};
const found = async (name = education.name): Promise<RegisteredClient> => {
  const client = await findClient(database.server, name);
  if (client === undefined) throw new Error('no client');
  return client;
};

describe('a client', () => {
  test('is registered with what it may at most and with public keys alone', async () => {
    await addClient(database.owner, {
      ...education,
      certificate: certificates.education.pem,
      validUntil: '2027-06-30',
    });
    const client = await found();
    expect(client).toMatchObject({
      client: 'education.gansu',
      department: 'EDUCATION',
      role: 'SYSTEM',
      regions: ['620000000000'],
      purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
      certificates: [certificates.education.thumbprint],
      state: 'ACTIVE',
      validFrom: '2026-11-01',
      validUntil: '2027-06-30',
    });
    expect([...client.keys.values()].map(({ key, algorithm }) => [key.equals(pair.publicKey), algorithm])).toEqual([
      [true, 'ES256'],
    ]);
    expect(await listClients(database.server)).toHaveLength(1);
    await expect(addClient(database.owner, education)).rejects.toThrow('There is a client education.gansu already');
  });

  test.each<[string, Partial<NewClient>, string]>([
    ['a name with a capital', { name: 'Education' }, 'small letters'],
    ['a name with a line break', { name: 'education\n.gansu' }, 'small letters'],
    ['an unknown department', { department: 'POLICE' }, 'The department is one of'],
    ['a role that its department does not have', { role: 'AUDITOR' }, 'EDUCATION has no role AUDITOR'],
    ['no division', { regions: [] }, 'at least one'],
    ['a division twice', { regions: ['620000000000', '620000000000'] }, 'once'],
    [
      'a division that does not exist',
      { regions: ['620000000000', '629999000000'] },
      'There is no division 629999000000',
    ],
    ['a prefix as division', { regions: ['62'] }, 'There is no division 62'],
    ['an unknown purpose', { purposes: ['EVERYTHING'] }, 'Purposes are'],
    [
      'a purpose that no agreement opens to its department',
      { purposes: ['AUDIT'] },
      'No agreement opens AUDIT to EDUCATION',
    ],
    ['a day that is none', { validFrom: '2026-02-30' }, '--from'],
    ['an end before its beginning', { validUntil: '2026-10-31' }, '--until'],
    ['a certificate that is none', { certificate: 'x' }, 'certificate'],
    ['a key that is none', { key: 'x' }, 'not a public key'],
    ['a private key', { key: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })) }, 'private key'],
    [
      'a private JWK',
      { key: JSON.stringify({ ...pair.privateKey.export({ format: 'jwk' }), kid: 'a' }) },
      'private key',
    ],
    ['a shared secret', { key: JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }) }, 'kty EC or RSA'],
    [
      'a weak key',
      { key: JSON.stringify(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })) },
      '2048',
    ],
    ['a set without keys', { key: '{"keys":[]}' }, 'no key'],
    ['a key id twice', { key: JSON.stringify({ keys: [jwk('a'), jwk('a', rsa.publicKey)] }) }, 'twice'],
  ])('with %s is refused', async (_what, change, fault) => {
    await expect(addClient(database.owner, { ...education, ...change })).rejects.toThrow(fault);
    expect(await listClients(database.server)).toEqual([]);
  });

  test('may have two keys while it changes them, and then one again', async () => {
    await addClient(database.owner, { ...education, key: JSON.stringify(jwk('old')) });
    expect(await addClientKeys(database.owner, education.name, JSON.stringify(jwk('new', rsa.publicKey)))).toEqual([
      'new',
    ]);
    expect([...(await found()).keys].map(([kid, { algorithm }]) => [kid, algorithm])).toEqual([
      ['old', 'ES256'],
      ['new', 'RS256'],
    ]);
    await expect(addClientKeys(database.owner, education.name, JSON.stringify(jwk('new')))).rejects.toThrow('already');
    await removeClientKey(database.owner, education.name, 'old');
    expect([...(await found()).keys.keys()]).toEqual(['new']);
    await expect(removeClientKey(database.owner, education.name, 'old')).rejects.toThrow('has no key old');
    await expect(addClientKeys(database.owner, 'nobody.here', pem)).rejects.toThrow('There is no client nobody.here');
  });

  test('keeps nothing of a key but what makes it public', async () => {
    await addClient(database.owner, {
      ...education,
      key: JSON.stringify({ ...jwk('a'), note: 'x', x5u: 'https://a.test' }),
    });
    const { rows } = await database.owner.query<{ keys: object[] }>('select keys from client');
    expect(rows[0]?.keys.map((key) => Object.keys(key).toSorted())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ]);
  });

  test('is bound to certificates, or no more', async () => {
    await addClient(database.owner, education);
    const { education: first, stranger: second } = certificates;
    expect(await addClientCertificate(database.owner, education.name, first.pem)).toBe(first.thumbprint);
    await addClientCertificate(database.owner, education.name, second.hex);
    await addClientCertificate(database.owner, education.name, first.clientCert);
    expect((await found()).certificates).toEqual([second.thumbprint, first.thumbprint]);
    await removeClientCertificate(database.owner, education.name, second.thumbprint);
    expect((await found()).certificates).toEqual([first.thumbprint]);
    await expect(removeClientCertificate(database.owner, education.name, second.thumbprint)).rejects.toThrow('no such');
  });

  test('is active between its days, both included, unless it is disabled', async () => {
    await addClient(database.owner, { ...education, validUntil: '2026-11-30' });
    const client = await found();
    expect(['2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01'].map((day) => isActiveOn(client, day))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    await setClientState(database.owner, education.name, 'DISABLED');
    expect(isActiveOn(await found(), '2026-11-22')).toBe(false);
    await setClientState(database.owner, education.name, 'ACTIVE');
    expect(isActiveOn(await found(), '2026-11-22')).toBe(true);
    await expect(setClientState(database.owner, 'nobody.here', 'DISABLED')).rejects.toThrow('There is no client');
  });
});

describe('the role that the server works as', () => {
  test('registers, changes and removes no client', async () => {
    await addClient(database.owner, education);
    await expect(addClient(database.server, { ...education, name: 'b.b' })).rejects.toThrow('permission denied');
    await expect(setClientState(database.server, education.name, 'DISABLED')).rejects.toThrow('permission denied');
    await expect(database.server.query('delete from client')).rejects.toThrow('permission denied');
  });

  test('uses an assertion up once, and forgets those alone that expired an hour ago', async () => {
    await addClient(database.owner, education);
    const client = await found();
    const now = Math.floor(Date.now() / 1000);
    const use = (byte: number, expires: number) =>
      useUp(database.server, { ok: true, client, digest: Buffer.alloc(32, byte), expires });
    expect(await Promise.all([use(1, now), use(1, now), use(1, now)])).toContain(true);
    expect(await use(1, now)).toBe(false);
    await use(2, now - 7_200);
    await use(3, now - 3_000);
    await expect(database.server.query('delete from used_assertion')).rejects.toThrow('permission denied');
    await expect(database.server.query('update used_assertion set expires_at = now()')).rejects.toThrow(
      'permission denied',
    );
    expect(await forgetUsed(database.server)).toBe(1);
    expect([await use(1, now), await use(3, now - 3_000), await use(2, now)]).toEqual([false, false, true]);
  });
});

test('the settings name files and folders of callers, resolved', () => {
  const { keysDir, issuersFile } = readConfig({ HUB_DATA_DIR: 'data', HUB_ISSUERS: 'issuers.json' });
  expect(keysDir).toMatch(/\/data\/signing-keys$/);
  expect(issuersFile).toMatch(/^\/.*\/issuers\.json$/);
});
