/** Fields that a department answers, on the road of every operation: who may ask, who is asked about, what is on record. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import type { Agreement, FieldGrant } from '../../src/access/index.ts';
import type { AccessEntry } from '../../src/access/ledger/index.ts';
import type { LiveDesk } from '../../src/live/index.ts';
import { leave, newAsker } from '../../src/platform/cancel.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine, TestEngineOptions } from '../harness/engine.ts';
import { startDepartment } from './department-server.ts';
import type { DepartmentServer } from './department-server.ts';
import { askWith, deskFor, makePeople } from './people.ts';
import type { Answered, People } from './people.ts';
import { schemaWithQuestions } from './questions.ts';

let people: People;
let hub: TestEngine;
let department: DepartmentServer;
let live: LiveDesk;
const open = async (options: TestEngineOptions = {}): Promise<TestEngine> =>
  openEngine(people.database, { schema: await schemaWithQuestions(), ...options });
beforeAll(async () => {
  people = await makePeople();
  hub = await open();
  department = await startDepartment();
  live = await deskFor(hub, department.url);
});
afterAll(async () => {
  await live.close();
  await department.close();
  await people.database.drop();
});
beforeEach(() => {
  hub.entries.length = 0;
  department.received.length = 0;
  department.fail = 'none';
  department.delay = 0;
  department.onBatch = undefined;
});

/** Civil affairs of Gansu: its own persons, in full. */
const gansu = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1', regions: ['620000000000'] });
const housing = callerOf('HOUSING', 'SYSTEM', { caseNo: 'HO-1' });

const ask = (text: string, caller = gansu, more: Parameters<typeof askWith>[4] = {}): Promise<Answered> =>
  askWith(hub, live, text, caller, more);

const nodesOf = (ids: readonly string[], fields: string): string =>
  `{ nodes(ids: ${JSON.stringify(ids)}) { ... on Person { ${fields} } } }`;
const idsOf = (many: readonly { readonly id: string }[]): string[] => many.map(({ id }) => id);

describe('answers', () => {
  test('a page of fifty persons is one request, and each gets its own answer', async () => {
    const { near } = people;
    department.recordOf = (number) => (number === near[3]?.idNumber ? undefined : { status: 'EMPLOYED' });
    const { data, codes } = await ask(
      nodesOf(idsOf(near), 'id liveEmployment { freshness reason answeredAt known status registeredOn }'),
    );
    expect(codes).toEqual([]);
    const nodes = data?.['nodes'] as Record<string, unknown>[];
    expect(nodes).toHaveLength(50);
    expect(nodes[0]).toEqual({
      id: near[0]?.id,
      liveEmployment: {
        freshness: 'LIVE',
        reason: null,
        answeredAt: '2026-11-22T02:00:00.000Z',
        known: true,
        status: 'EMPLOYED',
        registeredOn: null,
      },
    });
    expect(nodes[3]?.['liveEmployment']).toMatchObject({ freshness: 'LIVE', known: false, status: null });
    expect(department.received.map(({ numbers }) => numbers.length)).toEqual([50]);
    expect(new Set(department.received[0]?.numbers)).toEqual(new Set(near.map(({ idNumber }) => idNumber)));
    department.recordOf = () => ({ status: 'EMPLOYED', registeredOn: '2026-03-01', insuredType: 'RESIDENT' });
  });

  test('aliases, fragments, conditions and two questions at once keep their shapes and their order', async () => {
    const [one, two] = people.near;
    const { data, codes } = await ask(
      `query Q($yes: Boolean = true) {
        constructor: person(id: "${String(one?.id)}") { ...P z: liveEmployment { s: status } id a: __typename }
        nodes(ids: ["${String(two?.id)}", "${people.far.id}"]) {
          __typename
          id
          ... on Person { liveInsurance { t: __typename insuredType f: freshness } liveEmployment @skip(if: $yes) { status } }
        }
        __typename
      }
      fragment P on Person { x: liveEmployment { status } x: liveEmployment { registeredOn @include(if: $yes) } }`,
    );
    expect(codes).toEqual([]);
    expect(JSON.stringify(data)).toBe(
      JSON.stringify({
        constructor: {
          x: { status: 'EMPLOYED', registeredOn: '2026-03-01' },
          z: { s: 'EMPLOYED' },
          id: one?.id,
          a: 'Person',
        },
        nodes: [
          {
            __typename: 'Person',
            id: two?.id,
            liveInsurance: { t: 'LiveInsurance', insuredType: 'RESIDENT', f: 'LIVE' },
          },
          null,
        ],
        __typename: 'Query',
      }),
    );
    expect(department.received.map(({ numbers }) => numbers.length).sort()).toEqual([1, 1]);
  });

  test('the number that the department is asked with reaches the department and not the caller', async () => {
    const [one] = people.near;
    const { data } = await ask(`{ person(id: "${String(one?.id)}") { liveEmployment { status } } }`);
    expect(department.received[0]?.numbers).toEqual([one?.idNumber]);
    expect(JSON.stringify(data)).not.toContain(String(one?.idNumber));
    expect(JSON.stringify(data)).toBe('{"person":{"liveEmployment":{"status":"EMPLOYED"}}}');
  });

  test('beside introspection and what code answers openly each is answered in its place', async () => {
    const [one] = people.near;
    const { data, codes } = await ask(
      `{ __type(name: "LiveEmployment") { name } person(id: "${String(one?.id)}") { liveEmployment { status } } k: __typename }`,
    );
    expect(codes).toEqual([]);
    expect(JSON.stringify(data)).toBe(
      '{"__type":{"name":"LiveEmployment"},"person":{"liveEmployment":{"status":"EMPLOYED"}},"k":"Query"}',
    );
  });

  test('a department that does not answer is UNAVAILABLE with its reason, and the rest of the answer stays', async () => {
    const [one] = people.near;
    department.fail = 'error-500';
    const { data, codes } = await ask(
      `{ person(id: "${String(one?.id)}") { phone liveEmployment { freshness reason answeredAt known status } } }`,
    );
    expect(codes).toEqual([]);
    expect(data).toEqual({
      person: {
        phone: '13900000000',
        liveEmployment: { freshness: 'UNAVAILABLE', reason: 'REFUSED', answeredAt: null, known: null, status: null },
      },
    });
  });

  test('without a source, or without a number, it is UNAVAILABLE as well, and nobody is asked', async () => {
    const text = (id: string): string => `{ person(id: "${id}") { liveEmployment { freshness reason } } }`;
    const unconnected = await askWith(hub, undefined, text(String(people.near[0]?.id)), gansu);
    expect(unconnected.data).toEqual({
      person: { liveEmployment: { freshness: 'UNAVAILABLE', reason: 'NOT_CONFIGURED' } },
    });
    expect((await ask(text(people.unnumbered))).data).toEqual({
      person: { liveEmployment: { freshness: 'UNAVAILABLE', reason: 'NO_NUMBER' } },
    });
    expect(department.received).toEqual([]);
  });

  test('an operation without such a field is spliced as before', async () => {
    const { result } = await ask(`{ person(id: "${String(people.near[0]?.id)}") { id } }`);
    expect(result?.text).toBeDefined();
  });
});

describe('who is asked about', () => {
  test('a caller to whom the field is denied is refused by its name, and nobody is asked', async () => {
    const { data, codes } = await ask(
      `{ person(id: "${String(people.near[0]?.id)}") { id liveEmployment { status } } }`,
      housing,
    );
    expect([data, codes]).toEqual([undefined, ['FIELD_DENIED']]);
    expect(department.received).toEqual([]);
    expect(hub.entries.map(({ decision, coordinates }) => [decision, coordinates])).toEqual([
      ['REFUSED', [['Person.liveEmployment', 'LiveEmployment.status']]],
    ]);
  });

  test('with Hub-On-Denied: null it is null with one error, and nobody is asked', async () => {
    const { near } = people;
    const medical = callerOf('MEDICAL_SECURITY', 'SYSTEM', { caseNo: 'ME-1' });
    await people.database.owner.query(
      `insert into caseload (id, department, person_id, case_no, opened_on)
       select gen_random_uuid(), 'MEDICAL_SECURITY', id, 'ME-1', '2026-01-01' from unnest($1::uuid[]) id`,
      [idsOf(near.slice(0, 3))],
    );
    const { data, codes } = await ask(
      nodesOf(idsOf(near.slice(0, 3)), 'id liveEmployment { status freshness }'),
      medical,
      { onDenied: 'null' },
    );
    expect(codes).toEqual(['FIELD_DENIED']);
    expect(data).toEqual({ nodes: near.slice(0, 3).map(({ id }) => ({ id, liveEmployment: null })) });
    expect(department.received).toEqual([]);
    // Beside one that is open, which is asked.
    const both = await ask(
      nodesOf(idsOf(near.slice(0, 2)), 'liveEmployment { status } liveInsurance { insuredType }'),
      medical,
      { onDenied: 'null' },
    );
    expect(both.data).toEqual({
      nodes: [1, 2].map(() => ({ liveEmployment: null, liveInsurance: { insuredType: 'RESIDENT' } })),
    });
    expect(department.received.map(({ numbers }) => numbers.length)).toEqual([2]);
  });

  test('persons out of scope are not asked about and look like nobody', async () => {
    const { near, far } = people;
    const ids = [String(near[0]?.id), far.id];
    const { data } = await ask(nodesOf(ids, 'liveEmployment { status }'));
    expect(data).toEqual({ nodes: [{ liveEmployment: { status: 'EMPLOYED' } }, null] });
    expect(department.received.map(({ numbers }) => numbers)).toEqual([[near[0]?.idNumber]]);
  });

  test('without purpose or case nothing is asked', async () => {
    const { purpose: _none, ...without } = gansu;
    const { codes } = await ask(
      `{ person(id: "${String(people.near[0]?.id)}") { liveEmployment { status } } }`,
      without,
    );
    expect(codes).toEqual(['PURPOSE_REQUIRED']);
    expect(department.received).toEqual([]);
  });

  test('masks elsewhere in the operation hold', async () => {
    const labour = callerOf('LABOUR', 'SYSTEM', { caseNo: 'LA-1' });
    const [one] = people.near;
    await people.database.owner.query(
      `insert into caseload (id, department, person_id, case_no, opened_on)
       values (gen_random_uuid(), 'LABOUR', $1, 'LA-1', '2026-01-01')`,
      [one?.id],
    );
    const { data, result } = await ask(
      `{ person(id: "${String(one?.id)}") { idNumber phone liveEmployment { status } } }`,
      labour,
    );
    const masked = (data?.['person'] ?? {}) as Record<string, unknown>;
    expect(masked['liveEmployment']).toEqual({ status: 'EMPLOYED' });
    expect(masked['idNumber']).not.toBe(one?.idNumber);
    expect(masked['phone']).not.toBe('13900000000');
    expect(result?.extensions).toEqual({ masked: ['Person.idNumber', 'Person.phone'] });
    expect(department.received[0]?.numbers).toEqual([one?.idNumber]);
  });
});

describe('the record', () => {
  test('says who was asked about and what, and is durable before the question goes out', async () => {
    const order: string[] = [];
    const recorded: AccessEntry[] = [];
    const slow = await open({
      record: async (entry) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        recorded.push(entry);
        order.push('recorded');
      },
    });
    const [one, two] = people.near;
    // What is made once takes its time, and would hide a question that does not wait.
    await askWith(slow, live, `{ person(id: "${String(one?.id)}") { liveEmployment { status } } }`, gansu);
    order.length = recorded.length = 0;
    department.onBatch = () => void order.push('asked');
    await askWith(
      slow,
      live,
      nodesOf([String(one?.id), String(two?.id)], 'liveEmployment { status freshness }'),
      gansu,
    );
    expect(order).toEqual(['recorded', 'asked']);
    const [entry] = recorded;
    const told = (coordinate: string): string[] =>
      (entry?.persons ?? [])
        .filter(({ node }) => entry?.coordinates[node]?.includes(coordinate))
        .map(({ id }) => id)
        .sort();
    const both = [one?.id, two?.id].sort();
    expect(told('Person.liveEmployment')).toEqual(both);
    expect(told('LiveEmployment.status')).toEqual(both);
    expect(told('LiveEmployment.freshness')).toEqual(both);
    expect(entry?.coordinates.flat()).not.toContain('LiveEmployment.registeredOn');
  });

  test('that cannot be written keeps the question in the house', async () => {
    const broken = await open({ record: () => Promise.reject(new Error('full')) });
    await expect(
      askWith(broken, live, `{ person(id: "${String(people.near[0]?.id)}") { liveEmployment { status } } }`, gansu),
    ).rejects.toThrow('full');
    expect(department.received).toEqual([]);
  });
});

test('each question costs as much as ten rows', async () => {
  const text = nodesOf(idsOf(people.near.slice(0, 5)), 'liveEmployment { status }');
  const priced = async (cost: number): Promise<readonly unknown[]> =>
    (await askWith(await open({ bounds: { cost } }), live, text, gansu)).codes;
  expect(await priced(55)).toEqual([]);
  department.received.length = 0;
  expect(await priced(54)).toEqual(['TOO_COSTLY']);
  expect(department.received).toEqual([]);
});

test('who goes away ends the questions', async () => {
  department.fail = 'timeout';
  const before = department.abandoned();
  const asker = newAsker();
  const asking = ask(`{ person(id: "${String(people.near[0]?.id)}") { liveEmployment { status } } }`, gansu, { asker });
  while (department.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  leave(asker);
  // Long before the deadline, which would end it as well.
  for (const until = Date.now() + 1_000; department.abandoned() === before && Date.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(department.abandoned()).toBe(before + 1);
  await asking;
});

describe('agreements', () => {
  const published = readPolicyFiles('schema/policy');
  const publish = async (change: (who: string, one: Agreement) => Partial<Agreement>): Promise<void> => {
    const agreements = published.agreements.map((one) => ({ ...one, ...change(one.department + one.role, one) }));
    await publishPolicy(people.database.owner, { ...published, agreements, digest: randomBytes(32) });
  };
  afterEach(() => publish(() => ({})));
  const text = (): string =>
    `{ person(id: "${String(people.near[0]?.id)}") { liveEmployment { freshness reason status } } }`;

  test('a department whose agreement to supply data is not in force is not asked from the next request on', async () => {
    expect((await ask(text())).data).toMatchObject({ person: { liveEmployment: { freshness: 'LIVE' } } });
    await publish((who) => (who === 'LABOURSYSTEM' ? { validUntil: '2026-11-21' } : {}));
    department.received.length = 0;
    expect((await ask(text())).data).toEqual({
      person: { liveEmployment: { freshness: 'UNAVAILABLE', reason: 'NOT_AGREED', status: null } },
    });
    expect(department.received).toEqual([]);
  });

  test('shared in part, or of fewer rows than the person’s own, it is denied', async () => {
    const narrowed = (changes: Partial<Agreement>) =>
      publish((_, { number }) => (number === 'civil-affairs-system' ? changes : {}));
    const own = published.agreements.find(({ number }) => number === 'civil-affairs-system');
    const grants: readonly FieldGrant[] = [
      { access: 'masked', scope: undefined },
      { access: 'full', scope: 'caseload' },
    ];
    for (const grant of grants) {
      await narrowed({ fields: new Map(own?.fields).set('live-employment', grant) });
      expect((await ask(text())).codes).toEqual(['FIELD_DENIED']);
    }
    await narrowed({ rows: new Map(own?.rows).set('LiveEmployment', 'caseload') });
    expect((await ask(text())).codes).toEqual(['FIELD_DENIED']);
    await narrowed({ rows: new Map([...(own?.rows ?? [])].filter(([type]) => type !== 'LiveEmployment')) });
    expect((await ask(text())).codes).toEqual(['FIELD_DENIED']);
    expect(department.received).toEqual([]);
  });
});
