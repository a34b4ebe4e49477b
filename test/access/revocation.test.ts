/** Tokens that are revoked hold no longer: on every process, for reading, writing and all that is asked of the engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { openDemoKey, signDemoToken } from '../../src/access/tokens/index.ts';
import type { Bound } from '../../src/access/index.ts';
import { revokeAsOperator } from '../../src/governance/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW, callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { HttpAnswer, TestHub } from '../harness/hub.ts';

const ISSUED = Date.parse(NOW) / 1_000;
const CHECK = { query: '{ checkStatus(checks: [{ idNumber: "x" }]) { result } }' };
const REPORT = { query: 'mutation { reportAid(input: { items: [] }) { recorded } }' };
const PURPOSES = ['AID_ELIGIBILITY', 'AID_REPORTING'] as const;

const steward = (department: Bound['department']): Bound =>
  callerOf(department, 'STEWARD', { purpose: 'GOVERNANCE', purposes: ['GOVERNANCE'], caseNo: 'GOV-1' });

let database: TestDatabase;
/** Two processes on one database, with one issuer. */
let hubs: [TestHub, TestHub];
let dir: string;
let round = 0;
let education: Bound;
beforeAll(async () => {
  database = await testDatabase();
  dir = testFolder('two-hubs');
  const settings = { HUB_DATA_DIR: dir };
  hubs = [await openHub(database, { settings }), await openHub(database, { settings })];
});
afterAll(async () => {
  await Promise.all(hubs.map((hub) => hub.close()));
  await database.drop();
});
beforeEach(() => {
  round += 1;
  education = callerOf('EDUCATION', 'SYSTEM', { client: `revoked-${round}.test`, purposes: PURPOSES, caseNo: 'ED-1' });
});

interface Token {
  readonly id: string;
  readonly headers: Record<string, string>;
}

/** Headers with a token of the caller, and what the token is called. */
function tokenOf(caller: Bound): Token {
  const headers = hubs[0].headersOf(caller);
  const [, payload = ''] = headers['authorization']?.split('.') ?? [];
  const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { jti: string };
  return { id: jti, headers };
}

const send = (hub: TestHub, { headers }: Token, body: object, purpose = 'AID_ELIGIBILITY'): Promise<HttpAnswer> =>
  hub.post(JSON.stringify(body), { ...headers, 'hub-purpose': purpose });

const codeOf = ({ json }: HttpAnswer): unknown => json.errors?.[0]?.extensions['code'] ?? 'OK';

const REVOKE = 'mutation($i: RevokeTokenInput!) { revokeToken(input: $i) { revokedAt until already } }';
const revoke = (tokenId: string, by: Bound, reason = '密钥外泄 key leaked'): Promise<HttpAnswer> =>
  hubs[0].ask(REVOKE, by, { variables: { i: { tokenId, reason } } });
const revokeClient = (input: object, by: Bound): Promise<HttpAnswer> =>
  hubs[0].ask('mutation($i: RevokeClientTokensInput!) { revokeClientTokens(input: $i) { already } }', by, {
    variables: { i: { reason: '换发密钥 keys were changed', ...input } },
  });

describe('a revoked token', () => {
  test('is refused with the next request on every process, for what was planned before, in reading and in writing', async () => {
    const token = tokenOf(education);
    for (const hub of hubs) {
      expect(codeOf(await send(hub, token, CHECK))).toBe('OK');
      expect(codeOf(await send(hub, token, REPORT, 'AID_REPORTING'))).toBe('OK');
    }
    expect((await revoke(token.id, steward('EDUCATION'))).json).toEqual({
      data: { revokeToken: { revokedAt: '2026-11-22T02:00:00.000Z', until: expect.any(String), already: false } },
    });
    for (const [at, hub] of hubs.entries()) {
      // The process that revoked nothing has heard of nothing; its first request finds out, whichever it is.
      const first = at === 0 ? await send(hub, token, CHECK) : await send(hub, token, REPORT, 'AID_REPORTING');
      expect([first.status, codeOf(first)]).toEqual([401, 'UNAUTHENTICATED']);
      expect(first.headers['www-authenticate']).toBeDefined();
      for (const body of [
        CHECK,
        { query: '{ feedStatus { record } }' },
        { query: '{ __schema { queryType { name } } }' },
      ])
        expect([body, codeOf(await send(hub, token, body))]).toEqual([body, 'UNAUTHENTICATED']);
    }
  });

  test('is refused first of all where it only looks at the schema or at public data', async () => {
    for (const query of ['{ __schema { queryType { name } } }', '{ feedStatus { record } }', '{ __typename }']) {
      const token = tokenOf(education);
      expect(codeOf(await send(hubs[1], token, { query }))).toBe('OK');
      await revoke(token.id, steward('EDUCATION'));
      expect([query, codeOf(await send(hubs[1], token, { query }))]).toEqual([query, 'UNAUTHENTICATED']);
    }
  });

  test('reads no metrics from afar, as soon as its process has heard of it', async () => {
    const token = tokenOf(education);
    const metrics = async (): Promise<number> => {
      const { authorization = '' } = token.headers;
      return (await fetch(`${hubs[1].url}/metrics`, { headers: { authorization, 'x-forwarded-for': '10.0.0.1' } }))
        .status;
    };
    expect(await metrics()).toBe(200);
    await revoke(token.id, steward('EDUCATION'));
    await send(hubs[1], token, CHECK);
    expect(await metrics()).toBe(401);
  });

  test('is revoked however it is spelled: the list knows its name alone', async () => {
    const token = tokenOf(education);
    const [, payload = ''] = token.headers['authorization']?.split('.') ?? [];
    const { privateKey, kid } = await openDemoKey(dir);
    // ECDSA signs anew each time: other text, the same token.
    const again = jwt.sign(Buffer.from(payload, 'base64url').toString('utf8'), privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', kid },
    });
    const spelled = [`Bearer ${again}`, token.headers['authorization']?.replace('Bearer', 'bearer') ?? ''].map(
      (authorization) => ({ ...token, headers: { ...token.headers, authorization } }),
    );
    for (const one of spelled) expect(codeOf(await send(hubs[1], one, CHECK))).toBe('OK');
    await revoke(token.id, steward('EDUCATION'));
    for (const one of spelled) expect(codeOf(await send(hubs[1], one, CHECK))).toBe('UNAUTHENTICATED');
  });

  test('leaves other tokens of the same client, and everybody else, alone', async () => {
    const [gone, good] = [tokenOf(education), tokenOf(education)];
    await revoke(gone.id, steward('EDUCATION'));
    for (const hub of hubs) expect(codeOf(await send(hub, good, CHECK))).toBe('OK');
  });

  test('is in the ledger with what was asked and refused', async () => {
    const token = tokenOf(education);
    await revoke(token.id, steward('EDUCATION'));
    await send(hubs[1], token, CHECK);
    const { rows } = await database.owner.query(
      'select decision, reason, coordinates, persons from access_log where client = $1',
      [education.client],
    );
    expect(rows).toEqual([{ decision: 'REFUSED', reason: 'UNAUTHENTICATED', coordinates: [[]], persons: null }]);
  });
});

describe('revoking', () => {
  test('is on record with who did it, and listed for the department that did it, for civil affairs and for the auditors', async () => {
    const { id } = tokenOf(education);
    await revoke(id, steward('EDUCATION'), '人员离职 somebody left');
    const { rows } = await database.owner.query(
      `select client, decision, coordinates from access_log where operation_text like '%revokeToken%'
       order by at desc, id desc limit 1`,
    );
    expect(rows).toEqual([{ client: 'education.test', decision: 'ALLOWED', coordinates: [['Mutation.revokeToken']] }]);
    const list = '{ revocations(first: 200) { nodes { tokenId department revokedBy reason } } }';
    const listed = async (by: Bound): Promise<unknown> => {
      const { json } = await hubs[1].ask(list, by);
      const { nodes } = json.data?.['revocations'] as { nodes: { tokenId: string }[] };
      return nodes.filter(({ tokenId }) => tokenId === id);
    };
    const own = { tokenId: id, department: 'EDUCATION', revokedBy: 'education.test', reason: '人员离职 somebody left' };
    expect(await listed(steward('EDUCATION'))).toEqual([own]);
    expect(await listed(steward('CIVIL_AFFAIRS'))).toEqual([own]);
    expect(await listed(callerOf('AUDIT', 'AUDITOR', { caseNo: 'AU-1' }))).toEqual([own]);
    expect(await listed(steward('HOUSING'))).toEqual([]);
  });

  test('binds tokens of the steward’s own department, and those of any department where civil affairs revokes', async () => {
    const token = tokenOf(education);
    const byOther = await revoke(token.id, steward('HOUSING'));
    const byNobody = await revoke('no-such-token-anywhere', steward('HOUSING'));
    // Nobody learns from the answer whose token it is, or whether there is one.
    expect(byOther.text).toBe(byNobody.text);
    expect(codeOf(await send(hubs[1], token, CHECK))).toBe('OK');
    await revoke(token.id, steward('CIVIL_AFFAIRS'));
    expect(codeOf(await send(hubs[1], token, CHECK))).toBe('UNAUTHENTICATED');
  });

  test('is for stewards alone', async () => {
    const { id } = tokenOf(education);
    const others = [
      education,
      callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1' }),
      callerOf('AUDIT', 'AUDITOR', { caseNo: 'AU-1' }),
    ];
    for (const other of others) {
      const answer = await revoke(id, other);
      expect([other.role, answer.status, codeOf(answer)]).toEqual([other.role, 403, 'OPERATION_DENIED']);
    }
  });

  test('a second time changes nothing, and says so', async () => {
    const { id } = tokenOf(education);
    const first = await revoke(id, steward('EDUCATION'), 'first');
    const stamp = async () => (await database.owner.query('select stamp from policy_head')).rows;
    const before = await stamp();
    const second = await revoke(id, steward('EDUCATION'), 'second');
    expect(second.text).toBe(first.text.replace('false', 'true'));
    expect(await stamp()).toEqual(before);
    const { rows } = await database.owner.query('select reason from revocation where token_id = $1', [id]);
    expect(rows).toEqual([{ reason: 'first' }]);
  });

  test.each([
    ['a token in place of its name', { tokenId: 'x'.repeat(129), reason: 'leaked' }],
    ['no name', { tokenId: '', reason: 'leaked' }],
    ['no reason', { tokenId: 'some-token-id', reason: '  ' }],
  ])('with %s is refused, and the message says what to send', async (_what, i) => {
    const answer = await hubs[0].ask(REVOKE, steward('EDUCATION'), { variables: { i } });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
    expect(answer.json.errors?.[0]?.message).toMatch(/tokenId|reason/);
    expect(answer.text).not.toContain('xxxx');
  });

  test('forgets what has expired, nothing before it has, and the server’s role can delete nothing itself', async () => {
    const insert = `insert into revocation (id, department, token_id, reason, revoked_by, revoked_at, until)
      values (gen_random_uuid(), 'EDUCATION', $1, 'old', 'test', $2, $3)`;
    await database.owner.query(insert, ['expired-token', '2026-01-01', '2026-02-02']);
    await database.owner.query(insert, ['standing-token', '2026-01-01', '2026-11-23']);
    await revoke(tokenOf(education).id, steward('EDUCATION'));
    const left = async () => (await database.owner.query(`select token_id from revocation where reason = 'old'`)).rows;
    expect(await left()).toEqual([{ token_id: 'standing-token' }]);
    await expect(database.server.query('delete from revocation')).rejects.toThrow(/permission denied/);
    // Not even by an instant of its own choice does the role forget what stands: the database's clock is asked as well.
    const far = new Date(Date.now() + 86_400_000);
    await database.owner.query(insert, ['tomorrow-token', '2026-01-01', far]);
    await database.server.query(`select forget_expired_revocations('infinity')`);
    expect(await left()).toContainEqual({ token_id: 'tomorrow-token' });
  });
});

describe('revoking a client', () => {
  /** A token that was issued so many seconds before now. */
  const issuedEarlier = async (seconds: number): Promise<Token> => {
    const earlier = fixedClock(new Date((ISSUED - seconds) * 1_000).toISOString());
    const key = await openDemoKey(dir);
    const { purpose: _, caseNo: __, tokenId: ___, refusal: ____, ...claims } = education;
    const terms = {
      issuer: 'social-assistance-hub',
      audience: 'social-assistance-hub',
      lifetime: 7_200,
      clock: earlier,
    };
    const { headers } = tokenOf(education);
    return { id: '', headers: { ...headers, authorization: `Bearer ${signDemoToken(key, claims, terms)}` } };
  };

  test('ends all of its tokens from before the instant, and none that it gets afterwards', async () => {
    const [old, newer] = [await issuedEarlier(3_600), await issuedEarlier(60)];
    for (const token of [old, newer]) expect(codeOf(await send(hubs[1], token, CHECK))).toBe('OK');
    const issuedBefore = new Date((ISSUED - 600) * 1_000).toISOString();
    expect((await revokeClient({ client: education.client, issuedBefore }, steward('EDUCATION'))).status).toBe(200);
    for (const hub of hubs) {
      expect(codeOf(await send(hub, old, CHECK))).toBe('UNAUTHENTICATED');
      expect(codeOf(await send(hub, newer, CHECK))).toBe('OK');
    }
    await revokeClient({ client: education.client }, steward('CIVIL_AFFAIRS'));
    for (const hub of hubs) expect(codeOf(await send(hub, newer, CHECK))).toBe('UNAUTHENTICATED');
  });

  test('ends nothing where the client is another department’s', async () => {
    const token = await issuedEarlier(60);
    await revokeClient({ client: education.client }, steward('HOUSING'));
    expect(codeOf(await send(hubs[1], token, CHECK))).toBe('OK');
  });

  test('from an instant that lies ahead is refused: it would end tokens that are not issued yet', async () => {
    const answer = await revokeClient(
      { client: education.client, issuedBefore: '2027-01-01T00:00:00Z' },
      steward('EDUCATION'),
    );
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
  });
});

test('the operator revokes as the owner of the database, without any steward', async () => {
  const token = tokenOf(education);
  expect(codeOf(await send(hubs[1], token, CHECK))).toBe('OK');
  const done = await revokeAsOperator(database.owner, {
    what: { tokenId: token.id },
    reason: '应急处置 emergency',
    clock: fixedClock(NOW),
  });
  expect(done.already).toBe(false);
  for (const hub of hubs) expect(codeOf(await send(hub, token, CHECK))).toBe('UNAUTHENTICATED');
});
