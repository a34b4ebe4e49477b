/** Attacks on fields that a caller may not have: whatever the form of the operation, nothing of them leaves the hub. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import type { Bound } from '../../../src/access/index.ts';
import type { HttpAnswer } from '../../harness/hub.ts';
import { isInstalled } from '../../harness/installed.ts';
import { CALLERS, CLOSED, SECRETS, openNeighbours, publishAmended } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';
import { deniedOf, isRefused as isRefusedIn } from './refusing.ts';

const { education, health, housing, analyst, window, auditor } = CALLERS;

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

const ask = (query: string, caller: Bound, onDenied?: 'null'): Promise<HttpAnswer> =>
  world.hub.ask(query, caller, onDenied === undefined ? {} : { headers: { 'hub-on-denied': onDenied } });

const isRefused = (query: string, caller: Bound, ...coordinates: string[]): Promise<void> =>
  isRefusedIn(world, query, caller, ...coordinates);

describe('a denied field is refused', () => {
  let person: string;
  let household: string;
  beforeEach(() => {
    person = `person(id: "${world.known.personId}")`;
    household = `household(id: "${world.known.householdId}")`;
  });

  test('under an alias, also under the name of a field that is open', async () => {
    await isRefused(`{ ${person} { name: ethnicity } }`, education, 'Person.ethnicity');
    await isRefused(`{ ${person} { id _1: ethnicity } }`, housing, 'Person.ethnicity');
    await isRefused(`{ name: ${person} { id: ethnicity } }`, window, 'Person.ethnicity');
  });

  test('in a fragment, in an inline fragment with and without a type, and in fragments of fragments', async () => {
    await isRefused(`{ ${person} { ...on Person { ethnicity } } }`, education, 'Person.ethnicity');
    await isRefused(`{ ${person} { ... { ethnicity } } }`, education, 'Person.ethnicity');
    await isRefused(
      `{ ${person} { id ...A } } fragment A on Person { name ...B } fragment B on Person { ethnicity }`,
      education,
      'Person.ethnicity',
    );
    await isRefused(`{ ...Q } fragment Q on Query { ${person} { ethnicity } }`, education, 'Person.ethnicity');
  });

  test('in a fragment that is named like introspection or like what every object has', async () => {
    for (const name of ['__schema', '__type', '__typename', '__proto__', 'constructor', 'toString']) {
      await isRefused(
        `{ ${person} { ...${name} } } fragment ${name} on Person { ethnicity }`,
        education,
        'Person.ethnicity',
      );
    }
  });

  test('where two selections of one relation are merged, and only the second one holds it', async () => {
    await isRefused(
      `{ recipients { nodes { person { id } } nodes { person { ethnicity } } edges { node { person { idNumber } } } } }`,
      education,
      'Person.ethnicity',
    );
  });

  test('behind @include(if: true) and @skip(if: false), as literals and as variables', async () => {
    await isRefused(`{ ${person} { id ethnicity @include(if: true) } }`, education, 'Person.ethnicity');
    await isRefused(`{ ${person} { id ... @skip(if: false) { ethnicity } } }`, education, 'Person.ethnicity');
    const text = `query($on: Boolean!) { ${person} { id ethnicity @include(if: $on) } }`;
    const left = await world.hub.ask(text, education, { variables: { on: false } });
    expect(left.json).toEqual({ data: { person: { id: world.known.personId } } });
    const taken = await world.hub.ask(text, education, { variables: { on: true } });
    expect(deniedOf(taken)).toEqual(['Person.ethnicity']);
  });

  test('at every level below, through each relation that leads there', async () => {
    const into = 'household { monthlyIncome assets head { name } }';
    const all = ['Household.assets', 'Household.head', 'Household.monthlyIncome'];
    await isRefused(`{ recipients { nodes { ${into} } } }`, education, ...all);
    await isRefused(`{ ${person} { recipientOf { ${into} } } }`, education, ...all);
    await isRefused(`{ ${person} { recipientOf { enrolment { ${into} } } } }`, education, ...all);
    await isRefused(`{ ${person} { aidGrants { nodes { ${into} } } } }`, education, ...all);
    await isRefused(`{ ${household} { aidGrants { edges { node { ${into} } } } } }`, education, ...all);
  });

  test('together with every other one that the caller wrote, below a denied relation too', async () => {
    await isRefused(
      `{ ${person} { ${CLOSED.relation} { ${CLOSED.value} ${CLOSED.other} } ethnicity memberships { household { aidGrants { nodes { amount household { assets } } } } } } }`,
      education,
      'Household.assets',
      `${CLOSED.type}.${CLOSED.value}`,
      `${CLOSED.type}.${CLOSED.other}`,
      'Membership.household',
      'Person.ethnicity',
      `Person.${CLOSED.relation}`,
      'Person.memberships',
    );
  });

  test('of other departments: an income to all but audit', async () => {
    for (const caller of [education, health, housing, CALLERS.labour, CALLERS.medicalSecurity])
      await isRefused(`{ ${household} { monthlyIncome } }`, caller, 'Household.monthlyIncome');
  });

  test('beside introspection, which runs on another engine', async () => {
    await isRefused(`{ __schema { queryType { name } } ${person} { ethnicity } }`, education, 'Person.ethnicity');
    const mixed = await ask(
      `{ __type(name: "Person") { name } ${person} { x: idNumber ethnicity } }`,
      education,
      'null',
    );
    expect(mixed.json.data).toEqual({
      __type: { name: 'Person' },
      person: { x: expect.stringMatching(/^\*{14}/), ethnicity: null },
    });
  });

  test('computed fields included: the identity number of a person is no column', async () => {
    await isRefused(`{ ${person} { a: idNumber } }`, analyst, 'Person.idNumber');
  });
});

describe('behind an interface', () => {
  // Somebody with records of its own kind, of which the person has none.
  const other = isInstalled('HousingRecord') ? housing : CALLERS.labour;
  const node = (selection: string): string => `{ node(id: "${world.known.personId}") ${selection} }`;

  test('a field is denied for its type, in whatever fragment it stands', async () => {
    await isRefused(node('{ ... on Person { ethnicity } }'), education, 'Person.ethnicity');
    await isRefused(node('{ ... on Node { ... on Person { x: ethnicity } } }'), education, 'Person.ethnicity');
    await isRefused(
      `${node('{ ...A }')} fragment A on Node { id ...B } fragment B on Person { ethnicity }`,
      education,
      'Person.ethnicity',
    );
    await isRefused(
      `{ nodes(ids: ["${world.known.personId}"]) { id ... on Household { monthlyIncome } } }`,
      education,
      'Household.monthlyIncome',
    );
  });

  test('a field of a type that is closed is denied by its name, one of the interface in a fragment on that type too', async () => {
    const records = (selection: string) => `{ person(id: "${world.known.personId}") { records ${selection} } }`;
    const { type, value } = CLOSED;
    await isRefused(records(`{ ... on ${type} { ${value} } }`), education, `${type}.${value}`);
    await isRefused(records(`{ ... on ${type} { id } }`), education, `${type}.id`);
    await isRefused(
      records(`{ asOf ... on DepartmentRecord { ... on ${type} { when: asOf } } }`),
      other,
      `${type}.asOf`,
    );
  });

  test('what a type that is closed has in common with the others tells nothing of its rows, and nothing of their number', async () => {
    const text = `{ person(id: "${world.known.personId}") { records { __typename id sourceSystem } } }`;
    const { json } = await ask(text, education);
    const records = (json.data?.['person'] as { records: { __typename: string }[] }).records;
    expect(records.map(({ __typename }) => __typename)).toEqual(['StudentRecord'].filter(isInstalled));
    expect((await ask(text, other)).json.data).toEqual({ person: { records: [] } });
  });

  test('a mask stays on, under an alias of the name that another type has in full', async () => {
    const { json } = await ask(
      node('{ ... on Person { name: phone } ... on AidGrant { name: fundSource } }'),
      education,
    );
    expect(json.data).toEqual({ node: { name: '139****1234' } });
  });
});

describe('with Hub-On-Denied: null a denied field', () => {
  test('is null under every alias, with one error for the coordinate and none for each row', async () => {
    const answer = await ask(
      '{ recipients { nodes { person { a: ethnicity b: ethnicity } } edges { node { person { ethnicity } } } } }',
      education,
      'null',
    );
    expect(deniedOf(answer)).toEqual(['Person.ethnicity']);
    expect(answer.json.data).toEqual({
      recipients: { nodes: [{ person: { a: null, b: null } }], edges: [{ node: { person: { ethnicity: null } } }] },
    });
  });

  test('takes everything below it along, and leaves what stands beside it', async () => {
    const answer = await ask(
      `{ person(id: "${world.known.personId}") { id ${CLOSED.relation} { ${CLOSED.value} id } } }`,
      education,
      'null',
    );
    expect(answer.json.data).toEqual({ person: { id: world.known.personId, [CLOSED.relation]: null } });
    expect(deniedOf(answer)).toEqual([`Person.${CLOSED.relation}`]);
    expect(answer.text).not.toContain(SECRETS.diagnosis);
  });

  test('still refuses where the field would choose the rows', async () => {
    const answer = await ask('{ recipients(filter: { region: "620102001" }) { totalCount } }', education, 'null');
    expect(answer.json.data ?? null).toBeNull();
    expect(deniedOf(answer)).toEqual(['RecipientFilter.region']);
  });
});

describe('a field that a caller sees in part or not at all tells nothing', () => {
  test('as a filter, in a variable as in a literal', async () => {
    await isRefused(
      '{ recipients(filter: { region: "620102001" }) { nodes { id } } }',
      education,
      'RecipientFilter.region',
    );
    const answer = await world.hub.ask(
      'query($f: RecipientFilter) { recipients(filter: $f) { nodes { id } } }',
      education,
      { variables: { f: { region: '620102001000' } } },
    );
    expect(deniedOf(answer)).toEqual(['RecipientFilter.region']);
  });

  test('as a filter of a count', async () => {
    await isRefused(
      '{ recipients(filter: { region: "620102001" }) { totalCount } }',
      education,
      'RecipientFilter.region',
    );
  });

  test('as an order: days that are shared in one case alone order nothing on the rows of all cases', async () => {
    await publishAmended(world.database, 'audit', ({ rows }) => void (rows['Membership'] = 'everything'));
    await isRefused(
      `{ household(id: "${world.stranger.householdId}") { members { id } } }`,
      auditor,
      'Membership.validFrom',
    );
    await isRefused(
      `{ person(id: "${world.stranger.personId}") { memberships(validOn: "2026-01-01") { id } } }`,
      auditor,
      'Membership.validFrom',
      'Person.memberships(validOn:)',
    );
    await publishAmended(world.database, 'audit', () => undefined);
  });

  test('as an order that the caller chooses, by the name of that order', async () => {
    await publishAmended(world.database, 'audit', ({ rows }) => void (rows['AidGrant'] = 'everything'));
    const grants = (orderBy: string): string =>
      `{ person(id: "${world.stranger.personId}") { aidGrants(orderBy: ${orderBy}) { pageInfo { hasNextPage } } } }`;
    for (const order of ['REPORTED_AT_ASC', 'REPORTED_AT_DESC', 'DECIDED_ON_ASC']) {
      const answer = await ask(grants(order), auditor);
      expect([order, deniedOf(answer)]).toEqual([order, expect.arrayContaining([`AidGrantOrder.${order}`])]);
      expect(answer.json.data ?? null).toBeNull();
    }
    await publishAmended(world.database, 'audit', () => undefined);
    const asVariable = await world.hub.ask(
      'query($o: RecipientOrder) { recipients(orderBy: $o) { nodes { id } } }',
      education,
      { variables: { o: 'VALID_FROM_DESC' } },
    );
    expect(asVariable.json.data).toEqual({ recipients: { nodes: [{ id: world.known.recipientId }] } });
  });

  test('as a cursor: that of a list holds only what orders it', async () => {
    const answer = await ask('{ recipients { edges { cursor node { person { phone } } } } }', education);
    const [edge] = (answer.json.data?.['recipients'] as { edges: { cursor: string; node: unknown }[] }).edges;
    expect(Buffer.from(edge?.cursor ?? '', 'base64').toString()).toBe(JSON.stringify([world.known.recipientId]));
    expect(edge?.node).toEqual({ person: { phone: '139****1234' } });
  });

  test('where the number is too short to be masked', async () => {
    await world.database.owner.query(`update person set phone = '8234567' where id = $1`, [world.known.personId]);
    const answer = await ask(`{ person(id: "${world.known.personId}") { phone } }`, education);
    await world.database.owner.query(`update person set phone = '13900001234' where id = $1`, [world.known.personId]);
    expect(answer.json.data).toEqual({ person: { phone: '****' } });
  });
});

describe('what a caller learns of the schema', () => {
  test('is not told by suggestions: names that are nearly right are refused like any others', async () => {
    const near = await ask(`{ person(id: "${world.known.personId}") { ethnicit } }`, education);
    const far = await ask(`{ person(id: "${world.known.personId}") { zzzzzzzz } }`, education);
    expect(near.text.replace('ethnicit', 'zzzzzzzz')).toBe(far.text);
    for (const query of [
      '{ persn(id: "1") { id } }',
      '{ recipients(filtr: {}) { totalCount } }',
      '{ recipients(filter: { programe: DIBAO }) { totalCount } }',
      '{ recipients(filter: { programme: DIBA }) { totalCount } }',
      '{ person(id: "1") { ... on Persn { id } } }',
      'query($f: RecipientFiltr) { recipients(filter: $f) { totalCount } }',
    ]) {
      const { text, status } = await ask(query, education);
      expect(status).toBe(400);
      expect(text).not.toMatch(/did you mean|DIBAO|"person"|"filter"|"programme"|"Person"|RecipientFilter"\?/i);
    }
  });

  test('does not depend on whether a field is denied to it or to everybody: a refusal names the field and its owner, never who may', async () => {
    const answer = await ask(`{ household(id: "${world.known.householdId}") { monthlyIncome } }`, education);
    expect(answer.json.errors?.[0]?.extensions['denied']).toEqual([
      {
        coordinate: 'Household.monthlyIncome',
        reason: expect.stringContaining('EDUCATION/SYSTEM'),
        owner: 'CIVIL_AFFAIRS',
      },
    ]);
    expect(answer.text).not.toMatch(/AUDITOR|ANALYST|WINDOW|full|masked|everything|caseload|region:/);
  });

  test('is the same refusal for a person in scope, out of scope, and for nobody', async () => {
    const texts = new Set<string>();
    for (const id of [world.known.personId, world.stranger.personId, 'nobody'])
      texts.add((await ask(`{ person(id: "${id}") { ethnicity } }`, education)).text);
    expect(texts.size).toBe(1);
  });

  test.each(Object.entries(CALLERS))('leaves denied fields out of the introspection of %s', async (_name, caller) => {
    const answer = await ask(getIntrospectionQuery(), caller);
    const schema = buildClientSchema((JSON.parse(answer.text) as { data: IntrospectionQuery }).data);
    for (const [type, field] of DENIED) {
      const shown = schema.getType(type);
      const fields = shown !== undefined && 'getFields' in shown ? Object.keys(shown.getFields()) : [];
      const asked = await ask(QUERIES[type]?.(field) ?? '', caller);
      expect([field, fields.includes(field)]).toEqual([field, !deniedOf(asked).includes(`${type}.${field}`)]);
    }
  });

  test('is nothing without a token', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ feedStatus { record } }', '{ __typename }']) {
      const answer = await world.hub.post(JSON.stringify({ query }), { 'content-type': 'application/json' });
      expect(answer.status).toBe(401);
      expect(Object.keys(answer.json)).toEqual(['errors']);
    }
  });
});

/** Fields that at least one caller may not have. */
const DENIED = (
  [
    ['Person', 'ethnicity'],
    ['Person', 'idNumber'],
    ['Person', 'phone'],
    ['Person', 'address'],
    ['Person', 'medicalSettlements'],
    ['Person', 'studentRecords'],
    ['Person', 'memberships'],
    ['Household', 'monthlyIncome'],
    ['Household', 'members'],
    ['Enrolment', 'payeeAccount'],
    ['Enrolment', 'amount'],
  ] as const
).filter(([type, field]) => isInstalled(`${type}.${field}`));

const LEAVES = new Set(['medicalSettlements', 'studentRecords', 'memberships', 'members']);
const selected = (field: string): string => (LEAVES.has(field) ? `${field} { id }` : field);
const QUERIES: Readonly<Record<string, (field: string) => string>> = {
  Person: (field) => `{ person(id: "nobody") { ${selected(field)} } }`,
  Household: (field) => `{ household(id: "nobody") { ${selected(field)} } }`,
  Enrolment: (field) => `{ recipients { nodes { enrolment { ${selected(field)} } } } }`,
};
