/** Tokens for departments' systems, over HTTP, asked for with a stranger's library; and what nobody gets. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { addClient, addClientCertificate, setClientState } from '../../src/access/clients/index.ts';
import { listOwnKeys, makeOwnKey, rotateOwnKeys } from '../../src/access/tokens/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { dateInChina } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/id.ts';
import { certificates } from '../access/certificates.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

const ISSUER = 'https://hub.test';
const AUDIENCE = 'social-assistance-hub';
// A clock that only a test moves: what was issued stays valid however long the machine takes.
let seconds = Date.parse('2026-11-22T10:00:00+08:00') / 1000;
const clock: Clock = { now: () => new Date(seconds * 1000), today: () => dateInChina(new Date(seconds * 1000)) };

const pairs = {
  education: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  housing: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  bound: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  disabled: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  stranger: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
} as const;
const keyFile = (key: KeyObject, kid: string): string => JSON.stringify({ ...key.export({ format: 'jwk' }), kid });

let database: TestDatabase;
let hub: TestHub;
let other: TestHub;
let keysDir: string;
beforeAll(async () => {
  database = await testDatabase();
  keysDir = join(testFolder('token-endpoint'), 'signing-keys');
  await makeOwnKey(keysDir, clock);
  const common = { role: 'SYSTEM', purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'], validFrom: '2026-01-01' };
  const { owner } = database;
  for (const name of names)
    await addClient(owner, {
      ...common,
      name,
      department: 'EDUCATION',
      regions: ['620000000000', '360100000000'],
      key: keyFile(pairs.education.publicKey, 'e1'),
    });
  await addClient(owner, {
    ...common,
    name: 'housing.gansu',
    department: 'HOUSING',
    regions: ['620000000000'],
    key: keyFile(pairs.housing.publicKey, 'h1'),
  });
  await addClient(owner, {
    ...common,
    name: 'education.bound',
    department: 'EDUCATION',
    regions: ['620000000000'],
    key: keyFile(pairs.bound.publicKey, 'b1'),
    validUntil: '2026-11-22',
  });
  await addClientCertificate(owner, 'education.bound', certificates.education.pem);
  await addClient(owner, {
    ...common,
    name: 'education.gone',
    department: 'EDUCATION',
    regions: ['620000000000'],
    key: keyFile(pairs.disabled.publicKey, 'd1'),
  });
  await setClientState(owner, 'education.gone', 'DISABLED');
  const settings = {
    HUB_ISSUER: ISSUER,
    HUB_KEYS_DIR: keysDir,
    HUB_CLIENT_CERT_HEADER: 'Client-Cert',
    HUB_TRUSTED_PROXIES: '127.0.0.1',
  };
  hub = await openHub(database, { clock, settings });
  other = await openHub(database, { clock, settings: { ...settings, HUB_TRUSTED_PROXIES: '10.0.0.1' } });
});
afterAll(async () => {
  await hub.close();
  await other.close();
  await database.drop();
});

// Each client may ask so often and no more, so the tests take turns with several of the same kind.
const names = Array.from({ length: 16 }, (_, i) => `education.gansu-${i}`);
let name = '';
let turn = 0;
beforeEach(() => {
  name = names[(turn += 1) % names.length] ?? '';
});

interface Assertion {
  readonly client?: string;
  readonly key?: KeyObject;
  /** Null: the assertion names none. */
  readonly kid?: string | null;
  readonly alg?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** An assertion as a library of somebody else makes it. */
function assertion({
  client = name,
  key = pairs.education.privateKey,
  kid = 'e1',
  alg = 'ES256',
  claims = {},
  header = {},
}: Assertion = {}): Promise<string> {
  const payload: Record<string, unknown> = {
    iss: client,
    sub: client,
    aud: ISSUER,
    jti: newId(),
    iat: seconds,
    exp: seconds + 120,
    ...claims,
  };
  const known = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(known).setProtectedHeader({ alg, ...(kid === null ? {} : { kid }), ...header }).sign(key);
}

interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

async function post(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  at: TestHub = hub,
): Promise<TokenAnswer> {
  const response = await fetch(`${at.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as TokenAnswer['json'] };
}
const form = (client_assertion: string, more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
    ...more,
  }).toString();
const ask = async (
  made: Assertion = {},
  more: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> => post(form(await assertion(made), more), headers);

const bound: Assertion = { client: 'education.bound', key: pairs.bound.privateKey, kid: 'b1' };
const operation = JSON.stringify({ query: '{ checkStatus(checks: [{ idNumber: "1" }]) { result } }' });
const graphql = async (token: unknown, headers: Readonly<Record<string, string>> = {}, at: TestHub = hub) =>
  at.post(operation, {
    'content-type': 'application/json',
    authorization: `Bearer ${String(token)}`,
    'hub-purpose': 'AID_ELIGIBILITY',
    'hub-case': 'ED-2026-000001',
    ...headers,
  });

const DENIED = { error: 'invalid_client', error_description: 'the client could not be authenticated' };

describe('a registered client', () => {
  test('gets a token for an hour that the hub answers and everybody can check by the published keys', async () => {
    const { status, headers, json } = await ask();
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect(headers.get('content-type')).toMatch('application/json');
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'purpose:AID_ELIGIBILITY purpose:AID_REPORTING region:620000000000 region:360100000000',
    });
    const token = String(json['access_token']);
    const published = createRemoteJWKSet(new URL(`${hub.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token, published, {
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: clock.now(),
    });
    expect(protectedHeader.kid).toBe((await listOwnKeys(keysDir, clock))[0]?.key.kid);
    expect(payload).toMatchObject({
      sub: name,
      client_id: name,
      client: name,
      department: 'EDUCATION',
      role: 'SYSTEM',
      exp: seconds + 3_600,
      iat: seconds,
    });
    expect(payload['cnf']).toBeUndefined();
    const answered = await graphql(token);
    expect(answered).toMatchObject({ status: 200, text: expect.stringContaining('MALFORMED') });
  });

  test('may sign with RSA, name the token endpoint as audience, and itself beside the assertion', async () => {
    const made = { client: 'housing.gansu', key: pairs.housing.privateKey, kid: 'h1', alg: 'RS256' };
    for (const aud of [ISSUER, `${ISSUER}/token`, [ISSUER]])
      expect((await ask({ ...made, claims: { aud } }, { client_id: 'housing.gansu' })).status).toBe(200);
    expect((await ask({ ...made, kid: null })).status).toBe(200);
  });

  test('may ask for less than it has', async () => {
    const { json } = await ask({}, { scope: 'purpose:AID_REPORTING region:620100000000 region:360100000000' });
    expect(json['scope']).toBe('purpose:AID_REPORTING region:620100000000 region:360100000000');
    expect(decodeJwt(String(json['access_token']))).toMatchObject({
      purposes: ['AID_REPORTING'],
      regions: ['620100000000', '360100000000'],
    });
    const refused = await graphql(json['access_token']);
    expect(refused.text).toContain('PURPOSE_NOT_ALLOWED');
    expect((await ask({}, { scope: 'region:620100000000' })).json['scope']).toBe(
      'purpose:AID_ELIGIBILITY purpose:AID_REPORTING region:620100000000',
    );
  });

  test.each([
    ['a purpose that it has not', 'purpose:CASE_HANDLING'],
    ['one that it has and one that it has not', 'purpose:AID_REPORTING purpose:AUDIT'],
    ['a purpose that does not exist', 'purpose:EVERYTHING'],
    ['all purposes', 'purpose:*'],
    ['a division beside its own', 'region:360000000000'],
    ['the division above its own', 'region:100000000000'],
    ['a division that does not exist', 'region:620199000000'],
    ['a prefix', 'region:62'],
    ['a division twice', 'region:620100000000 region:620100000000'],
    ['a department', 'department:CIVIL_AFFAIRS'],
    ['a role', 'purpose:AID_REPORTING role:AUDITOR'],
    ['nothing between two blanks', 'purpose:AID_REPORTING  region:620100000000'],
    ['a word without a kind', 'openid'],
  ])('never gets more than it has: %s', async (_what, scope) => {
    const { status, json } = await ask({}, { scope });
    expect({ status, error: json['error'] }).toEqual({ status: 400, error: 'invalid_scope' });
    expect(json['access_token']).toBeUndefined();
  });

  test('is known by claims of its own alone: what its assertion says of department, role or scope is nothing', async () => {
    const { json } = await ask({
      claims: {
        department: 'CIVIL_AFFAIRS',
        role: 'ANALYST',
        purposes: ['AUDIT'],
        regions: ['100000000000'],
        scope: 'x',
      },
    });
    expect(decodeJwt(String(json['access_token']))).toMatchObject({
      department: 'EDUCATION',
      role: 'SYSTEM',
      purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
    });
  });
});

describe('an assertion', () => {
  test('is good for one token, on whichever process of the hub', async () => {
    const body = form(await assertion());
    const answers = await Promise.all([post(body), post(body, {}, other), post(body), post(body, {}, other)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
    expect((await post(body)).json).toEqual(DENIED);
  });

  test('with the token id of another client’s is no replay', async () => {
    const jti = newId();
    expect((await ask({ claims: { jti } })).status).toBe(200);
    const made = { client: 'housing.gansu', key: pairs.housing.privateKey, kid: 'h1', alg: 'RS256' };
    expect((await ask({ ...made, claims: { jti } })).status).toBe(200);
  });

  test('is taken for a minute before and after its time, for clocks that are off', async () => {
    for (const [claims, status] of [
      [{ exp: seconds - 59 }, 200],
      [{ exp: seconds - 60 }, 401],
      [{ nbf: seconds + 60 }, 200],
      [{ nbf: seconds + 61 }, 401],
      [{ iat: seconds + 60, exp: seconds + 360 }, 200],
      [{ iat: seconds + 61 }, 401],
      [{ exp: seconds + 360 }, 200],
      [{ exp: seconds + 361 }, 401],
    ] as const)
      expect({ claims, status: (await ask({ claims })).status }).toEqual({ claims, status });
  });

  test.each<[string, Assertion]>([
    ['of a client that does not exist', { client: 'nobody.gansu' }],
    ['of a client that is disabled', { client: 'education.gone', key: pairs.disabled.privateKey, kid: 'd1' }],
    ['signed by a stranger', { key: pairs.stranger.privateKey }],
    ['signed with another client’s key', { client: 'housing.gansu', kid: 'e1' }],
    ['signed with another client’s key under its own key’s name', { client: 'education.bound', kid: 'b1' }],
    ['of one client with the subject of another', { claims: { sub: 'housing.gansu' } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['of an unknown key', { kid: 'e2' }],
    ['for somebody else', { claims: { aud: 'https://other.test' } }],
    ['for somebody else as well', { claims: { aud: [ISSUER, 'https://other.test'] } }],
    ['for the audience of tokens', { claims: { aud: AUDIENCE } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['without an expiry', { claims: { exp: undefined } }],
    ['that lasts a day', { claims: { exp: seconds + 86_400 } }],
    ['that is expired', { claims: { exp: seconds - 120 } }],
    ['without a token id', { claims: { jti: undefined } }],
    ['with a short token id', { claims: { jti: '1' } }],
    ['with a token id that is no text', { claims: { jti: ['aaaaaaaa', 'b'] } }],
    ['that brings its key', { header: { jwk: pairs.stranger.publicKey.export({ format: 'jwk' }) } }],
    ['that says where its key is', { header: { jku: 'https://attacker.test/keys' } }],
    ['that brings a certificate', { header: { x5c: ['AAAA'] } }],
    ['that names a certificate', { header: { x5u: 'https://attacker.test/cert' } }],
    ['with a name like a path', { client: '../education.gansu' }],
    ['with a name like SQL', { client: "a' or '1'='1" }],
    ['with a key id like a property', { kid: '__proto__' }],
  ])('%s gets the one answer that all failures get', async (_what, made) => {
    const { status, json, headers } = await ask(made);
    expect({ status, json }).toEqual({ status: 401, json: DENIED });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('www-authenticate')).toBeNull();
  });

  test('without a signature, with a secret made of a public key, or with another algorithm gets it too', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: name, sub: name, aud: ISSUER, jti: newId(), exp: seconds + 60 };
    const forged: string[] = [];
    for (const alg of ['none', 'None', 'HS256', 'ES256', 'RS256']) {
      const body = `${part({ alg, kid: 'e1' })}.${part(claims)}`;
      const pem = pairs.education.publicKey.export({ type: 'spki', format: 'pem' });
      forged.push(`${body}.`, body, `${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`);
    }
    const genuine = await assertion();
    const [head = '', payload = '', signature = ''] = genuine.split('.');
    forged.push(
      `${genuine}=`,
      `${genuine}.`,
      `${head}.${payload}.${signature.slice(0, -1)}`,
      `${head}.${part({ ...claims, sub: 'housing.gansu' })}.${signature}`,
      await assertion({ client: 'housing.gansu', key: pairs.housing.privateKey, kid: 'h1', alg: 'RS512' }),
      await assertion({ client: 'housing.gansu', key: pairs.housing.privateKey, kid: 'h1', alg: 'PS256' }),
      await assertion({ key: pairs.housing.privateKey, alg: 'RS256' }),
      'x'.repeat(9_000),
      'a.b',
    );
    for (const text of forged) expect((await post(form(text))).json).toEqual(DENIED);
    expect((await post(form(genuine))).status).toBe(200);
  });

  test('is no token, and a token is no assertion', async () => {
    expect((await graphql(await assertion({ claims: { aud: AUDIENCE } }))).status).toBe(401);
    const { json } = await ask();
    expect((await post(form(String(json['access_token'])))).json).toEqual(DENIED);
  });

  test('of a client beside another name is refused', async () => {
    expect((await ask({}, { client_id: 'housing.gansu' })).json).toEqual(DENIED);
  });
});

describe('a client with a certificate', () => {
  const headers = { 'client-cert': certificates.education.clientCert };

  test('gets tokens that are good with its certificate alone', async () => {
    const { status, json } = await ask(bound, {}, headers);
    expect(status).toBe(200);
    const token = json['access_token'];
    expect(decodeJwt(String(token))['cnf']).toEqual({ 'x5t#S256': certificates.education.thumbprint });
    expect((await graphql(token, headers)).status).toBe(200);
    expect(await graphql(token)).toMatchObject({ status: 401, text: expect.stringContaining('bound to a client') });
    expect((await graphql(token, { 'client-cert': certificates.stranger.clientCert })).status).toBe(401);
    expect((await graphql(token, { 'client-cert': encodeURIComponent(certificates.education.pem) })).status).toBe(200);
  });

  test('gets none without it or with another', async () => {
    expect((await ask(bound)).json).toEqual(DENIED);
    expect((await ask(bound, {}, { 'client-cert': certificates.stranger.clientCert })).json).toEqual(DENIED);
  });

  test('cannot show it but through the proxy: from anybody else the header is refused everywhere', async () => {
    const token = (await ask(bound, {}, headers)).json['access_token'];
    const refused = await post(form(await assertion(bound)), headers, other);
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    const demanded = await graphql(token, headers, other);
    expect(demanded).toMatchObject({ status: 400, text: expect.stringContaining('set by the proxy') });
    const plain = (await ask()).json['access_token'];
    expect((await graphql(plain, headers, other)).status).toBe(400);
    expect((await graphql(plain, {}, other)).status).toBe(200);
  });

  test('gets no token that outlives its last day', async () => {
    const before = seconds;
    seconds = Date.parse('2026-11-22T23:45:00+08:00') / 1000;
    const { json } = await ask(bound, {}, headers);
    expect(json['expires_in']).toBe(900);
    seconds = Date.parse('2026-11-23T00:00:00+08:00') / 1000;
    expect((await ask(bound, {}, headers)).json).toEqual(DENIED);
    seconds = before;
  });
});

describe('a request that is none', () => {
  test.each<[string, string, Readonly<Record<string, string>>, number, string]>([
    ['nothing', '', {}, 400, 'invalid_request'],
    ['another grant', 'grant_type=password&username=a&password=b', {}, 400, 'unsupported_grant_type'],
    ['a grant twice', 'grant_type=client_credentials&grant_type=client_credentials', {}, 400, 'invalid_request'],
    [
      'a shared secret',
      'grant_type=client_credentials&client_id=education.gansu&client_secret=s',
      {},
      400,
      'invalid_request',
    ],
    [
      'a password in a header',
      'grant_type=client_credentials',
      { authorization: 'Basic c2VjcmV0' },
      400,
      'invalid_request',
    ],
    ['no assertion', 'grant_type=client_credentials', {}, 400, 'invalid_request'],
    ['JSON', '{"grant_type":"client_credentials"}', { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ['a body without end', `a=${'b'.repeat(20_000)}`, {}, 413, 'invalid_request'],
  ])('%s is told so in the form of RFC 6749', async (_what, body, headers, status, error) => {
    const answer = await post(body, headers);
    expect({ status: answer.status, error: answer.json['error'] }).toEqual({ status, error });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).not.toContain('education');
  });

  test('elsewhere a body is JSON as before, and here there is nothing to get', async () => {
    const forms = { 'content-type': 'application/x-www-form-urlencoded' };
    const token = (await ask()).json['access_token'];
    expect((await graphql(token, forms)).status).toBe(415);
    expect((await fetch(`${hub.url}/token`)).status).toBe(404);
  });
});

describe('the published keys', () => {
  test('are public halves, may be kept for some minutes, and follow a rotation, which the old tokens outlive', async () => {
    const read = async (): Promise<{ keys: Record<string, string>[] }> => {
      const response = await fetch(`${hub.url}/.well-known/jwks.json`);
      expect(response.headers.get('cache-control')).toBe('public, max-age=300');
      return (await response.json()) as { keys: Record<string, string>[] };
    };
    const own = await listOwnKeys(keysDir, clock);
    for (const key of (await read()).keys) expect(Object.keys(key)).not.toContain('d');
    const token = (await ask()).json['access_token'];
    seconds += 1;
    const kid = await rotateOwnKeys(keysDir, clock);
    const kidsNow = async () => (await read()).keys.map((key) => key['kid']);
    for (let i = 0; i < 100 && !(await kidsNow()).includes(kid); i += 1) await sleep(100);
    const answered = decodeProtectedHeader(String((await ask()).json['access_token'])).kid;
    expect(answered).toBe(kid);
    expect(await kidsNow()).toEqual(expect.arrayContaining([own[0]?.key.kid, kid]));
    expect((await graphql(token)).status).toBe(200);
  }, 20_000);
});

describe('the log', () => {
  test('has a line for each token and each refusal, and no token, assertion or unknown name in it', async () => {
    const before = hub.logged().length;
    const good = await assertion();
    const { json } = await post(form(good));
    const bad = await assertion({ key: pairs.stranger.privateKey });
    await post(form(bad));
    await ask({ client: 'secret-name.gansu' });
    const lines = hub.logged().slice(before);
    const audit = lines
      .split('\n')
      .filter((line) => line.includes('"audit"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const token = String(json['access_token']);
    expect(audit).toMatchObject([
      {
        audit: 'TOKEN_ISSUED',
        client: name,
        department: 'EDUCATION',
        tokenId: decodeJwt(token).jti,
        bound: false,
        expiresIn: 3_600,
      },
      { audit: 'TOKEN_REFUSED', client: name, reason: 'not valid' },
      { audit: 'TOKEN_REFUSED', client: null, reason: 'unknown client' },
    ]);
    for (const secret of [token, good, bad, 'secret-name']) expect(lines).not.toContain(secret);
    expect(await readFile(join(keysDir, `${String(audit[0]?.['kid'])}.key.json`), 'utf8')).toContain('"d"');
  });
});

test('a client that asks too often waits, and another does not', async () => {
  const made = { client: 'housing.gansu', key: pairs.housing.privateKey, kid: 'h1', alg: 'RS256' };
  // Together: on a slow machine its allowance would grow meanwhile.
  const answers = await Promise.all(Array.from({ length: 80 }, () => ask(made)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused[0]?.json).toEqual({ error: 'temporarily_unavailable', error_description: 'too many requests' });
  expect((await ask()).status).toBe(200);
});
