/** From the request of a department to the field that its system reads: over HTTP, on two hubs that share the database. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { housing, openGovernedHubs, steward } from './harness.ts';
import type { GovernedHubs } from './harness.ts';
import { asking } from './requests-world.ts';

let world: GovernedHubs;
beforeAll(async () => {
  world = await openGovernedHubs();
});
afterAll(() => world.close());

const RECEIPT = 'number state draft answers { owner state dueOn }';
const ask = `mutation ($input: RequestAccessInput!) { requestAccess(input: $input) { ${RECEIPT} } }`;
const grant = `mutation ($input: AnswerAccessRequestInput!) { answerAccessRequest(input: $input) { ${RECEIPT} } }`;

interface Receipt {
  readonly number: string;
  readonly state: string;
  readonly draft: string | null;
}

/** Runs an act of a steward and gives back its receipt. */
async function act(query: string, department: Parameters<typeof steward>[0], input: object): Promise<Receipt> {
  const { json, text } = await world.hubs[0].ask(query, steward(department), { variables: { input } });
  const [receipt] = Object.values(json.data ?? {});
  if (receipt === undefined) throw new Error(text);
  return receipt as Receipt;
}

/** What each hub tells housing about the day of a death. */
const reads = async () => {
  const answers = await world.ask(`{ person(id: "${world.personId}") { diedOn } }`, housing());
  return answers.map(({ json }) => json.errors?.[0]?.extensions['code'] ?? json.data?.['person']);
};

test('what an owner granted is open on every hub as soon as a second steward published it, and not before', async () => {
  expect(await reads()).toEqual(['FIELD_DENIED', 'FIELD_DENIED']);
  const { number } = await act(ask, 'HOUSING', asking({ validFrom: '2026-11-22' }));
  const { state, draft } = await act(grant, 'CIVIL_AFFAIRS', { request: number, verdict: 'GRANT' });
  expect(state).toBe('GRANTED');
  expect(await reads()).toEqual(['FIELD_DENIED', 'FIELD_DENIED']);

  // Whoever asked is the drafter; the owner's word stands, so that its stewards need not act again.
  expect(await world.publish(steward('HOUSING'), draft ?? '')).toMatchObject({ outcome: 'SAME_PERSON' });
  expect(await reads()).toEqual(['FIELD_DENIED', 'FIELD_DENIED']);
  expect(await world.publish(steward('HOUSING', 'b'), draft ?? '', 1)).toMatchObject({ outcome: 'PUBLISHED' });
  expect(await reads()).toEqual([{ diedOn: null }, { diedOn: null }]);

  // Until the day that was asked for, that day included.
  world.at('2027-06-30T23:59:00+08:00');
  expect(await reads()).toEqual([{ diedOn: null }, { diedOn: null }]);
  world.at('2027-07-01T00:00:00+08:00');
  expect(await reads()).not.toContainEqual({ diedOn: null });
  world.at('2026-11-22T10:00:00+08:00');
});

test('what was asked for from a later day on is not published before it without the owner', async () => {
  const { number } = await act(ask, 'HOUSING', asking({ groups: [{ name: 'self-care', access: 'FULL' }] }));
  const { draft } = await act(grant, 'CIVIL_AFFAIRS', { request: number, verdict: 'GRANT' });
  expect(await world.publish(steward('HOUSING', 'b'), draft ?? '')).toMatchObject({
    outcome: 'CONSENT_MISSING',
    consentMissing: ['CIVIL_AFFAIRS'],
  });
  world.at('2026-12-01T00:00:00+08:00');
  expect(await world.publish(steward('HOUSING', 'b'), draft ?? '')).toMatchObject({ outcome: 'PUBLISHED' });
  world.at('2026-11-22T10:00:00+08:00');
});
