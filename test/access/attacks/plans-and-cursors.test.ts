/** Attacks on what the hub keeps between requests: plans, cursors, the policy in force. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bound } from '../../../src/access/index.ts';
import type { HttpAnswer } from '../../harness/hub.ts';
import { rowsIn } from '../../registry/rows.ts';
import { CALLERS, SECRETS, TOWNSHIPS, openNeighbours, publishAmended } from './neighbours.ts';
import type { AgreementFile, Neighbours } from './neighbours.ts';

const { education, health, housing, civilAffairs, analyst, window, auditor } = CALLERS;

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

const ask = (query: string, caller: Bound, variables?: Record<string, unknown>): Promise<HttpAnswer> =>
  world.hub.ask(query, caller, variables === undefined ? {} : { variables });

const codeOf = ({ status, json }: HttpAnswer) => [status, json.errors?.[0]?.extensions['code']];

describe('the plan of one caller', () => {
  // The text is new to the hub in each test, so that whoever comes first makes the plan.
  let text: string;
  let round = 0;
  beforeEach(() => {
    round += 1;
    text = `query Round${round}($id: ID!) { person(id: $id) { id name phone regionCode recipientOf { enrolment { amount } } } }`;
  });
  const answers = async (): Promise<Record<string, unknown>> => {
    const id = world.stranger.personId;
    const entries = Object.entries({ education, housing, civilAffairs, analyst, window, auditor });
    const texts = await Promise.all(
      entries.map(async ([name, caller]) => [name, (await ask(text, caller, { id })).json] as const),
    );
    return Object.fromEntries(texts);
  };

  test.each([[['civilAffairs', 'education']], [['education', 'civilAffairs']]])(
    'is no plan of another one, in whatever order they come (%j)',
    async (order) => {
      for (const name of order) await ask(text, CALLERS[name as 'education'], { id: world.stranger.personId });
      expect(await answers()).toMatchObject({
        education: { errors: [{ extensions: { code: 'FIELD_DENIED' } }] },
        housing: { data: { person: null } },
        civilAffairs: { data: { person: { name: '李四', phone: '13900001234', regionCode: TOWNSHIPS.far } } },
        analyst: { errors: [{ extensions: { code: 'FIELD_DENIED' } }] },
        window: { data: { person: null } },
        auditor: { errors: [{ extensions: { code: 'FIELD_DENIED' } }] },
      });
    },
  );

  test('is no plan of another one when all of them ask at once', async () => {
    const rounds = await Promise.all(Array.from({ length: 10 }, answers));
    for (const one of rounds) expect(one).toEqual(rounds[0]);
    expect(rounds[0]).toMatchObject({
      civilAffairs: { data: { person: { name: '李四' } } },
      housing: { data: { person: null } },
      window: { data: { person: null } },
    });
  });

  test('is no plan of its department elsewhere: regions of each level, one and several', async () => {
    const count = async (regions: readonly string[]): Promise<unknown> =>
      (await ask(`query C${round} { recipients { totalCount } }`, { ...civilAffairs, regions })).json.data;
    const all = [
      [['620000000000'], 3],
      [['360000000000'], 1],
      [['620100000000'], 3],
      [['620102000000'], 3],
      [[TOWNSHIPS.near], 2],
      [[TOWNSHIPS.far], 1],
      [[TOWNSHIPS.near, TOWNSHIPS.far], 3],
      [[TOWNSHIPS.near, TOWNSHIPS.other], 3],
      [[TOWNSHIPS.near, '360000000000'], 3],
      [['620103000000'], 0],
    ] as const;
    for (const [regions, totalCount] of [...all, ...[...all].reverse()])
      expect([regions, await count(regions)]).toEqual([regions, { recipients: { totalCount } }]);
  });

  test('is no plan of another case of the same caller', async () => {
    const of = (caseNo: string) => ask(`query K${round} { recipients { totalCount } }`, { ...auditor, caseNo });
    const named = (caseNo: string) =>
      ask(
        `query N${round}($id: ID!) { person(id: $id) { name } }`,
        { ...auditor, caseNo },
        { id: world.known.personId },
      );
    const rows = rowsIn(world.database.owner);
    const case_no = `AUDIT-2-${round}`;
    await rows.insert('caseload', {
      department: 'AUDIT',
      person_id: world.stranger.personId,
      case_no,
      opened_on: '2026-01-01',
    });
    expect((await named('AUDIT-1')).json.data).toEqual({ person: { name: world.known.name } });
    expect((await named(case_no)).json.data).toEqual({ person: { name: null } });
    expect((await named('AUDIT-1')).json.data).toEqual({ person: { name: world.known.name } });
    expect((await of(case_no)).json.data).toEqual({ recipients: { totalCount: 4 } });
  });

  test('answers no operation that differs in a literal condition, a variable’s default or what is null', async () => {
    const { personId } = world.known;
    const literal = (on: boolean) => ask(`{ person(id: "${personId}") { id name @include(if: ${on}) } }`, education);
    const byDefault = (on: boolean) =>
      ask(`query D${round}($on: Boolean! = ${on}) { person(id: "${personId}") { id name @skip(if: $on) } }`, education);
    const withName = { data: { person: { id: personId, name: world.known.name } } };
    const without = { data: { person: { id: personId } } };
    for (const on of [true, false, true]) {
      expect((await literal(on)).json).toEqual(on ? withName : without);
      expect((await byDefault(on)).json).toEqual(on ? without : withName);
    }
    const count = (filter: object | null) =>
      ask(`query F${round}($f: RecipientFilter) { recipients(filter: $f) { totalCount } }`, civilAffairs, {
        f: filter,
      });
    for (const [filter, totalCount] of [
      [{ programme: 'TEKUN' }, 0],
      [null, 4],
      [{ programme: null }, 4],
      [{ region: '360000000000' }, 1],
      [{ region: TOWNSHIPS.near }, 2],
      [{ region: '62' }, 3],
      [{ onDate: '2025-12-31' }, 0],
      [{}, 4],
    ] as const)
      expect([filter, (await count(filter)).json.data]).toEqual([filter, { recipients: { totalCount } }]);
  });

  test('with nulls for denied fields is not the one that refuses', async () => {
    const asked = `query O${round} { person(id: "${world.known.personId}") { id ethnicity } }`;
    const nulled = () => world.hub.ask(asked, education, { headers: { 'hub-on-denied': 'null' } });
    const refused = () => ask(asked, education);
    for (const [one, other] of [
      [nulled, refused],
      [refused, nulled],
    ] as const) {
      const outcomes = [await one(), await other()].map(({ status }) => status).sort();
      expect(outcomes).toEqual([200, 403]);
    }
  });
});

describe('a name that the caller made up', () => {
  const person = () => `person(id: "${world.known.personId}")`;

  test('of 63 characters is told from another one that begins alike, and a longer one is refused', async () => {
    const [a, b] = ['a', 'b'].map((end) => 'x'.repeat(62) + end);
    const both = await ask(`{ ${person()} { ${a}: name ${b}: id } }`, education);
    expect(both.json.data).toEqual({ person: { [a ?? '']: world.known.name, [b ?? '']: world.known.personId } });
    const [c, d] = ['c', 'd'].map((end) => 'x'.repeat(63) + end);
    expect(codeOf(await ask(`{ ${person()} { ${c}: name ${d}: id } }`, education))).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(codeOf(await ask(`{ ${c}: ${person()} { id } }`, education))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(codeOf(await ask(`{ recipients { ${c}: totalCount } }`, education))).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(codeOf(await ask(`{ recipients { edges { ${c}: cursor } } }`, education))).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ]);
  });

  test('is no name inside the statement', async () => {
    const names = ['_', 'j', 's', 'q', 'a', 't1', 't2', 'l1', 'e1', 'head', 'more', 'last', 'c', 'n', '_more', 'null'];
    const { known } = world;
    for (const name of names) {
      const answer = await ask(
        `{ ${name}: ${person()} { ${name}: name r: recipientOf { ${name}: id } ${name}2: aidGrants { ${name}: totalCount } } }`,
        education,
      );
      expect([name, answer.json]).toEqual([
        name,
        {
          data: {
            [name]: {
              [name]: known.name,
              r: [{ [name]: known.recipientId }],
              [`${name}2`]: { [name]: 1 },
            },
          },
        },
      ]);
    }
  });

  test('is told from one in another case, and from what every object has', async () => {
    const answer = await ask(
      `{ ${person()} { Name: id name NAME: sex constructor: id toString: name hasOwnProperty: id __proto__: name } }`,
      education,
    );
    const { personId, name } = world.known;
    expect(answer.text).toBe(
      `${JSON.stringify({ data: { person: { Name: personId, name, NAME: '1', constructor: personId, toString: name, hasOwnProperty: personId } } }).slice(0, -3)},"__proto__":"${name}"}}}\n`,
    );
  });

  test('is told from what every object has where introspection stands beside data', async () => {
    const type = '__type(name: "Query")';
    const answer = await ask(
      `{ constructor: ${type} { constructor: kind } toString: ${person()} { toString: name } __proto__: ${type} { ...__proto__ }
         hasOwnProperty: __schema { valueOf: queryType { __proto__: name } } valueOf: __typename isPrototypeOf: ${person()} { id } }
       fragment __proto__ on __Type { __proto__: kind }`,
      education,
    );
    const { personId, name } = world.known;
    expect(answer.text).toBe(
      `{"data":{"constructor":{"constructor":"OBJECT"},"toString":{"toString":"${name}"},"__proto__":{"__proto__":"OBJECT"},` +
        `"hasOwnProperty":{"valueOf":{"__proto__":"Query"}},"valueOf":"Query","isPrototypeOf":{"id":"${personId}"}}}\n`,
    );
  });
});

describe('a cursor', () => {
  const page = (after: string | null, caller: Bound) =>
    ask(
      'query P($after: String) { recipients(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }',
      caller,
      { after },
    );
  const pageOf = ({ json }: HttpAnswer) =>
    json.data?.['recipients'] as { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
  /** What a cursor of grants, newest first, begins with. */
  const ORDER = '-decidedOn,id';
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

  test('of one caller opens nothing to another one', async () => {
    const first = pageOf(await page(null, civilAffairs)).pageInfo.endCursor;
    for (const caller of [education, window, housing, { ...civilAffairs, regions: ['360000000000'] }]) {
      const own = new Set<string>();
      for (let after: string | null = null, more = true; more;) {
        const { nodes, pageInfo } = pageOf(await page(after, caller));
        nodes.forEach(({ id }) => own.add(id));
        ({ endCursor: after, hasNextPage: more } = pageInfo);
      }
      for (const { id } of pageOf(await page(first, caller)).nodes) expect(own).toContain(id);
    }
  });

  test('that points at somebody out of scope tells nothing of them', async () => {
    const before = '00000000-0000-7000-8000-000000000000';
    const at = async (id: string) => (await page(encode([id]), education)).json;
    // Whether the row is there makes no difference to what follows it.
    const moved = world.stranger.recipientId.slice(0, -1) + (world.stranger.recipientId.endsWith('0') ? '1' : '0');
    expect(await at(world.stranger.recipientId)).toEqual(await at(moved));
    expect((await page(encode([before]), education)).json.data).toMatchObject({
      recipients: { nodes: [{ id: world.known.recipientId }], pageInfo: { hasNextPage: false } },
    });
  });

  test.each([
    ['no base64', '%%%'],
    ['nothing', ''],
    ['no JSON', Buffer.from('x').toString('base64')],
    ['an object', encode({ id: 1 })],
    ['null', encode(null)],
    ['too few parts', encode([])],
    ['too many parts', encode([ORDER, '2026-01-01', '01900000-0000-7000-8000-000000000000', 'x'])],
    ['the parts of another list', encode(['01900000-0000-7000-8000-000000000000'])],
    ['another order', encode(['decidedOn,id', '2026-01-01', '01900000-0000-7000-8000-000000000000'])],
    ['no order', encode(['2026-01-01', '01900000-0000-7000-8000-000000000000'])],
    ['SQL in the order', encode(['-decidedOn,id desc', '2026-01-01', '01900000-0000-7000-8000-000000000000'])],
    ['no day', encode([ORDER, 'yesterday', '01900000-0000-7000-8000-000000000000'])],
    ['a day that is not in the calendar', encode([ORDER, '2026-02-30', '01900000-0000-7000-8000-000000000000'])],
    ['a month that is none', encode([ORDER, '2026-13-01', '01900000-0000-7000-8000-000000000000'])],
    ['the year nought', encode([ORDER, '0000-01-01', '01900000-0000-7000-8000-000000000000'])],
    ['infinity', encode([ORDER, 'infinity', '01900000-0000-7000-8000-000000000000'])],
    ['no id', encode([ORDER, '2026-01-01', 'x'])],
    ['numbers', encode([ORDER, 1, 2])],
    ['SQL in the day', encode([ORDER, "2026-01-01' or '1'='1", '01900000-0000-7000-8000-000000000000'])],
    ['SQL in the id', encode([ORDER, '2026-01-01', "' union select id_number from person --"])],
    ['NUL', encode([ORDER, '2026-01-01\0', '01900000-0000-7000-8000-000000000000'])],
    ['half a character', encode([ORDER, '\ud800', '01900000-0000-7000-8000-000000000000'])],
  ])('that was forged with %s is bad input, and is not repeated', async (_what, after) => {
    const answer = await ask(
      'query($id: ID!, $after: String) { person(id: $id) { aidGrants(after: $after) { nodes { id } } } }',
      education,
      { id: world.known.personId, after },
    );
    expect(codeOf(answer)).toEqual([400, 'BAD_USER_INPUT']);
    if (after !== '') expect(answer.text).not.toContain(after);
    expect(answer.text).not.toMatch(/union|yesterday|infinity|syntax/u);
  });

  test('of one order is none of another one', async () => {
    const grants = (args: string) =>
      ask(`{ person(id: "${world.known.personId}") { aidGrants(${args}) { edges { cursor } } } }`, education, {});
    const { json } = await grants('first: 1');
    const [edge] = (json.data as { person: { aidGrants: { edges: { cursor: string }[] } } }).person.aidGrants.edges;
    const after = JSON.stringify(edge?.cursor);
    expect(codeOf(await grants(`after: ${after}`))).toEqual([200, undefined]);
    expect(codeOf(await grants(`after: ${after}, orderBy: DECIDED_ON_ASC`))).toEqual([400, 'BAD_USER_INPUT']);
    expect(codeOf(await grants(`before: ${after}, orderBy: REPORTED_AT_DESC`))).toEqual([400, 'BAD_USER_INPUT']);
  });

  test('puts the persons whose place it tells on record', async () => {
    for (const selection of ['edges { cursor }', 'pageInfo { endCursor }', 'edges { c: cursor __typename }']) {
      await ask(`query Cursors { recipients { ${selection} } }`, education);
      const { rows } = await world.database.owner.query<{ persons: string[]; coordinates: string[][] }>(
        'select persons, coordinates from access_log order by at desc, id desc limit 1',
      );
      expect(rows[0]?.persons).toEqual([world.known.personId]);
      expect(rows[0]?.coordinates.flat()).toEqual(['Recipient.id']);
    }
  });
});

describe('a policy that changes while the hub runs', () => {
  const publish = (change: (agreement: AgreementFile) => void) => publishAmended(world.database, 'education', change);
  const person = () => ask(`query Own { person(id: "${world.known.personId}") { id name } }`, education);
  const denied = { errors: [{ extensions: { code: 'FIELD_DENIED', denied: [{ coordinate: 'Person.name' }] } }] };

  test('is obeyed by the next request: a right that is gone is gone, one that is given is there', async () => {
    expect((await person()).status).toBe(200);
    await publish(({ fields }) => void delete fields['name']);
    expect((await person()).json).toMatchObject(denied);
    await publish(({ fields }) => void (fields['name'] = 'masked'));
    expect((await person()).json).toMatchObject({
      data: { person: { name: '王**' } },
      extensions: { masked: ['Person.name'] },
    });
    await publish(({ rows }) => void (rows['Person'] = 'case'));
    expect((await person()).json).toMatchObject({ data: { person: { name: '王小明' } } });
    await publish(({ fields }) => void (fields['ethnicity'] = 'full'));
    const given = await ask(`{ person(id: "${world.known.personId}") { ethnicity } }`, education);
    expect(given.json.data).toEqual({ person: { ethnicity: SECRETS.ethnicity } });
  });

  test('is obeyed by operations, also those that write, and by those that are answered at the same time', async () => {
    const report = () =>
      ask('mutation { reportAid(input: { items: [] }) { recorded } }', {
        ...education,
        purpose: 'AID_REPORTING',
        purposes: ['AID_REPORTING'],
      });
    await publish(() => undefined);
    expect((await report()).json.data).toEqual({ reportAid: { recorded: 0 } });
    await publish(({ operations }) => void operations.splice(operations.indexOf('reportAid'), 1));
    expect(codeOf(await report())).toEqual([403, 'OPERATION_DENIED']);
    await publish(({ operations }) => void operations.splice(operations.indexOf('person'), 1));
    const crowd = await Promise.all(Array.from({ length: 10 }, person));
    expect(new Set(crowd.map((answer) => codeOf(answer).join()))).toEqual(new Set(['403,OPERATION_DENIED']));
    expect((await ask('{ recipients { totalCount } }', health)).status).toBe(200);
  });

  test('ends with its last day, without anybody doing anything', async () => {
    await publish((agreement) => void (agreement.validUntil = '2026-11-22'));
    expect((await person()).status).toBe(200);
    await publish((agreement) => void (agreement.validUntil = '2026-11-21'));
    expect(codeOf(await person())).toEqual([403, 'OPERATION_DENIED']);
  });
});
