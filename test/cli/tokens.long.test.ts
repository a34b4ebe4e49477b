import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { runHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW, callerOf } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

let database: TestDatabase;
let hub: TestHub;
let now = Date.parse(NOW);
beforeAll(async () => {
  database = await testDatabase();
  hub = await openHub(database, { clock: { now: () => new Date(now), today: () => '2026-11-22' } });
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const steward: Bound = callerOf('EDUCATION', 'STEWARD', { purpose: 'GOVERNANCE', purposes: ['GOVERNANCE'] });
const bearer = (caller: Bound): string => hub.headersOf(caller)['authorization']?.split(' ')[1] ?? '';
const nameOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { jti: string }).jti;
const statusOf = async (token: string): Promise<number> =>
  (
    await hub.post('{"query":"{ feedStatus { record } }"}', {
      ...hub.headersOf(steward),
      authorization: `Bearer ${token}`,
    })
  ).status;
const run = (args: readonly string[], by: Bound = steward) =>
  runHub(['tokens', ...args], { HUB_URL: hub.url, HUB_TOKEN: bearer(by) });

test('a steward revokes a token by its identifier, or by the token itself, which is never sent; again changes nothing', async () => {
  const [first, second] = [bearer(callerOf('EDUCATION', 'SYSTEM')), bearer(callerOf('EDUCATION', 'SYSTEM'))];
  const how = ['--reason', '密钥外泄 leaked', '--case', 'GOV-1'];
  for (const [token, given] of [
    [first, nameOf(first)],
    [second, second],
  ] as const) {
    expect(await statusOf(token)).toBe(200);
    const { code, out, err } = await run(['revoke', given, ...how]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^已撤销 revoked at 2026-/);
    expect(await statusOf(token)).toBe(401);
  }
  expect(await run(['revoke', nameOf(first), ...how])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^此前已撤销 revoked before/),
  });
  const listed = await run(['list', '--case', 'GOV-1']);
  expect(listed.code).toBe(0);
  for (const token of [first, second]) expect(listed.out).toContain(nameOf(token));
  expect(listed.out).not.toContain(second);
});

test('all tokens of a client are revoked at once, and those that it gets afterwards are good', async () => {
  const caller = callerOf('EDUCATION', 'SYSTEM', { client: 'many.test' });
  const tokens = [bearer(caller), bearer(caller)];
  now += 5_000;
  const { code, err } = await run([
    ...['revoke', '--all-of', 'many.test', '--reason', '换发密钥 keys changed', '--case', 'GOV-1'],
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const token of tokens) expect(await statusOf(token)).toBe(401);
  expect(await statusOf(bearer(caller))).toBe(200);
});

test('whoever may not is refused by the hub, and wrong usage is said in a sentence', async () => {
  const refused = await run(['revoke', 'some-token-id', '--reason', 'leaked', '--case', 'ED-1'], {
    ...callerOf('EDUCATION', 'SYSTEM'),
    purposes: ['AID_ELIGIBILITY', 'GOVERNANCE'],
  });
  expect([refused.code, refused.out]).toEqual([2, '']);
  expect(refused.err).toMatch(/^OPERATION_DENIED/);
  expect(await run(['revoke', '--reason', 'leaked'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--all-of'),
  });
  expect(await run(['revoke', 'a.b.c', '--reason', 'leaked'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('jti'),
  });
});

test('the operator needs no steward: the owner of the database revokes', async () => {
  const token = bearer(callerOf('EDUCATION', 'SYSTEM'));
  const { code, err } = await runHub(
    ['tokens', 'revoke', nameOf(token), '--reason', '应急 emergency', '--as-operator'],
    {
      DATABASE_URL: database.ownerUrl,
      HUB_DATABASE_URL: database.serverUrl,
    },
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(await statusOf(token)).toBe(401);
});
