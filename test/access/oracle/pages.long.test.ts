/** Pages of a list hold every row in scope once and no other, whatever their size, and say when they end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Bound, Department, Purpose, Role } from '../../../src/access/index.ts';
import { expected } from './oracle.ts';
import { ofData, openReading } from './reading.ts';
import type { Reading } from './reading.ts';

const SEED = 20261122;

let reading: Reading;
beforeAll(async () => {
  reading = await openReading(SEED);
});
afterAll(() => reading.database.drop());

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const PAGE = '{ nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor } }';

/** All ids of a list, page by page; `at` finds the list in the answer. */
async function walk(query: string, id: string, size: number, caller: Bound, at: (data: unknown) => Page | undefined) {
  const ids: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data, errors } = await reading.hub.ask(query, caller, { variables: { id, first: size, after } });
    expect(errors).toEqual([]);
    const page = at(data);
    if (page === undefined) return [];
    expect(page.nodes.length).toBeLessThanOrEqual(size);
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    // A page that has a next one is full, and the next one is not empty.
    if (after !== null || page.pageInfo.hasNextPage) expect(page.nodes.length).toBeGreaterThan(0);
    ids.push(...page.nodes.map((node) => node.id));
    ({ hasNextPage: more, endCursor: after } = page.pageInfo);
  }
  return ids;
}

function callers(): fc.Arbitrary<Bound> {
  const { choices } = reading;
  const agreements = ofData(reading.agreements);
  return fc
    .record({
      agreement: fc.constantFrom(...agreements),
      regions: fc.uniqueArray(fc.constantFrom(...choices.regions), { minLength: 1, maxLength: 3 }),
      caseNo: fc.constantFrom('CASE-1', 'CASE-2'),
    })
    .map(({ agreement, regions, caseNo }) => ({
      client: 'pages.test',
      department: agreement.department as Department,
      role: agreement.role as Role,
      regions,
      purposes: agreement.purposes as readonly Purpose[],
      purpose: agreement.purposes[0] as Purpose,
      tokenId: 'test',
      caseNo,
    }));
}

const size = fc.integer({ min: 1, max: 7 });

const wholeOf = (text: string, asker: Bound): unknown =>
  expected(reading.schema, reading.agreements, reading.world, { text, asker }).data;

test('of the recipients of any caller', async () => {
  const query = `query($first: Int!, $after: String) { recipients(first: $first, after: $after) ${PAGE} }`;
  let rows = 0;
  const property = fc.asyncProperty(callers(), size, async (caller, first) => {
    const ids = await walk(query, '', first, caller, (data) => (data as { recipients: Page }).recipients);
    const whole = wholeOf('{ recipients(first: 500) { nodes { id } } }', caller) as { recipients: Page };
    expect([...ids].sort()).toEqual(whole.recipients.nodes.map(({ id }) => id).sort());
    rows += ids.length;
  });
  await fc.assert(property, { seed: SEED, numRuns: 60, endOnFailure: true });
  expect(rows).toBeGreaterThan(100);
});

test('of the aid of any person, newest first, with many grants on one day', async () => {
  const query = `query($id: ID!, $first: Int!, $after: String) { person(id: $id) { aidGrants(first: $first, after: $after, withSuperseded: true) ${PAGE} } }`;
  let rows = 0;
  const property = fc.asyncProperty(
    callers().filter(({ role }) => role !== 'AUDITOR'), // sees the days of grants in the case alone, so they order nothing
    fc.constantFrom(...(reading.world.tables['person'] ?? []).map(({ id }) => String(id))),
    size,
    async (caller, id, first) => {
      type Answer = { person: { aidGrants: Page } | null };
      const ids = await walk(query, id, first, caller, (data) => (data as Answer).person?.aidGrants);
      const text = `{ person(id: "${id}") { aidGrants(first: 500, withSuperseded: true) { nodes { id } } } }`;
      const whole = (wholeOf(text, caller) as Answer).person?.aidGrants.nodes ?? [];
      expect(ids).toEqual(whole.map((node) => node.id));
      rows += ids.length;
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 150, endOnFailure: true });
  expect(rows).toBeGreaterThan(20);
});
