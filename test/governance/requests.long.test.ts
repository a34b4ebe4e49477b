/** Requests for access: what may be asked, how terms are extended, who withdraws, and what is on record. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, grant, ofTwoOwners, openRequestsWorld, refuse, steward } from './requests-world.ts';
import type { RequestsWorld } from './requests-world.ts';

const TODAY = '2026-11-20';
const housing = steward('HOUSING');
const civilAffairs = steward('CIVIL_AFFAIRS');
const medical = steward('MEDICAL_SECURITY');

let world: RequestsWorld;
beforeAll(async () => {
  world = await openRequestsWorld();
});
afterAll(() => world.close());

describe('asking', () => {
  test('makes one awaited answer for each owner, with its term', async () => {
    const receipt = await world.act('ask', TODAY, housing, ofTwoOwners());
    expect(receipt).toMatchObject({ state: 'OPEN', unchanged: false, draft: null });
    expect(receipt.number).toMatch(/^RQ-2026-\d{6}$/);
    expect(receipt.answers).toEqual([
      { owner: 'CIVIL_AFFAIRS', state: 'PENDING', dueOn: '2026-12-04', termDays: 10 },
      { owner: 'MEDICAL_SECURITY', state: 'PENDING', dueOn: '2026-12-04', termDays: 10 },
    ]);
  });

  test('what is shared unconditionally has a term of one working day', async () => {
    const { answers } = await world.act(
      'ask',
      TODAY,
      housing,
      asking({ groups: [{ name: 'public', access: 'FULL' }] }),
    );
    expect(answers).toEqual([{ owner: 'CIVIL_AFFAIRS', state: 'PENDING', dueOn: '2026-11-23', termDays: 1 }]);
  });

  test('with the same key again is the same request, also when both come at once', async () => {
    const input = asking();
    const [a, b] = await Promise.all([1, 2].map(() => world.act('ask', TODAY, housing, input)));
    expect(a?.number).toBe(b?.number);
    expect([a?.unchanged, b?.unchanged].sort()).toEqual([false, true]);
    const { message } = await world.refusal('ask', TODAY, housing, { ...input, scenario: '另一场景' });
    expect(message).toMatch(/^key: it stands for another request/);
    // Another department's key is its own.
    expect((await world.act('ask', TODAY, steward('EDUCATION'), input)).unchanged).toBe(false);
  });

  test.each([
    [
      'groups[1].name: no such group',
      {
        groups: [
          { name: 'death', access: 'FULL' },
          { name: 'incme', access: 'FULL' },
        ],
      },
    ],
    ['groups[0].scope: one of REGION', { groups: [{ name: 'death', access: 'FULL', scope: 'EVERYTHING' }] }],
    ['groups: name one group', { groups: [] }],
    ['groups: something is named twice', { groups: [1, 2].map(() => ({ name: 'death', access: 'FULL' })) }],
    ['rows[0].type: there is no such type', { rows: [{ type: 'Persn', scope: 'CASELOAD' }] }],
    ['rows[0].type: there is no such type', { rows: [{ type: 'AccessRequest', scope: 'EVERYTHING' }] }],
    ['rows: say of whom', { rows: [] }],
    ['operations[0]: there is no such operation', { operations: ['persons'] }],
    ['operations[0]: there is no such operation', { operations: ['answerAccessRequest'] }],
    ['operations: name one', { operations: [] }],
    ['purposes: say what for', { purposes: [] }],
    ['role: your department has no such role', { role: 'ANALYST' }],
    ['legalBasis: say it', { legalBasis: '  ' }],
    ['scenario: say it', { scenario: '场'.repeat(1_001) }],
    ['key: say it', { key: '' }],
    ['validFrom: a past day', { validFrom: '2026-11-19' }],
    ['validUntil: the period ends before', { validUntil: '2026-11-30' }],
  ])('is refused with the field named: %s', async (message, change) => {
    const refusal = await world.refusal('ask', TODAY, housing, asking(change as never));
    expect(refusal.code).toBe('BAD_USER_INPUT');
    expect(refusal.message).toContain(message);
    expect(refusal.extensions['fields']).toEqual([message.slice(0, message.indexOf(':'))]);
  });

  test('names all faults at once', async () => {
    const { extensions } = await world.refusal(
      'ask',
      TODAY,
      housing,
      asking({ purposes: [], operations: ['x'], rows: [] }),
    );
    expect(extensions['fields']).toEqual(['purposes', 'rows', 'operations[0]']);
  });

  test('for what is not shared is refused with the owner and its basis', async () => {
    const { message } = await world.refusal(
      'ask',
      TODAY,
      housing,
      asking({ groups: [{ name: 'means', access: 'MASKED' }] }),
    );
    expect(message).toContain('家庭收入与财产不予共享');
    expect(message).toContain('CIVIL_AFFAIRS on the basis of 《社会救助法》第42条（共享互认）、第70条第6项');
  });

  test('one owner for things with two terms is asked in two requests', async () => {
    const groups = ['public', 'death'].map((name) => ({ name, access: 'FULL' as const }));
    const { message } = await world.refusal('ask', TODAY, housing, asking({ groups }));
    expect(message).toContain('groups: ask CIVIL_AFFAIRS for what it shares unconditionally in a request of its own');
  });

  test('is for stewards with the purpose of governance', async () => {
    const system = { ...housing, role: 'SYSTEM' as const };
    expect((await world.refusal('ask', TODAY, system, asking())).code).toBe('OPERATION_DENIED');
    const { purpose: _, ...aimless } = housing;
    expect((await world.refusal('ask', TODAY, aimless, asking())).code).toBe('PURPOSE_REQUIRED');
    const other = { ...housing, purpose: 'CASE_HANDLING' as const };
    expect((await world.refusal('ask', TODAY, other, asking())).code).toBe('PURPOSE_NOT_ALLOWED');
  });

  test('a term that reaches a year without an arrangement is unknown', async () => {
    const { answers } = await world.act('ask', '2026-12-25', housing, asking({ validFrom: '2027-01-01' }));
    expect(answers).toEqual([{ owner: 'CIVIL_AFFAIRS', state: 'PENDING', dueOn: null, termDays: 10 }]);
  });
});

describe('extending', () => {
  const why = { reason: '需核对历史数据' };

  test('adds ten working days to the term, once', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    const receipt = await world.act('extend', '2026-12-01', civilAffairs, { request: number, ...why });
    expect(receipt.answers).toEqual([{ owner: 'CIVIL_AFFAIRS', state: 'PENDING', dueOn: '2026-12-18', termDays: 20 }]);
    expect((await world.act('extend', '2026-12-02', civilAffairs, { request: number, ...why })).unchanged).toBe(true);
    const { message } = await world.refusal('extend', '2026-12-02', civilAffairs, {
      request: number,
      reason: '另一理由',
    });
    expect(message).toContain('extended once already');
  });

  test('is possible on the last day, and not after it', async () => {
    const { number } = await world.act('ask', TODAY, housing, ofTwoOwners());
    await world.act('extend', '2026-12-04', civilAffairs, { request: number, ...why });
    const { message } = await world.refusal('extend', '2026-12-05', medical, { request: number, ...why });
    expect(message).toContain('its term has ended');
  });

  test('needs a reason, a conditional share, an answer that is awaited, and the owner', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    const message = async (request: string, caller = civilAffairs, reason = why.reason) =>
      (await world.refusal('extend', TODAY, caller, { request, reason })).message;
    expect(await message(number, civilAffairs, ' ')).toMatch(/^reason: /);
    expect(await message(number, medical)).toContain('there is none with this number');
    await world.act('answer', TODAY, civilAffairs, grant(number));
    expect(await message(number)).toContain('has answered it');
    const open = await world.act('ask', TODAY, housing, asking({ groups: [{ name: 'public', access: 'FULL' }] }));
    expect(await message(open.number)).toContain('unconditionally');
  });

  test('where the term reaches a year without an arrangement, nobody knows, and it is refused', async () => {
    const { number } = await world.act('ask', '2026-12-25', housing, asking({ validFrom: '2027-01-01' }));
    const { message } = await world.refusal('extend', '2026-12-28', civilAffairs, { request: number, ...why });
    expect(message).toContain('whose holidays are not known');
  });
});

describe('withdrawing', () => {
  test('closes a request for good; the awaited answers lapse and nobody answers any more', async () => {
    const { number } = await world.act('ask', TODAY, housing, ofTwoOwners());
    await world.act('answer', TODAY, medical, grant(number));
    const receipt = await world.act('withdraw', TODAY, steward('HOUSING', 'b'), { request: number });
    expect(receipt.state).toBe('WITHDRAWN');
    expect(receipt.answers.map(({ state }) => state)).toEqual(['LAPSED', 'GRANTED']);
    expect((await world.refusal('answer', TODAY, civilAffairs, grant(number))).message).toContain('withdrawn');
    expect((await world.act('withdraw', TODAY, housing, { request: number })).unchanged).toBe(true);
  });

  test('is for the department that asked, and not after the answers', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    expect((await world.refusal('withdraw', TODAY, civilAffairs, { request: number })).message).toContain(
      'there is none',
    );
    await world.act('answer', TODAY, civilAffairs, grant(number));
    expect((await world.refusal('withdraw', TODAY, housing, { request: number })).message).toContain('it is closed');
  });
});

describe('on record', () => {
  const newest = async () => {
    const { rows } = await world.db.owner.query(
      'select * from access_record r join access_operation o on o.number = r.operation order by r.id desc limit 1',
    );
    return rows[0] as unknown;
  };

  test('an act is one write of the ledger, a refused one is one refusal', async () => {
    const count = async () =>
      Number((await world.db.owner.query<{ n: string }>('select count(*) as n from access_record')).rows[0]?.n);
    const before = await count();
    const { number } = await world.act('ask', TODAY, housing, asking());
    expect(await count()).toBe(before + 1);
    expect(await newest()).toMatchObject({ client: housing.client, decision: 'ALLOWED', kind: 'WRITE' });
    await world.refusal('answer', TODAY, medical, grant(number));
    expect(await count()).toBe(before + 2);
    expect(await newest()).toMatchObject({ client: medical.client, decision: 'REFUSED', reason: 'BAD_USER_INPUT' });
  });

  test('the owners are told of a request, and the asker of the answer', async () => {
    const { number } = await world.act('ask', TODAY, housing, ofTwoOwners());
    await world.act('extend', TODAY, medical, { request: number, reason: '核对' });
    await world.act('answer', TODAY, civilAffairs, refuse(number));
    const { rows } = await world.db.owner.query(
      'select department, kind from notice where reference = $1 order by kind, department',
      [number],
    );
    expect(rows).toEqual([
      { department: 'HOUSING', kind: 'REQUEST_ANSWERED' },
      { department: 'HOUSING', kind: 'REQUEST_EXTENDED' },
      { department: 'CIVIL_AFFAIRS', kind: 'REQUEST_SUBMITTED' },
      { department: 'MEDICAL_SECURITY', kind: 'REQUEST_SUBMITTED' },
    ]);
  });

  test('an act that was let in under another policy writes nothing, and comes again under the new one', async () => {
    const count = async () => (await world.db.owner.query('select from access_request')).rowCount;
    const before = await count();
    expect((await world.refusal('ask', TODAY, housing, asking(), { policyStamp: 0 })).code).toBe('POLICY_CHANGED');
    expect(await count()).toBe(before);
  });
});
