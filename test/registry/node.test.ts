/** Rows by their ids, of whatever noun, and what all departments recorded about a person: interfaces under the policy. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isInterfaceType,
  isLeafType,
  getNamedType,
  isObjectType,
  validateSchema,
} from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import type { Bound } from '../../src/access/index.ts';
import { newId } from '../../src/platform/id.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { Asking, TestEngine } from '../harness/engine.ts';
import { DEPARTMENT_ROWS } from './department-rows.ts';
import { rowsIn } from './rows.ts';

const CASE = 'T-1';
const civilAffairs = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: CASE });
const education = callerOf('EDUCATION', 'SYSTEM', { caseNo: CASE });
const housing = callerOf('HOUSING', 'SYSTEM', { caseNo: CASE });

let database: TestDatabase;
let hub: TestEngine;
/** Id by type. */
let family: Record<string, string>;
/** Somebody in another province, in nobody's case. */
let stranger: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase();
  hub = await openEngine(database);
  family = await aPerson({ inCases: true });
  stranger = await aPerson({ province_code: '350000000000' });
});
afterAll(() => database.drop());

/** Of the first kind of record that is installed there are two. */
const OLDER = DEPARTMENT_ROWS.slice(0, 1);
const RECORD_TYPES = DEPARTMENT_ROWS.map(([type]) => type);

/** A person with one row in every noun. */
async function aPerson({ inCases = false, ...place }: { inCases?: boolean } & Record<string, unknown>) {
  const rows = rowsIn(database.owner);
  const Person = await rows.person(place);
  const Household = await rows.household({ head_person_id: Person, ...place });
  const of = { person_id: Person, household_id: Household };
  const Membership = await rows.membership(of);
  const Enrolment = await rows.enrolment({ household_id: Household, applicant_id: Person, ...place });
  const source = { source_system: 'test', recorded_at: '2026-09-01T00:00:00Z' };
  const delivered = (key: string, day: string) => ({
    person_id: Person,
    ...source,
    source_key: `${Person}/${key}`,
    as_of: `2026-09-${day}T00:00:00Z`,
  });
  const EnrolmentEvent = await rows.insert('enrolment_event', {
    ...source,
    source_key: Person,
    as_of: '2026-09-01T00:00:00Z',
    enrolment_id: Enrolment,
    kind: 'NEW',
    effective_on: '2026-01-01',
  });
  const Recipient = await rows.recipient({ enrolment_id: Enrolment, ...of, ...place });
  const AidGrant = await rows.grant({ ...of, ...place });
  const records: Record<string, string> = {};
  for (const [index, [type, table, values]] of DEPARTMENT_ROWS.entries())
    records[type] = await rows.insert(table, {
      ...delivered(type, String(index + 2).padStart(2, '0')),
      ...values,
      ...('province_code' in values ? place : {}),
    });
  // Another one of a kind, older than all of these.
  for (const [, table, values] of OLDER) await rows.insert(table, { ...delivered('2', '01'), ...values });
  for (const department of inCases ? ['EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR'] : []) {
    await rows.insert('caseload', { department, ...of, case_no: CASE, opened_on: '2026-01-01' });
  }
  return {
    ...{ Person, Household, Membership, Enrolment, EnrolmentEvent, Recipient, AidGrant },
    ...records,
  };
}

async function ask(text: string, caller: Bound, asking: Asking = {}): Promise<Record<string, unknown>> {
  const { data, errors } = await hub.ask(text, caller, asking);
  expect(errors).toEqual([]);
  return data as Record<string, unknown>;
}

/** Whether rows of a type are open to a system, as its agreement says: the matrix itself is the oracle's business. */
const isOpenTo =
  (agreement: string) =>
  (type: string): boolean => {
    const { rows } = JSON.parse(readFileSync(`schema/policy/agreements/${agreement}.json`, 'utf8')) as {
      rows: Readonly<Record<string, string>>;
    };
    return rows[type] !== undefined;
  };

const NODES = 'query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

/** What governs the records and tells of their use is no record itself: it is read by lists of its own. */
const NO_RECORDS = new Set([
  ...['SharingAgreement', 'PolicyChange', 'AccessRequest', 'AccessRequestAnswer', 'AccessRequestGroup'],
  ...['EmergencyAccess', 'Notice', 'Revocation', 'Access', 'Reliance'],
  ...['Delivery', 'DeliveryFinding', 'MatchReview', 'MatchCandidate', 'RegistryConflict'],
  ...['Correction', 'Recall', 'RecallProgress'],
]);

test('every noun that a table backs and an id names is a Node, but for those that govern', () => {
  const nodes = hub.schema.getType('Node');
  if (!isInterfaceType(nodes)) throw new Error('There is no interface Node');
  const named = [...hub.graph.nouns.values()].filter(
    ({ name, table, fields }) => table !== undefined && fields.has('id') && !NO_RECORDS.has(name),
  );
  expect(
    hub.schema
      .getPossibleTypes(nodes)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(named.map(({ name }) => name).sort());
  expect(Object.keys(family).sort()).toEqual(named.map(({ name }) => name).sort());
});

test('any id finds its row, and a list of ids finds theirs in its order', async () => {
  const found = await ask(NODES, civilAffairs, { variables: { ids: Object.values(family).reverse() } });
  expect(found['nodes']).toEqual(
    Object.entries(family)
      .map(([__typename, id]) => ({ __typename, id }))
      .reverse(),
  );
  for (const [__typename, id] of Object.entries(family)) {
    expect(
      await ask('query N($id: ID!) { node(id: $id) { id __typename } }', civilAffairs, { variables: { id } }),
    ).toEqual({ node: { id, __typename } });
  }
});

test.each([
  'Person',
  'Household',
  'Membership',
  'Enrolment',
  'EnrolmentEvent',
  'Recipient',
  'AidGrant',
  ...DEPARTMENT_ROWS.map(([type]) => type).filter(isOpenTo('civil-affairs-system')),
])('a %s that is found by its id is on record as told of its person or household', async (type) => {
  hub.entries.length = 0;
  await ask('query N($id: ID!) { node(id: $id) { id } }', civilAffairs, { variables: { id: family[type] } });
  const [entry] = hub.entries;
  const subjects = [...(entry?.persons ?? []), ...(entry?.households ?? [])].map(({ id }) => id);
  expect(subjects.length).toBeGreaterThan(0);
  expect([family['Person'], family['Household']]).toEqual(expect.arrayContaining(subjects));
});

test('one id is a list of one, and a list of none has no items', async () => {
  expect(await ask(NODES, civilAffairs, { variables: { ids: family['Person'] } })).toMatchObject({ nodes: [{}] });
  expect(await ask(NODES, civilAffairs, { variables: { ids: [] } })).toEqual({ nodes: [] });
});

test('what is out of scope, not there, or no id at all is null, one like the other', async () => {
  // A grant is open to the department that gave it, wherever its person lives.
  const hidden = Object.entries(stranger).flatMap(([type, id]) => (type === 'AidGrant' ? [] : [id]));
  const ids = [newId(), 'nobody', family['Person'], ...hidden, family['Person']];
  const person = { __typename: 'Person', id: family['Person'] };
  for (const caller of [civilAffairs, education]) {
    hub.entries.length = 0;
    expect((await ask(NODES, caller, { variables: { ids } }))['nodes']).toEqual([
      null,
      null,
      person,
      ...hidden.map(() => null),
      person,
    ]);
    const [entry] = hub.entries;
    expect([...new Set(entry?.persons.map(({ id }) => id))]).toEqual([family['Person']]);
  }
});

test('whoever reads by caseload names a case of its own also for a node', async () => {
  const { errors } = await hub.ask(NODES, { ...education, caseNo: 'T-2' }, { variables: { ids: [family['Person']] } });
  expect(errors).toMatchObject([{ code: 'CASE_NOT_IN_CASELOAD' }]);
});

test('more than a hundred ids are refused with what to do', async () => {
  const ids = Array.from({ length: 101 }, () => newId());
  const { errors } = await hub.ask(NODES, civilAffairs, { variables: { ids } });
  expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', message: expect.stringContaining('at most 100') }]);
});

/** A field of a type that no interface has, and a selection of it. */
function ownField(name: string): { readonly coordinate: string; readonly selection: string } {
  const type = hub.schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  const shared = new Set(type.getInterfaces().flatMap((one) => Object.keys(one.getFields())));
  const own = Object.values(type.getFields()).find(
    (one) => !shared.has(one.name) && isLeafType(getNamedType(one.type)),
  );
  if (own === undefined) throw new Error(`${name} has nothing of its own`);
  return { coordinate: `${name}.${own.name}`, selection: `... on ${name} { ${own.name} }` };
}

const isOpenToEducation = isOpenTo('education');

test.each(RECORD_TYPES.filter((type) => !isOpenToEducation(type)))(
  'a %s, which is not open, has no rows behind an interface, and is refused by name once it is written',
  async (type) => {
    const id = family[type];
    const { coordinate, selection } = ownField(type);
    const own = `query N($id: ID!) { node(id: $id) { id ${selection} } }`;
    expect(await ask('query N($id: ID!) { node(id: $id) { id } }', education, { variables: { id } })).toEqual({
      node: null,
    });
    const refused = await hub.ask(own, education, { variables: { id } });
    expect(refused.errors).toMatchObject([{ code: 'FIELD_DENIED', extensions: { denied: [{ coordinate }] } }]);
    const sameId = await hub.ask(`query N($id: ID!) { node(id: $id) { ... on ${type} { id } } }`, education, {
      variables: { id },
    });
    expect(sameId.errors).toMatchObject([{ extensions: { denied: [{ coordinate: `${type}.id` }] } }]);
    const nulled = await hub.ask(own, education, { variables: { id }, onDenied: 'null' });
    expect(nulled.data).toEqual({ node: null });
    expect(nulled.errors).toMatchObject([{ extensions: { denied: [{ coordinate }] } }]);
  },
);

test('only what the selection names is looked up', async () => {
  hub.entries.length = 0;
  const text = 'query N($id: ID!) { node(id: $id) { ... on Person { id } } }';
  expect(await ask(text, civilAffairs, { variables: { id: family['Household'] } })).toEqual({ node: null });
  expect(hub.entries[0]?.coordinates).toEqual([['Person.id']]);
});

const RECORDS =
  'query R($id: ID!, $first: Int! = 100) { person(id: $id) { records(first: $first) { __typename id asOf } } }';

async function recordsOf(caller: Bound, variables: Record<string, unknown>): Promise<string[]> {
  const { person } = await ask(RECORDS, caller, { variables });
  return (person as { records: { __typename: string }[] }).records.map(({ __typename }) => __typename);
}

const newest = (agreement: string): readonly string[] =>
  [...RECORD_TYPES]
    .reverse()
    .concat(OLDER.map(([type]) => type))
    .filter(isOpenTo(agreement));
const SYSTEMS = [
  ['civil-affairs-system', civilAffairs],
  ['education', education],
  ['health', callerOf('HEALTH', 'SYSTEM', { caseNo: CASE })],
  ['medical-security', callerOf('MEDICAL_SECURITY', 'SYSTEM', { caseNo: CASE })],
  ['housing', housing],
  ['labour', callerOf('LABOUR', 'SYSTEM', { caseNo: CASE })],
] as const;

test.each(SYSTEMS)(
  'records of a person are those of all departments, newest first, as far as they are open to %s',
  async (agreement, caller) => {
    const id = family['Person'];
    const open = newest(agreement);
    if (open.length > 0) {
      expect(await recordsOf(caller, { id })).toEqual(open);
      expect(await recordsOf(caller, { id, first: 3 })).toEqual(open.slice(0, 3));
      return;
    }
    // No kind that is installed is open to it: then the list itself is refused.
    const { data, errors } = await hub.ask(RECORDS, caller, { variables: { id } });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { denied: [{ coordinate: 'Person.records' }] } }]);
  },
);

test('a record of which nothing is asked is an empty object, as in any list', async () => {
  const [[first] = ['']] = OLDER;
  const { selection } = ownField(first);
  const text = `query R($id: ID!) { person(id: $id) { records { ${selection} } } }`;
  const { person } = await ask(text, civilAffairs, { variables: { id: family['Person'] } });
  const { records } = person as { records: readonly object[] };
  const asked = newest('civil-affairs-system').map((type) => (type === first ? 1 : 0));
  expect(records.map((record) => Object.keys(record).length)).toEqual(asked);
});

test('introspection shows an interface as far as every type behind it shows it, and no type that is closed', async () => {
  const text = `query N($id: ID!) { node(id: $id) { id }
    type: __type(name: "DepartmentRecord") { fields { name } possibleTypes { name } } }`;
  for (const [agreement, caller] of SYSTEMS) {
    const open = RECORD_TYPES.filter(isOpenTo(agreement));
    const { data, errors } = await hub.ask(text, caller, { variables: { id: family['Person'] } });
    expect(errors).toEqual([]);
    const { node, type } = data as {
      node: unknown;
      type: { fields: unknown; possibleTypes: readonly { name: string }[] } | null;
    };
    expect(node).toEqual({ id: family['Person'] });
    expect((type?.possibleTypes ?? []).map(({ name }) => name).sort()).toEqual([...open].sort());
    if (open.length > 0)
      expect(type?.fields).toEqual(
        expect.arrayContaining([{ name: 'id' }, { name: 'asOf' }, { name: 'sourceSystem' }]),
      );
  }
});

test.each([
  ...(['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR'] as const).map(
    (department) => [department, 'SYSTEM'] as const,
  ),
  ['CIVIL_AFFAIRS', 'ANALYST'] as const,
  ['CIVIL_AFFAIRS', 'WINDOW'] as const,
  ['AUDIT', 'AUDITOR'] as const,
])('what introspection shows to %s/%s is a whole and valid schema', async (department, role) => {
  const { data, errors } = await hub.ask(getIntrospectionQuery(), callerOf(department, role));
  expect(errors).toEqual([]);
  const seen = buildClientSchema(data as IntrospectionQuery);
  expect(validateSchema(seen)).toEqual([]);
  expect(seen.getQueryType()?.getFields()).toHaveProperty('node');
});
