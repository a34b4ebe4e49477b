/** A whole hub and an issuer that publishes its keys: requests that wait for a key lose nothing on either road. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import type { Clock } from '../../src/platform/clock.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

let seconds = Date.parse('2026-11-22T10:00:00+08:00') / 1000;
const clock: Clock = { now: () => new Date(seconds * 1000), today: () => '2026-11-22' };
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ISSUER = 'https://id.education.test';

let issuer: Server;
let kids: string[] = ['k0'];
let fetched = 0;
let database: TestDatabase;
let hub: TestHub;
beforeAll(async () => {
  const jwk = pair.publicKey.export({ format: 'jwk' });
  issuer = createServer((_request, response) => {
    fetched += 1;
    void sleep(200).then(() => response.end(JSON.stringify({ keys: kids.map((kid) => ({ ...jwk, kid })) })));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const jwks = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`;
  const file = join(testFolder('issuers'), 'issuers.json');
  const row = { issuer: ISSUER, jwks, audience: 'hub', departments: ['EDUCATION'], clients: 'education.' };
  writeFileSync(file, JSON.stringify([row]));
  database = await testDatabase();
  hub = await openHub(database, { clock, settings: { HUB_ISSUERS: file } });
});
afterAll(async () => {
  await hub.close();
  await database.drop();
  issuer.closeAllConnections();
  await new Promise((resolve) => issuer.close(resolve));
});

const tokenOf = (kid: string): Promise<string> =>
  new SignJWT({
    client: 'education.gansu',
    department: 'EDUCATION',
    role: 'SYSTEM',
    regions: ['620000000000'],
    purposes: ['AID_ELIGIBILITY'],
    jti: `token-of-${kid}`,
  })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(ISSUER)
    .setAudience('hub')
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 600)
    .sign(pair.privateKey);

/** With a body of some megabytes, which comes while the key is being looked for. */
const ask = async (kid: string, contentType: string) =>
  hub.post(
    JSON.stringify({
      query: '{ checkStatus(checks: [{ idNumber: "1" }]) { result } }',
      extensions: { x: 'x'.repeat(3_000_000) },
    }),
    {
      'content-type': contentType,
      authorization: `Bearer ${await tokenOf(kid)}`,
      'hub-purpose': 'AID_ELIGIBILITY',
      'hub-case': 'ED-2026-000001',
    },
  );

test.each([
  ['plain', 'application/json'],
  ['general', 'application/json; charset="utf-8"'],
])(
  'on the %s road a token of a new key waits for it and is answered; one of a key that is none is refused',
  async (road, type) => {
    kids = ['k0', `new-${road}`];
    seconds += 60;
    fetched = 0;
    const [first, second] = await Promise.all([ask(`new-${road}`, type), ask(`new-${road}`, type)]);
    for (const answer of [first, second])
      expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('MALFORMED') });
    expect(fetched).toBe(1);
    seconds += 60;
    const refused = await ask('nobody', type);
    expect(refused).toMatchObject({ status: 401, text: expect.stringContaining('UNAUTHENTICATED') });
    expect(fetched).toBe(2);
    expect((await ask('k0', type)).status).toBe(200);
    expect(fetched).toBe(2);
  },
);

test('the log says whose keys were fetched, and holds no token', async () => {
  expect(hub.logged()).toContain('the keys of a token issuer were fetched');
  // A signature is another each time; what is signed is not.
  const [, claims = 'none'] = (await tokenOf('k0')).split('.');
  expect(hub.logged()).not.toContain(claims);
});
