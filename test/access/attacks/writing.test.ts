/** Attacks on writing: who may report, for whom, and what the answer to a report could give away. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getNamedType, isObjectType } from 'graphql';
import type { GraphQLObjectType } from 'graphql';
import type { Bound } from '../../../src/access/index.ts';
import { buildHubSchema } from '../../../src/server/schema.ts';
import type { HttpAnswer } from '../../harness/hub.ts';
import { CALLERS, openNeighbours } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

const reporting = (caller: Bound): Bound => ({ ...caller, purpose: 'AID_REPORTING', purposes: ['AID_REPORTING'] });

const report = (caller: Bound, items: readonly object[]): Promise<HttpAnswer> =>
  world.hub.ask(
    'mutation($i: ReportAidInput!) { reportAid(input: $i) { results { outcome code grantId } } }',
    reporting(caller),
    { variables: { i: { items } } },
  );

const item = (change: object = {}) => ({
  sourceKey: 'k-1',
  idNumber: world.known.idNumber,
  name: world.known.name,
  programme: 'EDUCATION_AID',
  mode: 'CASH',
  amountYuan: '100',
  decidedOn: '2026-09-01',
  ...change,
});

const grants = async () => {
  const { rows } = await world.database.owner.query(
    'select department, source_key, version, state, amount_fen, reversed_by_key from aid_grant order by department, source_key, version',
  );
  return rows;
};

test('a payload is told under any alias, also one that every object or another field has', async () => {
  const answer = await world.hub.ask(
    `mutation($i: ReportAidInput!) {
      constructor: reportAid(input: $i) {
        toString: results { constructor: outcome hasOwnProperty: sourceKey __proto__: sourceKey code: outcome sourceKey: code }
      }
    }`,
    reporting(CALLERS.education),
    { variables: { i: { dryRun: true, items: [item({ sourceKey: 'k-alias' })] } } },
  );
  expect(answer.text).toBe(
    '{"data":{"constructor":{"toString":[{"constructor":"RECORDED","hasOwnProperty":"k-alias","__proto__":"k-alias",' +
      '"code":"RECORDED","sourceKey":null}]}}}\n',
  );
});

test('no payload of a mutation leads to a noun, so none can read a field again past the policy', async () => {
  const schema = await buildHubSchema();
  const reached = new Set<string>();
  const walk = (type: GraphQLObjectType): void => {
    if (reached.has(type.name)) return;
    reached.add(type.name);
    for (const field of Object.values(type.getFields())) {
      const next = getNamedType(field.type);
      if (isObjectType(next)) walk(next);
    }
  };
  const mutation = schema.getMutationType();
  if (mutation) walk(mutation);
  const nouns = [...reached].filter((name) => schema.getType(name)?.extensions['hubRows'] !== undefined);
  expect(reached.size).toBeGreaterThan(1);
  expect(nouns).toEqual([]);
});

test('roles that only read report nothing, whatever purpose they send', async () => {
  const before = await grants();
  for (const caller of [CALLERS.analyst, CALLERS.window, CALLERS.auditor]) {
    const answer = await report(caller, [item()]);
    expect([answer.status, answer.json.errors?.[0]?.extensions['code']]).toEqual([403, 'OPERATION_DENIED']);
  }
  expect(await grants()).toEqual(before);
});

test('a department reports with the purpose of reporting alone, and with a case', async () => {
  const before = await grants();
  const text = 'mutation($i: ReportAidInput!) { reportAid(input: $i) { recorded } }';
  const variables = { i: { items: [item()] } };
  const code = async (caller: Bound) =>
    (await world.hub.ask(text, caller, { variables })).json.errors?.[0]?.extensions['code'];
  const { caseNo: _, purpose: __, ...bare } = reporting(CALLERS.education);
  expect(await code(bare)).toBe('PURPOSE_REQUIRED');
  expect(await code({ ...bare, purpose: 'AID_REPORTING' })).toBe('CASE_REQUIRED');
  expect(await code(CALLERS.education)).toBe('PURPOSE_NOT_ALLOWED');
  expect(await grants()).toEqual(before);
});

test('a department neither reports, corrects nor reverses what is another one’s', async () => {
  const { known } = world;
  const { rows } = await world.database.owner.query<{ source_key: string }>(
    `select source_key from aid_grant where department = 'HOUSING' and person_id = $1`,
    [known.personId],
  );
  const theirs = rows[0]?.source_key ?? '';
  const housing = async () =>
    (await grants()).filter(({ department }: { department: string }) => department === 'HOUSING');
  const before = await housing();

  const foreign = await report(CALLERS.education, [item({ programme: 'RENT_SUBSIDY' })]);
  expect(foreign.json.data).toMatchObject({
    reportAid: { results: [{ outcome: 'REJECTED', code: 'NOT_YOUR_PROGRAMME' }] },
  });
  const corrected = await report(CALLERS.education, [item({ sourceKey: theirs, version: 2, amountYuan: '1' })]);
  expect(corrected.json.data).toMatchObject({ reportAid: { results: [{ outcome: 'RECORDED' }] } });
  const reversed = await report(CALLERS.education, [item({ sourceKey: 'k-2', reversalOf: theirs, version: 1 })]);
  expect(reversed.json.data).toMatchObject({ reportAid: { results: [{ grantId: expect.any(String) }] } });
  expect(await housing()).toEqual(before);

  // A reversal of a key that only the other department holds looks like one of a key that nobody holds.
  const { rows: unheld } = await world.database.owner.query<{ source_key: string }>(
    `select source_key from aid_grant where department = 'HOUSING' and person_id = $1`,
    [world.stranger.personId],
  );
  const outcomes = [unheld[0]?.source_key, 'nobody-holds-this'].map(async (reversalOf, i) => {
    const answer = await report(CALLERS.education, [item({ sourceKey: `k-${i + 3}`, reversalOf })]);
    return answer.text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, 'id');
  });
  const [held, nowhere] = await Promise.all(outcomes);
  expect(held).toContain('ORIGINAL_NOT_HELD');
  expect(held).toBe(nowhere);
  expect(await housing()).toEqual(before);
});

test('a department reports for offices in its own regions alone', async () => {
  const jiangxi = { ...CALLERS.education, regions: ['360000000000'] };
  const before = await grants();
  for (const change of [{}, { officeRegion: '620102000000' }, { officeRegion: '62' }]) {
    const answer = await report(jiangxi, [item({ sourceKey: 'k-9', ...change })]);
    expect(answer.json.data).toMatchObject({ reportAid: { results: [{ outcome: 'REJECTED', grantId: null }] } });
  }
  expect(await grants()).toEqual(before);
});

test('what one department reports, another one does not see, and civil affairs sees', async () => {
  await report(CALLERS.education, [item({ sourceKey: 'k-20', amountYuan: '4321.09' })]);
  const query = `{ person(id: "${world.known.personId}") { aidGrants { nodes { sourceKey amount } } } }`;
  expect((await world.hub.ask(query, CALLERS.civilAffairs)).text).toContain('k-20');
  for (const caller of [CALLERS.housing, CALLERS.health, CALLERS.labour]) {
    const { status, text } = await world.hub.ask(query, caller);
    expect([status, text]).toEqual([200, expect.not.stringContaining('k-20')]);
  }
});

test('a mutation is no query and a query no mutation', async () => {
  for (const [text, caller] of [
    ['query { reportAid(input: { items: [] }) { recorded } }', CALLERS.education],
    ['mutation { recipients { totalCount } }', CALLERS.education],
    ['mutation { person(id: "x") { ethnicity } }', CALLERS.education],
    ['subscription { recipients { totalCount } }', CALLERS.education],
  ] as const) {
    const answer = await world.hub.ask(text, reporting(caller));
    expect([text, answer.status, answer.json.data ?? null]).toEqual([text, 400, null]);
  }
});
