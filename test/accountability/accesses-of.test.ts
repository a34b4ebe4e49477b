import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { newId } from '../../src/platform/id.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { callerOf } from '../harness/engine.ts';
import { askAround } from './asked.ts';
import type { Told } from './asked.ts';

let world: Neighbours;
let told: ReadonlyMap<string, readonly Told[]>;
beforeAll(async () => {
  world = await openNeighbours();
  told = await askAround(world, 400, 20_261_122);
}, 120_000);
afterAll(() => world.close());

const steward = (department: Bound['department']): Bound =>
  callerOf(department, 'STEWARD', { purpose: 'GOVERNANCE', purposes: ['GOVERNANCE'], caseNo: 'GOV-1' });

const ACCESSES = `query($id: ID!, $from: Date, $to: Date, $first: Int, $after: String) {
  accessesOf(personId: $id, from: $from, to: $to, first: $first, after: $after) {
    nodes { id department client role purpose caseNo kind coordinates }
    pageInfo { hasNextPage endCursor }
  }
}`;

type Node = Told & { readonly id: string };
interface Page {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All pages. What the reading itself adds comes first in the order, or is left out by `isReading`. */
async function accessesOf(id: string, caller: Bound, first = 50): Promise<Node[]> {
  const all: Node[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { json } = await world.hub.ask(ACCESSES, caller, { variables: { id, first, after } });
    expect(json.errors).toBeUndefined();
    const { nodes, pageInfo } = json.data?.['accessesOf'] as Page;
    all.push(...nodes);
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
  return all;
}

const isReading = ({ coordinates }: Told): boolean => coordinates.some((name) => name.startsWith('Access.'));
const asLines = (list: readonly Told[]): string[] =>
  list
    .filter((one) => !isReading(one))
    .map(({ department, client, role, purpose, caseNo, kind, coordinates }) =>
      [department, client, role, purpose, caseNo, kind, ...coordinates].join(' '),
    )
    .sort();

const everybody = () => [world.known, world.relative, world.stranger, world.distant];

test('an auditor reads of every person exactly what the answers told of them', async () => {
  for (const { personId } of everybody()) {
    const expected = told.get(personId) ?? [];
    expect(expected.length).toBeGreaterThan(20);
    expect(asLines(await accessesOf(personId, CALLERS.auditor))).toEqual(asLines(expected));
  }
});

test('so does a steward of civil affairs, in whatever pages', async () => {
  for (const { personId } of everybody()) {
    const nodes = await accessesOf(personId, steward('CIVIL_AFFAIRS'), 7);
    expect(asLines(nodes)).toEqual(asLines(told.get(personId) ?? []));
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  }
});

test.each(['education', 'housing', 'civilAffairs', 'window'] as const)(
  'a department (%s) sees what it did itself, and nothing else',
  async (name) => {
    const caller = CALLERS[name];
    for (const { personId } of everybody()) {
      const own = (told.get(personId) ?? []).filter(({ department }) => department === caller.department);
      expect(asLines(await accessesOf(personId, caller))).toEqual(asLines(own));
    }
  },
);

test('an analyst is refused', async () => {
  const { json } = await world.hub.ask(ACCESSES, CALLERS.analyst, { variables: { id: world.known.personId } });
  expect(json.errors?.[0]?.extensions['code']).toBe('OPERATION_DENIED');
});

test('the reading is an access itself, on record for the next reader', async () => {
  const caller = { ...CALLERS.auditor, caseNo: 'AUDIT-OF-READING' };
  await accessesOf(world.stranger.personId, caller, 500);
  const readings = (await accessesOf(world.stranger.personId, steward('CIVIL_AFFAIRS'), 500)).filter(
    ({ caseNo }) => caseNo === 'AUDIT-OF-READING',
  );
  expect(readings).toHaveLength(1);
  expect(readings[0]?.coordinates).toEqual(
    ['at', 'caseNo', 'client', 'coordinates', 'department', 'id', 'kind', 'purpose', 'role'].map((f) => `Access.${f}`),
  );
});

test('a report of aid is an access: written, not read', async () => {
  const report = `mutation($input: ReportAidInput!) { reportAid(input: $input) { recorded } }`;
  const caller = callerOf('EDUCATION', 'SYSTEM', {
    purpose: 'AID_REPORTING',
    purposes: ['AID_REPORTING'],
    caseNo: 'EDUCATION-9',
  });
  const item = {
    sourceKey: 'ED-9',
    idNumber: world.known.idNumber,
    name: world.known.name,
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amountYuan: '100.00',
    decidedOn: '2026-11-01',
  };
  const { json } = await world.hub.ask(report, caller, { variables: { input: { items: [item] } } });
  expect(json.data).toEqual({ reportAid: { recorded: 1 } });
  const written = (await accessesOf(world.known.personId, CALLERS.auditor)).filter(({ kind }) => kind === 'WRITE');
  expect(written).toMatchObject([
    { department: 'EDUCATION', caseNo: 'EDUCATION-9', coordinates: ['Mutation.reportAid'] },
  ]);
});

test('somebody unknown, somebody at whom nobody looked and what is no id look the same', async () => {
  const { personId } = world.known;
  // Of health, education sees nothing; of the future nobody does.
  const answers = await Promise.all(
    [
      { id: newId() },
      { id: 'nobody' },
      { id: '00000000-0000-0000-0000-000000000000' },
      { id: personId, from: '2030-01-01' },
    ].map((variables) => world.hub.ask(ACCESSES, CALLERS.auditor, { variables })),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.json.data).toEqual({
    accessesOf: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
  });
});

test('kinds of data and legal basis are told in the words of the policy then in force', async () => {
  const { personId } = world.known;
  await world.hub.ask('query($id: ID!) { person(id: $id) { id address } }', CALLERS.auditor, {
    variables: { id: personId },
  });
  const query = `query($id: ID!) { accessesOf(personId: $id, first: 1000) { nodes { department role coordinates kinds legalBasis policyVersion } } }`;
  const { json } = await world.hub.ask(query, CALLERS.auditor, { variables: { id: personId } });
  const { nodes } = json.data?.['accessesOf'] as {
    nodes: { role: string; coordinates: string[]; kinds: string[]; legalBasis: string; department: string }[];
  };
  const address = nodes.find(({ coordinates }) => coordinates.join(' ') === 'Person.address Person.id');
  expect(address?.kinds).toEqual(['人员主键', '居住地址']);
  const audited = nodes.find(({ role }) => role === 'AUDITOR');
  expect(audited?.legalBasis).toBe('《审计法》第34条；《社会救助法》第九章');
});
