/** Answers to requests for access: who gives them, by when, and the draft that follows. */
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

describe('answering', () => {
  test('two owners answer differently, and what one granted becomes a draft', async () => {
    const { number } = await world.act('ask', TODAY, housing, ofTwoOwners());
    const first = await world.act('answer', TODAY, civilAffairs, grant(number));
    expect(first).toMatchObject({ state: 'OPEN', draft: null });
    const second = await world.act('answer', TODAY, medical, refuse(number));
    expect(second.state).toBe('PARTLY_GRANTED');
    expect(second.answers.map(({ owner, state }) => [owner, state])).toEqual([
      ['CIVIL_AFFAIRS', 'GRANTED'],
      ['MEDICAL_SECURITY', 'REFUSED'],
    ]);

    const { rows } = await world.db.owner.query<{ content: { agreement: Record<string, unknown> } }>(
      'select * from policy_change where id = $1',
      [second.draft],
    );
    expect(rows).toMatchObject([
      {
        kind: 'AMEND',
        state: 'DRAFT',
        agreement_number: 'housing',
        drafted_by: housing.client,
        drafted_department: 'HOUSING',
      },
    ]);
    const { agreement } = rows[0]?.content ?? { agreement: {} };
    expect(agreement).toMatchObject({ number: 'housing', department: 'HOUSING', validUntil: '2027-06-30' });
    expect(agreement['fields']).toMatchObject({ death: 'full', name: 'full' });
    expect(agreement['fields']).not.toHaveProperty('serious-illness');
  });

  test('a draft decides nothing: the policy is the one from before', async () => {
    const before = await world.db.owner.query('select * from policy_head');
    const { number } = await world.act('ask', TODAY, housing, asking());
    expect((await world.act('answer', TODAY, civilAffairs, grant(number))).draft).not.toBeNull();
    expect((await world.db.owner.query('select * from policy_head')).rows).toEqual(before.rows);
  });

  test('for purposes that no agreement of the role has, the draft is a new agreement, of what was granted and no more', async () => {
    const purposes = ['DYNAMIC_MONITORING' as const];
    const { number } = await world.act('ask', TODAY, housing, asking({ purposes }));
    const { draft } = await world.act('answer', TODAY, civilAffairs, grant(number));
    const { rows } = await world.db.owner.query('select agreement_number, content from policy_change where id = $1', [
      draft,
    ]);
    expect(rows).toMatchObject([
      {
        agreement_number: expect.stringMatching(/^AG-2026-\d{6}$/) as unknown,
        content: {
          agreement: {
            department: 'HOUSING',
            role: 'SYSTEM',
            purposes,
            rows: { Person: 'caseload' },
            fields: { death: 'full' },
            operations: ['person'],
            validFrom: '2026-12-01',
            validUntil: '2027-06-30',
          },
        },
      },
    ]);
  });

  test.each([
    ['some of the purposes of an agreement', { purposes: ['CASE_HANDLING'] }],
    ['purposes of an agreement and others', { purposes: ['CASE_HANDLING', 'STATISTICS'] }],
    [
      'rows that neither hold those of the agreement nor lie within them',
      { rows: [{ type: 'Person', scope: 'REGION' }] },
    ],
  ])('for %s nothing is drafted by itself: it would open more than was granted', async (_, change) => {
    const { number } = await world.act('ask', TODAY, housing, asking(change as never));
    expect(await world.act('answer', TODAY, civilAffairs, grant(number))).toMatchObject({
      state: 'GRANTED',
      draft: null,
    });
  });

  test('when all refuse, there is no draft', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    expect(await world.act('answer', TODAY, civilAffairs, refuse(number))).toMatchObject({
      state: 'REFUSED',
      draft: null,
    });
  });

  test('may grant more narrowly than asked: a group less, in part, of fewer, for a shorter time', async () => {
    const groups = [
      { name: 'death', access: 'FULL' as const },
      { name: 'phone', access: 'FULL' as const },
      { name: 'labour-ability', access: 'FULL' as const, scope: 'CASELOAD' as const },
    ];
    const { id, number } = await world.act('ask', TODAY, housing, asking({ groups }));
    const receipt = await world.act(
      'answer',
      TODAY,
      civilAffairs,
      grant(number, {
        groups: [
          { name: 'phone', access: 'MASKED', scope: 'CASELOAD' },
          { name: 'labour-ability', access: 'FULL', scope: 'CASE' },
        ],
        validUntil: '2027-01-31',
      }),
    );
    expect(receipt.state).toBe('PARTLY_GRANTED');
    const { rows } = await world.db.owner.query(
      'select name, granted_access, granted_scope from access_request_group where request_id = $1 order by name',
      [id],
    );
    expect(rows).toEqual([
      { name: 'death', granted_access: null, granted_scope: null },
      { name: 'labour-ability', granted_access: 'FULL', granted_scope: 'CASE' },
      { name: 'phone', granted_access: 'MASKED', granted_scope: 'CASELOAD' },
    ]);
    const draft = await world.db.owner.query<{ content: { agreement: { fields: object; validUntil: string } } }>(
      'select content from policy_change where id = $1',
      [receipt.draft],
    );
    const { fields, validUntil } = draft.rows[0]?.content.agreement ?? {};
    // What the agreement held before stands: the phone was open in part already, and on all of its rows.
    expect(fields).toMatchObject({ 'labour-ability': 'full:case', phone: 'masked' });
    expect(fields).not.toHaveProperty('death');
    expect(validUntil).toBe('2027-01-31');
  });

  test.each([
    ['groups[0].name: it was not asked', { groups: [{ name: 'name', access: 'FULL' }] }],
    ['groups[0]: more than was asked', { groups: [{ name: 'phone', access: 'FULL' }] }],
    ['groups[0]: more than was asked', { groups: [{ name: 'phone', access: 'MASKED' }] }],
    ['groups[0]: more than was asked', { groups: [{ name: 'phone', access: 'FULL', scope: 'CASELOAD' }] }],
    ['groups[0]: more than was asked', { groups: [{ name: 'phone', access: 'MASKED', scope: 'REGION' }] }],
    ['groups: to grant nothing is to refuse', { groups: [] }],
    ['validUntil: a day of the period', { validUntil: '2027-07-01' }],
    ['reason: a refusal gives its reason', { verdict: 'REFUSE', legalBasis: '某法' }],
    ['legalBasis: a refusal gives its reason', { verdict: 'REFUSE', reason: '不必要' }],
  ])('is refused with the field named: %s', async (message, change) => {
    const phone = { name: 'phone', access: 'MASKED' as const, scope: 'CASELOAD' as const };
    const { number } = await world.act('ask', TODAY, housing, asking({ groups: [phone] }));
    const refusal = await world.refusal('answer', TODAY, civilAffairs, grant(number, change));
    expect(refusal.message).toContain(message);
    expect((await world.act('answer', TODAY, civilAffairs, grant(number))).state).toBe('GRANTED');
  });

  test('no department answers for another, and what is not its business looks like what is not there', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    const others = [medical, housing, steward('AUDIT')];
    const told = await Promise.all(others.map((one) => world.refusal('answer', TODAY, one, grant(number))));
    const absent = await world.refusal('answer', TODAY, medical, grant('RQ-2026-999999'));
    expect(new Set([...told, absent].map(({ message }) => message)).size).toBe(1);
    expect(told.map(({ code }) => code)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });

  test('stands: again is the same answer, and another one is refused', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    await world.act('answer', TODAY, civilAffairs, grant(number));
    const again = await world.act('answer', TODAY, steward('CIVIL_AFFAIRS', 'b'), grant(number));
    expect(again).toMatchObject({ state: 'GRANTED', unchanged: true });
    const { message } = await world.refusal('answer', TODAY, civilAffairs, refuse(number));
    expect(message).toContain('has answered it');
    const { rows } = await world.db.owner.query(
      'select count(*)::int as drafts from policy_change c join access_request r on r.id = c.request_id where r.number = $1',
      [number],
    );
    expect(rows).toEqual([{ drafts: 1 }]);
  });

  test('of two owners at the same moment makes one draft', async () => {
    const { number } = await world.act('ask', TODAY, housing, ofTwoOwners());
    const receipts = await Promise.all(
      [civilAffairs, medical].map((owner) => world.act('answer', TODAY, owner, grant(number))),
    );
    expect(receipts.map(({ state }) => state).sort()).toEqual(['GRANTED', 'OPEN']);
    expect(receipts.filter(({ draft }) => draft !== null)).toHaveLength(1);
  });

  test('to its own department needs a second steward', async () => {
    const own = asking({ role: 'WINDOW', rows: [{ type: 'Person', scope: 'REGION' }] });
    const { number } = await world.act('ask', TODAY, civilAffairs, own);
    const { message } = await world.refusal('answer', TODAY, civilAffairs, grant(number));
    expect(message).toContain('whoever asked does not answer');
    expect((await world.act('answer', TODAY, steward('CIVIL_AFFAIRS', 'b'), grant(number))).state).toBe('GRANTED');
  });

  test('late is late, grants nothing by itself, and may still be given', async () => {
    const { number } = await world.act('ask', TODAY, housing, asking());
    const state = async (on: string) => {
      const query = `query ($number: String) { accessRequest(number: $number) { state answers { state overdue dueOn workingDaysLeft } } }`;
      const data = (await world.read(query, on, housing, { number: number })) as { accessRequest: unknown };
      return data.accessRequest;
    };
    const dueOn = '2026-12-04';
    expect(await state(dueOn)).toEqual({
      state: 'OPEN',
      answers: [{ state: 'PENDING', overdue: false, dueOn, workingDaysLeft: 0 }],
    });
    expect(await state('2026-12-07')).toEqual({
      state: 'OVERDUE',
      answers: [{ state: 'OVERDUE', overdue: true, dueOn, workingDaysLeft: -1 }],
    });
    const receipt = await world.act('answer', '2026-12-08', civilAffairs, grant(number));
    expect(receipt.state).toBe('GRANTED');
    expect(await state('2026-12-08')).toEqual({
      state: 'GRANTED',
      answers: [{ state: 'GRANTED', overdue: false, dueOn, workingDaysLeft: null }],
    });
  });
});
