/** `Hub-Freshness: include`: the feeds behind an answer, beside it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { ofInstalled } from '../harness/installed.ts';
import { rowsIn } from '../registry/rows.ts';

/** Records that a caller reads of a person: type, selection, word of the feed, department. */
const RECORDS = ofInstalled([
  ['StudentRecord', 'studentRecords { grade }', 'STUDENT', 'EDUCATION', CALLERS.education],
  [
    'MedicalSettlement',
    'medicalSettlements { total }',
    'MEDICAL_SETTLEMENT',
    'MEDICAL_SECURITY',
    CALLERS.medicalSecurity,
  ],
] as const);

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
  const { insert } = rowsIn(world.database.owner);
  const feed = (record: string, department: string, regionCode: string | null, asOf: string | null) =>
    insert('feed', {
      source_system: `${department}-${record}`,
      department,
      record,
      region_code: regionCode,
      as_of: asOf,
      rhythm_hours: 24,
    });
  for (const [, , record, department] of RECORDS) await feed(record, department, null, '2026-11-18T02:00:00Z');
  await feed('PERSON', 'CIVIL_AFFAIRS', '620000000000', '2026-11-22T00:00:00Z');
  await feed('PERSON', 'CIVIL_AFFAIRS', '620102000000', '2026-11-22T00:00:00Z');
  await feed('PERSON', 'CIVIL_AFFAIRS', '360000000000', null);
}, 60_000);
afterAll(() => world.close());

interface Told {
  readonly record: string;
  readonly regionCode: string | null;
  readonly stale: boolean;
  readonly asOf: string | null;
}

const include = { 'hub-freshness': 'include' };
async function freshness(query: string, caller: Bound): Promise<readonly Told[] | undefined> {
  const variables = { id: world.known.personId };
  const { json } = await world.hub.ask(query, caller, { variables, headers: include });
  expect(json.errors).toBeUndefined();
  return json.extensions?.['freshness'] as readonly Told[] | undefined;
}

test.each(RECORDS)('the feeds behind persons and a %s that were read are told', async (...of) => {
  const [, selection, record, department, caller] = of;
  const told = await freshness(`query($id: ID!) { person(id: $id) { name ${selection} } }`, caller);
  const expected: readonly (readonly [string, string | null, boolean])[] = [
    ['PERSON', '360000000000', true],
    ['PERSON', '620000000000', false],
    ['PERSON', '620102000000', false],
    [record, null, true],
  ];
  expect(told?.map((feed) => [feed.record, feed.regionCode, feed.stale])).toEqual(
    expected.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  expect(told?.find((feed) => feed.record === record)).toMatchObject({
    department,
    sourceSystem: `${department}-${record}`,
    asOf: '2026-11-18T02:00:00.000Z',
    rhythmHours: 24,
  });
});

test('the feeds behind the types that were read are told for the regions of the caller', async () => {
  // A township: its county and its province, and no other.
  const near = await freshness('query($id: ID!) { person(id: $id) { name } }', CALLERS.window);
  expect(near?.map(({ regionCode }) => regionCode)).toEqual(['620000000000', '620102000000']);
});

test('a status check tells the feed of enrolments, a fragment and an alias hide nothing, and what nobody delivers is missing', async () => {
  const check = `query { c: checkStatus(checks: [{ idNumber: "${world.known.idNumber}" }]) { ...C } }
    fragment C on StatusCheck { result }`;
  expect(await freshness(check, CALLERS.education)).toMatchObject([{ record: 'ENROLMENT', stale: false }]);
  const grants = 'query($id: ID!) { person(id: $id) { ... { aidGrants { totalCount nodes { amount } } } } }';
  expect(await freshness(grants, CALLERS.education)).toContainEqual({
    department: null,
    sourceSystem: null,
    record: 'AID_GRANT',
    regionCode: null,
    asOf: null,
    rhythmHours: null,
    stale: true,
  });
  expect(await freshness('{ regions(first: 1) { code } }', CALLERS.education)).toEqual([]);
});

test('without the header nothing is added; what the header cannot mean is refused', async () => {
  const query = 'query($id: ID!) { person(id: $id) { name } }';
  const variables = { id: world.known.personId };
  const plain = await world.hub.ask(query, CALLERS.education, { variables });
  expect(plain.json.extensions).toBeUndefined();
  for (const value of ['yes', '', 'include, include']) {
    const { status, json } = await world.hub.ask(query, CALLERS.education, {
      variables,
      headers: { 'hub-freshness': value },
    });
    expect(status).toBe(400);
    expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST', header: 'Hub-Freshness' } });
  }
  // A refusal tells nothing of freshness.
  const refused = await world.hub.ask('{ recipients { nodes { person { ethnicity } } } }', CALLERS.education, {
    headers: include,
  });
  expect(refused.json.extensions).toBeUndefined();
});
