/** Connections as Relay's specification has them: both directions, at the root and below rows. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
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
