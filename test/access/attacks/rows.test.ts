/** Attacks on rows: whoever is out of scope is not found, not counted and not told from nobody, by whatever road. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bound } from '../../../src/access/index.ts';
import { rowsIn } from '../../registry/rows.ts';
import type { HttpAnswer } from '../../harness/hub.ts';
import { CALLERS, TOWNSHIPS, openNeighbours } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

const { education, health, housing, labour, medicalSecurity, civilAffairs, analyst, window, auditor } = CALLERS;

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

const ask = (query: string, caller: Bound, variables?: Record<string, unknown>): Promise<HttpAnswer> =>
  world.hub.ask(query, caller, variables === undefined ? {} : { variables });

/** Everything of an answer that a caller can see. */
const shape = ({ status, headers, text }: HttpAnswer) => ({ status, headers, text });

const NOBODY = '01900000-0000-7000-8000-000000000000';

describe('a row out of scope', () => {
  test.each([
    ['education', education],
    ['health', health],
    ['medical security', medicalSecurity],
    ['housing', housing],
    ['labour', labour],
    ['the window of another township', window],
  ])('is not found by its id for %s: same status, headers and body as for nobody', async (_name, caller) => {
    for (const selection of ['id', 'id name sex recipientOf { id programme } aidGrants { totalCount }']) {
      const of = (id: string) => ask('query($id: ID!) { person(id: $id) { ' + selection + ' } }', caller, { id });
      const nobody = await of(NOBODY);
      expect(nobody.json).toEqual({ data: { person: null } });
      expect(shape(await of(world.stranger.personId))).toEqual(shape(nobody));
      expect(shape(await of('no id at all'))).toEqual(shape(nobody));
      expect((await of(world.known.personId)).json.data).toMatchObject({ person: { id: world.known.personId } });
    }
    const of = (id: string) => ask('query($id: ID!) { household(id: $id) { id memberCount } }', caller, { id });
    expect(shape(await of(world.stranger.householdId))).toEqual(shape(await of(NOBODY)));
    expect((await of(world.known.householdId)).json.data).not.toEqual({ household: null });
  });

  test('is no person where its id is that of a household, and the other way round', async () => {
    const { personId, householdId, recipientId } = world.known;
    for (const id of [householdId, recipientId])
      expect((await ask(`{ person(id: "${id}") { id } }`, civilAffairs)).json).toEqual({ data: { person: null } });
    expect((await ask(`{ household(id: "${personId}") { id } }`, civilAffairs)).json.data).toEqual({ household: null });
  });

  test('leaves an entry like that of nobody: the ledger says that nobody was told of', async () => {
    const entries = async (id: string) => {
      await ask(`query Look { person(id: "${id}") { id } }`, education);
      const { rows } = await world.database.owner.query(
        `select decision, persons, households, coordinates from access_log order by at desc, id desc limit 1`,
      );
      return rows;
    };
    expect(await entries(world.stranger.personId)).toEqual(await entries(NOBODY));
  });

  test('is not reached by way of a row in scope: a household shows its members in the caseload alone', async () => {
    const members = '{ members { person { id name } } }';
    const answer = await ask(`{ household(id: "${world.known.householdId}") ${members} }`, housing);
    expect(answer.json.data).toEqual({
      household: { members: [{ person: { id: world.known.personId, name: world.known.name } }] },
    });
    const all = await ask(`{ household(id: "${world.known.householdId}") ${members} }`, civilAffairs);
    expect((all.json.data?.['household'] as { members: unknown[] }).members).toHaveLength(2);
  });

  test('is null in a to-one relation, also through three of them', async () => {
    const { database, known, distant } = world;
    await database.owner.query('update household set head_person_id = $1 where id = $2', [
      distant.personId,
      known.householdId,
    ]);
    const near = { ...civilAffairs, regions: [TOWNSHIPS.near] };
    const query = `{ person(id: "${known.personId}") { recipientOf { enrolment { household { id head { id name } } } } } }`;
    const { json } = await ask(query, near);
    await database.owner.query('update household set head_person_id = $1 where id = $2', [
      known.personId,
      known.householdId,
    ]);
    expect(json.data).toEqual({
      person: { recipientOf: [{ enrolment: { household: { id: known.householdId, head: null } } }] },
    });
  });

  test('of another department’s aid is not shown to a department that sees its own', async () => {
    const { json } = await ask(
      `{ person(id: "${world.known.personId}") { aidGrants(withSuperseded: true) { totalCount nodes { department } } } }`,
      housing,
    );
    expect(json.data).toEqual({ person: { aidGrants: { totalCount: 1, nodes: [{ department: 'HOUSING' }] } } });
  });

  test('is in no count and on no page', async () => {
    const counted = async (caller: Bound, filter = '') => {
      const { json } = await ask(
        `{ recipients${filter} { totalCount nodes { id } pageInfo { hasNextPage } } }`,
        caller,
      );
      const { totalCount, nodes, pageInfo } = json.data?.['recipients'] as {
        totalCount: number;
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean };
      };
      expect(pageInfo.hasNextPage).toBe(totalCount > nodes.length);
      return totalCount;
    };
    expect(await counted(civilAffairs)).toBe(4);
    expect(await counted(auditor)).toBe(4);
    expect(await counted({ ...civilAffairs, regions: ['620000000000'] })).toBe(3);
    expect(await counted(window)).toBe(2);
    expect(await counted(housing)).toBe(2);
    expect(await counted(education)).toBe(1);
    expect(await counted(education, '(first: 1)')).toBe(1);
    expect(await counted(window, '(filter: { region: "36" })')).toBe(0);
    expect(await counted(window, `(filter: { region: "${TOWNSHIPS.far}" })`)).toBe(0);
  });

  test('stays out of scope for a region that does not exist, a prefix of one, and none that is known', async () => {
    for (const regions of [['620199999000'], ['999999999999'], ['620199999000', '999999999999']]) {
      const { json } = await ask('{ recipients { totalCount } }', { ...civilAffairs, regions });
      expect(json.data).toEqual({ recipients: { totalCount: 0 } });
    }
    const { json } = await ask('{ recipients { totalCount } }', {
      ...civilAffairs,
      regions: [TOWNSHIPS.near, '999999999999'],
    });
    expect(json.data).toEqual({ recipients: { totalCount: 2 } });
  });
});

describe('a case', () => {
  const query = '{ recipients { totalCount } }';
  const codeOf = ({ status, json }: HttpAnswer) => [status, json.errors?.[0]?.extensions['code']];

  test('opens nothing but the status check when it is not in the caseload, whoever else has it', async () => {
    const texts = new Set<string>();
    for (const caseNo of ['HEALTH-1', 'HOUSING-2', 'NOBODY-1', "EDUCATION-1' or '1'='1", 'EDUCATION-%']) {
      const answer = await world.hub.ask(query, { ...education, caseNo });
      const isCase = /^[\w-]+$/u.test(caseNo);
      expect(codeOf(answer)).toEqual(isCase ? [403, 'CASE_NOT_IN_CASELOAD'] : [400, 'BAD_REQUEST']);
      if (isCase) texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
    const check = `{ checkStatus(checks: [{ idNumber: "${world.known.idNumber}" }]) { result } }`;
    const { json } = await ask(check, { ...education, caseNo: 'NOBODY-1' });
    expect(json.data).toEqual({ checkStatus: [{ result: 'RECIPIENT' }] });
  });

  test('that is closed, or not yet open, opens nothing; its last day does', async () => {
    const rows = rowsIn(world.database.owner);
    const { personId: person_id } = world.known;
    const open = (case_no: string, opened_on: string, closed_on: string | null) =>
      rows.insert('caseload', { department: 'EDUCATION', person_id, case_no, opened_on, closed_on });
    await open('CLOSED-1', '2026-01-01', '2026-11-21');
    await open('LAST-DAY-1', '2026-01-01', '2026-11-22');
    await open('FUTURE-1', '2026-11-23', null);
    await open('FIRST-DAY-1', '2026-11-22', null);
    for (const caseNo of ['CLOSED-1', 'FUTURE-1'])
      expect(codeOf(await ask(query, { ...education, caseNo }))).toEqual([403, 'CASE_NOT_IN_CASELOAD']);
    for (const caseNo of ['LAST-DAY-1', 'FIRST-DAY-1'])
      expect(codeOf(await ask(query, { ...education, caseNo }))).toEqual([200, undefined]);
  });

  test('of an audit shows the persons of that case in full, and of others their status alone', async () => {
    const of = (id: string) => `{ person(id: "${id}") { id name idNumber address recipientOf { programme } } }`;
    const { known, stranger } = world;
    expect((await ask(of(known.personId), auditor)).json.data).toMatchObject({
      person: { name: known.name, idNumber: known.idNumber },
    });
    expect((await ask(of(stranger.personId), auditor)).json).toEqual({
      data: {
        person: {
          id: stranger.personId,
          name: null,
          idNumber: null,
          address: null,
          recipientOf: [{ programme: 'DIBAO' }],
        },
      },
      extensions: { masked: ['Person.name', 'Person.idNumber', 'Person.address'] },
    });
  });

  test('or a purpose that is missing, of another role or outside the token, reads no personal data', async () => {
    const without = async (change: Partial<Bound>, caller: Bound = education) => {
      const { purpose: _, caseNo: __, ...rest } = { ...caller };
      return codeOf(await ask(query, { ...rest, ...change }));
    };
    const caseNo = 'EDUCATION-1';
    expect(await without({ caseNo })).toEqual([403, 'PURPOSE_REQUIRED']);
    expect(await without({ purpose: 'AID_ELIGIBILITY' })).toEqual([403, 'CASE_REQUIRED']);
    expect(await without({})).toEqual([403, 'PURPOSE_REQUIRED']);
    expect(await without({ caseNo, purpose: 'AUDIT' })).toEqual([403, 'PURPOSE_NOT_ALLOWED']);
    // In the token, but not in the agreement of the department.
    expect(await without({ caseNo, purpose: 'AUDIT', purposes: ['AUDIT'] })).toEqual([403, 'PURPOSE_NOT_ALLOWED']);
    expect(await without({ caseNo, purpose: 'STATISTICS', purposes: ['STATISTICS'] })).toEqual([
      403,
      'PURPOSE_NOT_ALLOWED',
    ]);
    expect(codeOf(await world.hub.ask(query, education, { headers: { 'hub-purpose': 'EVERYTHING' } }))).toEqual([
      400,
      'BAD_REQUEST',
    ]);
  });
});

describe('a status check', () => {
  const check = (idNumber: string, name?: string) => ({ idNumber, ...(name === undefined ? {} : { name }) });
  const text =
    'query($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result caseNo nameAgrees problem onDate ' +
    'programmes { programme category validFrom validTo } freshness { asOf stale sourceSystem } } }';

  test('does not tell somebody who is no recipient from nobody, with a right name, a wrong one and none', async () => {
    const rows = rowsIn(world.database.owner);
    const personId = await rows.person({ name: '孙七', name_key: '孙七', birth_date: '1990-01-01' });
    const idNumber = await rows.residentId(personId, '1990-01-01', 77);
    for (const name of [undefined, '孙七', '张三', '']) {
      const someone = await ask(text, education, { c: [check(idNumber, name)] });
      const nobody = await ask(text, education, { c: [check(world.nobody, name)] });
      expect(shape(someone)).toEqual(shape(nobody));
      expect(someone.json.data).toMatchObject({ checkStatus: [{ result: 'NOT_RECIPIENT', nameAgrees: null }] });
    }
  });

  test('tells no more than status and validity, to whom it may be told', async () => {
    const { json } = await ask(text, education, { c: [check(world.stranger.idNumber, world.stranger.name)] });
    expect(json.data).toEqual({
      checkStatus: [
        {
          result: 'RECIPIENT',
          caseNo: 'EDUCATION-1',
          nameAgrees: true,
          problem: null,
          onDate: '2026-11-22',
          programmes: [{ programme: 'DIBAO', category: 'A', validFrom: '2026-01-01', validTo: null }],
          freshness: { asOf: '2026-11-20T00:00:00.000Z', stale: false, sourceSystem: 'minzheng' },
        },
      ],
    });
    const denied = await ask('{ checkStatus(checks: []) { result } }', analyst);
    expect(denied.json.errors?.[0]?.extensions['code']).toBe('OPERATION_DENIED');
  });

  test('answers at most a thousand questions, and no others in their place', async () => {
    const many = Array.from({ length: 1001 }, () => check(world.known.idNumber));
    const answer = await ask(text, education, { c: many });
    expect(answer.status).toBe(400);
    expect(answer.json.data ?? null).toBeNull();
    const none = await ask(text, education, { c: [] });
    expect(none.json.data).toEqual({ checkStatus: [] });
  });
});

describe('an id', () => {
  const NODE = 'query($id: ID!) { node(id: $id) { __typename id } }';
  const NODES =
    'query($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Person { name } ... on Recipient { programme } } }';

  test.each([
    ['education', education],
    ['housing', housing],
    ['the window of another township', window],
  ])('leads %s around no row scope: node finds nobody whom person does not find', async (_name, caller) => {
    const { known, stranger } = world;
    const nobody = await ask(NODE, caller, { id: NOBODY });
    expect(nobody.json).toEqual({ data: { node: null } });
    for (const id of [stranger.personId, stranger.householdId, stranger.enrolmentId, stranger.recipientId])
      expect(shape(await ask(NODE, caller, { id }))).toEqual(shape(nobody));
    for (const [id, type] of [
      [known.personId, 'Person'],
      [known.householdId, 'Household'],
      [known.recipientId, 'Recipient'],
    ])
      expect((await ask(NODE, caller, { id })).json.data).toEqual({ node: { __typename: type, id } });
  });

  test('in a list with ids of others tells where they stand no more than one that is nobody’s', async () => {
    const { known, stranger, distant } = world;
    const of = (id: string) => ask(NODES, education, { ids: [id, known.personId, id, known.recipientId] });
    const nobody = await of(NOBODY);
    expect(nobody.json.data).toEqual({
      nodes: [
        null,
        { __typename: 'Person', name: known.name },
        null,
        { __typename: 'Recipient', programme: expect.any(String) },
      ],
    });
    for (const id of [stranger.personId, distant.recipientId, 'no id at all'])
      expect(shape(await of(id))).toEqual(shape(nobody));
  });

  test('below a node reaches nobody out of scope either', async () => {
    const { json } = await ask(
      'query($id: ID!) { node(id: $id) { ... on Household { aidGrants { nodes { department } } enrolments { applicant { id } } } } }',
      education,
      { id: world.known.householdId },
    );
    expect(json.data).toEqual({
      node: {
        aidGrants: { nodes: [{ department: 'EDUCATION' }, { department: 'EDUCATION' }] },
        enrolments: [{ applicant: { id: world.known.personId } }],
      },
    });
  });
});

describe('a count', () => {
  const place = { region_code: '620103000000', township_code: null, county_code: '620103000000' };
  const add = async (): Promise<void> => {
    const rows = rowsIn(world.database.owner);
    const { householdId, enrolmentId } = world.known;
    const person_id = await rows.person(place);
    await rows.recipient({ ...place, person_id, household_id: householdId, enrolment_id: enrolmentId });
  };
  const codes = ({ status, json }: HttpAnswer) => [status, json.data ?? null, json.errors?.[0]?.extensions['code']];

  test('is told to an analyst of no list, at no level and with no filter: differences would be small counts', async () => {
    const nested = `{ household(id: "${world.known.householdId}") { aidGrants { n: totalCount } } }`;
    expect(codes(await ask(nested, analyst))).toEqual([403, null, 'FIELD_DENIED']);
    for (const filter of ['', '(filter: { programme: DIBAO })', '(filter: { programme: TEKUN })', '(first: 1)'])
      expect(codes(await ask(`{ recipients${filter} { totalCount } }`, analyst))).toEqual([403, null, 'FIELD_DENIED']);
    const nulled = await world.hub.ask('{ recipients { totalCount } }', analyst, {
      headers: { 'hub-on-denied': 'null' },
    });
    expect(nulled.json.data).toEqual({ recipients: { totalCount: null } });
  });

  test('by asking whether a page of so many has a next one puts everybody on record whom it counts', async () => {
    await ask('query Count { recipients(first: 2) { pageInfo { hasNextPage } } }', analyst);
    const { rows } = await world.database.owner.query<{ persons: string[] }>(
      'select persons from access_log order by at desc, id desc limit 1',
    );
    expect(rows[0]?.persons).toHaveLength(2);
  });

  test('of nine is not told, and one person more or less does not show in that of ten', async () => {
    const counts = async (region: string): Promise<unknown> => {
      const text = 'query($region: RegionCode!) { recipientStatistics(region: $region) { persons } }';
      return (await ask(text, analyst, { region })).json.data?.['recipientStatistics'];
    };
    for (let i = 0; i < 9; i++) await add();
    expect(await counts('620103')).toEqual([]);
    await add();
    const ofTen = [{ persons: 10 }];
    expect([await counts('620103'), await counts('6201')]).toEqual([ofTen, ofTen]);
    // What lies beside a county in its prefecture is not to be had by subtraction.
    for (let i = 0; i < 4; i++) {
      await add();
      expect([await counts('620103'), await counts('62')]).toEqual([ofTen, ofTen]);
    }
    expect(await counts('620102')).toEqual([]);
  });
});
