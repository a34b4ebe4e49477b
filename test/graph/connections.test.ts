/** Connections as Relay's specification has them: both directions, at the root and below rows. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { raw } from '../../src/graph/index.ts';
import type { Decision } from '../../src/graph/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { open, plan } from './planned.ts';
import { rowsIn } from '../registry/rows.ts';

const RECIPIENTS = 7;
const CALLER = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'T-1' });
const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

let database: TestDatabase;
let hub: TestEngine;
/** In the order of the list. */
let ids: string[];
let persons: string[];

beforeAll(async () => {
  database = await testDatabase();
  hub = await openEngine(database);
  const rows = rowsIn(database.owner);
  ids = [];
  persons = [];
  for (let i = 0; i < RECIPIENTS; i += 1) {
    const personId = await rows.person();
    const householdId = await rows.household({ head_person_id: personId });
    const enrolmentId = await rows.enrolment({ household_id: householdId, applicant_id: personId });
    const recipient = { enrolment_id: enrolmentId, person_id: personId, household_id: householdId };
    ids.push(await rows.recipient({ ...recipient, valid_from: `2026-0${String(1 + (i % 3))}-01` }));
    persons.push(personId);
    for (let day = 1; day <= i; day += 1) {
      await rows.grant({ person_id: personId, household_id: householdId, decided_on: `2026-09-0${String(day)}` });
    }
  }
});
afterAll(() => database.drop());

async function ask(text: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const { data, errors } = await hub.ask(text, CALLER, { variables });
  expect(errors).toEqual([]);
  return data as Record<string, unknown>;
}

async function recipients(args: Record<string, unknown>): Promise<Page> {
  const text = `query P($first: Int, $after: String, $last: Int, $before: String) {
    recipients(first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id } } ${PAGE_INFO} } }`;
  return (await ask(text, args))['recipients'] as Page;
}

const idsOf = ({ edges }: Page): string[] => edges.map(({ node }) => node.id);

test.each([1, 2, 3, 7, 8])(
  'pages of %i rows, forward and backward, are the same list cut from either end',
  async (size) => {
    const forward: Page[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Page = await recipients({ first: size, after });
      forward.push(page);
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    const backward: Page[] = [];
    for (let before: string | null = null, more = true; more;) {
      const page: Page = await recipients({ last: size, before });
      backward.unshift(page);
      ({ hasPreviousPage: more, startCursor: before } = page.pageInfo);
    }
    for (const pages of [forward, backward]) {
      expect(pages.flatMap(idsOf)).toEqual(ids);
      for (const [i, { edges, pageInfo }] of pages.entries()) {
        expect(pageInfo).toEqual({
          hasPreviousPage: i > 0,
          hasNextPage: i < pages.length - 1,
          startCursor: edges[0]?.cursor,
          endCursor: edges.at(-1)?.cursor,
        });
      }
    }
  },
);

test('a page tells what lies on the other side of its cursor by looking, not by the cursor being there', async () => {
  const whole = await recipients({ first: RECIPIENTS });
  const [first, last] = [whole.edges[0]?.cursor, whole.edges.at(-1)?.cursor];
  expect((await recipients({ first: 2, after: last })).pageInfo).toMatchObject({
    hasPreviousPage: true,
    hasNextPage: false,
    startCursor: null,
    endCursor: null,
  });
  expect((await recipients({ last: 2, before: first })).pageInfo).toMatchObject({
    hasPreviousPage: false,
    hasNextPage: true,
  });
  // A cursor before everything: a row that is gone.
  const gone = Buffer.from(JSON.stringify(['00000000-0000-7000-8000-000000000000'])).toString('base64');
  expect((await recipients({ first: 1, after: gone })).pageInfo).toMatchObject({
    hasPreviousPage: false,
    hasNextPage: true,
  });
});

test.each([
  ['first and last', { first: 1, last: 1 }],
  ['after and before', { after: 'WyJ4Il0=', before: 'WyJ4Il0=' }],
  ['first and before', { first: 1, before: 'WyJ4Il0=' }],
  ['last and after', { last: 1, after: 'WyJ4Il0=' }],
])('%s together are refused with what to do', async (_which, args) => {
  const text = `query P($first: Int, $after: String, $last: Int, $before: String) {
    recipients(first: $first, after: $after, last: $last, before: $before) { nodes { id } } }`;
  const { errors } = await hub.ask(text, CALLER, { variables: args });
  expect(errors).toMatchObject([
    { message: 'recipients: page forward with first and after, or backward with last and before, not both' },
  ]);
});

test.each(['first: 0', 'first: 1001', 'last: 0', 'last: 1001', 'last: -1'])('a page of %s is refused', async (size) => {
  const { errors } = await hub.ask(`{ recipients(${size}) { totalCount } }`, CALLER);
  expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', message: expect.stringContaining('from 1 to 1000') }]);
});

test('a size or cursor that is null is one that was left out', async () => {
  expect(idsOf(await recipients({ first: null, after: null, last: null, before: null }))).toEqual(ids);
  expect(idsOf(await recipients({ first: null, last: 2 }))).toEqual(ids.slice(-2));
});

test('connections below rows page by arguments and cursors of their own', async () => {
  const text = `query P($after: String, $before: String) { recipients { nodes { person { id
      newest: aidGrants(first: 2, after: $after) { nodes { decidedOn } ${PAGE_INFO} }
      oldest: aidGrants(last: 2, before: $before) { nodes { decidedOn } ${PAGE_INFO} totalCount }
    } } } }`;
  type Grants = Page & { nodes: { decidedOn: string }[]; totalCount: number };
  type Answer = { nodes: { person: { id: string; newest: Grants; oldest: Grants } }[] };
  const at = (data: Record<string, unknown>) => (data['recipients'] as Answer).nodes.at(-1)!.person;
  const days = ({ nodes }: Grants): string[] => nodes.map(({ decidedOn }) => decidedOn.slice(-1));
  const first = at(await ask(text));
  expect([days(first.newest), days(first.oldest), first.oldest.totalCount]).toEqual([['6', '5'], ['2', '1'], 6]);
  const second = at(
    await ask(text, { after: first.newest.pageInfo.endCursor, before: first.oldest.pageInfo.startCursor }),
  );
  expect([days(second.newest), days(second.oldest)]).toEqual([
    ['4', '3'],
    ['4', '3'],
  ]);
  expect(second.newest.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
});

test('what a page is not asked for is not read: no rows for a count, no count and no row more for rows', async () => {
  hub.entries.length = 0;
  expect(await ask('{ recipients { totalCount } }')).toEqual({ recipients: { totalCount: RECIPIENTS } });
  expect(hub.entries[0]).toMatchObject({ persons: [], coordinates: [['RecipientConnection.totalCount']] });
});

test.each([
  ['startCursor', () => [persons[0]]],
  ['endCursor', () => [persons.at(-1)]],
  ['startCursor endCursor', () => [persons[0], persons.at(-1)]],
  ['hasNextPage hasPreviousPage', () => []],
])('a page that tells no more than %s has told of the persons whose rows its cursors hold', async (fields, told) => {
  hub.entries.length = 0;
  await ask(`{ recipients { pageInfo { ${fields} } } }`);
  const [entry] = hub.entries;
  expect(new Set(entry?.persons.map(({ id }) => id))).toEqual(new Set(told()));
  expect(entry?.coordinates.flat()).toEqual(told().length === 0 ? [] : ['Recipient.id']);
});

test.each([
  ['VALID_FROM_ASC', 1],
  ['VALID_FROM_DESC', -1],
])('a list in the order %s pages like any other, ties by id the same way', async (orderBy, sign) => {
  const { rows } = await database.owner.query<{ id: string }>(
    `select id from recipient order by valid_from ${sign < 0 ? 'desc, id desc' : ', id'}`,
  );
  const text = `query P($orderBy: RecipientOrder, $first: Int, $after: String, $last: Int, $before: String) {
    recipients(orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id } } ${PAGE_INFO} } }`;
  const page = async (args: Record<string, unknown>) => (await ask(text, { orderBy, ...args }))['recipients'] as Page;
  const forward: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { pageInfo, ...found } = await page({ first: 2, after });
    forward.push(...idsOf({ pageInfo, ...found }));
    ({ hasNextPage: more, endCursor: after } = pageInfo);
  }
  expect(forward).toEqual(rows.map(({ id }) => id));
  const { startCursor } = (await page({ last: 3 })).pageInfo;
  expect(idsOf(await page({ last: 3, before: startCursor }))).toEqual(forward.slice(-6, -3));
});

test('grants go by the day of the decision or of the report, either way, with cursors that keep microseconds', async () => {
  await database.owner.query(
    `update aid_grant set reported_at = '2026-10-01T00:00:00Z'::timestamptz + make_interval(secs => (10 - extract(day from decided_on)::int) / 1000000.0) where person_id = $1`,
    [persons.at(-1)],
  );
  const text = `query G($id: ID!, $orderBy: AidGrantOrder, $after: String) { person(id: $id) {
    aidGrants(first: 2, orderBy: $orderBy, after: $after) { nodes { decidedOn } ${PAGE_INFO} } } }`;
  const days = async (orderBy: string | null): Promise<string> => {
    const found: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const data = await ask(text, { id: persons.at(-1), orderBy, after });
      const { aidGrants } = data['person'] as { aidGrants: Page & { nodes: { decidedOn: string }[] } };
      found.push(...aidGrants.nodes.map(({ decidedOn }) => decidedOn.slice(-1)));
      ({ hasNextPage: more, endCursor: after } = aidGrants.pageInfo);
    }
    return found.join('');
  };
  expect(await days(null)).toBe('654321');
  expect(await days('DECIDED_ON_ASC')).toBe('123456');
  expect(await days('REPORTED_AT_ASC')).toBe('654321');
  expect(await days('REPORTED_AT_DESC')).toBe('123456');
});

test('a cursor of one order is refused under another, with what to do', async () => {
  const cursorIn = async (orderBy: string): Promise<unknown> => {
    const { recipients: page } = await ask(`{ recipients(first: 2${orderBy}) { pageInfo { endCursor } } }`);
    return (page as Page).pageInfo.endCursor;
  };
  const orders = ['', ', orderBy: VALID_FROM_ASC', ', orderBy: VALID_FROM_DESC'];
  for (const made of orders) {
    const cursor = await cursorIn(made);
    for (const used of orders) {
      const text = `query P($after: String) { recipients(first: 2, after: $after${used}) { nodes { id } } }`;
      const { errors } = await hub.ask(text, CALLER, { variables: { after: cursor } });
      expect([made, used, errors.map(({ code }) => code)]).toEqual([
        made,
        used,
        made === used ? [] : ['BAD_USER_INPUT'],
      ]);
      for (const { message } of errors)
        expect(message).toContain('take startCursor or endCursor of a page in the same order');
    }
  }
});

test.each<[string, Decision]>([
  ['denied', { kind: 'deny', reason: 'not shared', owner: 'CIVIL_AFFAIRS' }],
  ['masked', { kind: 'mask', mask: (value) => value }],
  ['narrower than its row', { kind: 'full', scope: { kind: 'case', predicate: () => raw('false') } }],
])('a field that is %s orders nothing, and the refusal names the order as it was written', (_how, decision) => {
  const policy = open({
    field: (_profile, coordinate) => (coordinate === 'Recipient.validFrom' ? decision : { kind: 'full' }),
  });
  const planned = (orderBy: string) =>
    plan(hub.graph, `{ recipients${orderBy} { nodes { id } } }`, { policy, onDenied: 'null' }).plan;
  expect(planned('').nodes).toHaveLength(1);
  for (const order of ['VALID_FROM_ASC', 'VALID_FROM_DESC'])
    expect(() => planned(`(orderBy: ${order})`)).toThrow(`Denied: RecipientOrder.${order}`);
});
