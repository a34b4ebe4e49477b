/** Whom a recall reaches: exactly those whom the ledger shows to have been told the value, and what they do about it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound, Department } from '../../src/access/index.ts';
import { carryOut } from '../../src/corrections/carry-out.ts';
import { inTransaction } from '../../src/platform/database.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { recall } from '../../src/registry/index.ts';
import type { NewRecall } from '../../src/registry/index.ts';
import { drawing } from '../accountability/asked.ts';
import { COORDINATE, DISPUTED } from './example.ts';
import { openCorrectionsWorld, registrar, system } from './world.ts';
import type { CorrectionsWorld, Someone } from './world.ts';

let world: CorrectionsWorld;
beforeAll(async () => {
  world = await openCorrectionsWorld();
}, 60_000);
afterAll(() => world.close());

const DEPARTMENTS: readonly Department[] = [
  'CIVIL_AFFAIRS',
  'EDUCATION',
  'HEALTH',
  'HOUSING',
  'LABOUR',
  'MEDICAL_SECURITY',
];
const DAYS = ['2026-09-01', '2026-09-02', '2026-09-03', '2026-09-04', '2026-09-05'];

/** What a question tells of the person at its end, told from what was asked alone. */
interface Question {
  readonly of: Department[];
  readonly query: string;
  readonly told: readonly string[];
  /** Of a second person in the same answer. */
  readonly other?: readonly string[];
}

const QUESTIONS: readonly Question[] = [
  { of: [...DEPARTMENTS], query: 'query($id: ID!) { person(id: $id) { name } }', told: ['Person.name'] },
  {
    of: [...DEPARTMENTS],
    query: 'query($id: ID!) { p: person(id: $id) { n: name id } }',
    told: ['Person.name', 'Person.id'],
  },
  { of: [...DEPARTMENTS], query: 'query($id: ID!) { person(id: $id) { countyCode } }', told: ['Person.countyCode'] },
  {
    of: ['CIVIL_AFFAIRS', DISPUTED.owner],
    query: `query($id: ID!) { person(id: $id) { ${DISPUTED.relation} { ${DISPUTED.field} } } }`,
    told: [`Person.${DISPUTED.relation}`, COORDINATE],
  },
  {
    of: [...DEPARTMENTS],
    query: 'query($id: ID!, $other: ID!) { a: person(id: $id) { name } b: person(id: $other) { countyCode } }',
    told: ['Person.name'],
    other: ['Person.countyCode'],
  },
];

interface Told {
  readonly person: string;
  readonly caller: Bound;
  readonly on: string;
  readonly coordinates: readonly string[];
}

interface RecallRow {
  readonly department: string;
  readonly client: string;
  readonly case_no: string;
  readonly coordinates: readonly string[];
}

const recallsOf = async (reference: string): Promise<string[]> => {
  const { rows } = await world.db.owner.query<RecallRow>(
    'select department, client, case_no, coordinates from recall where reference = $1',
    [reference],
  );
  return rows.map((row) => `${row.department} ${row.client} ${row.case_no} ${row.coordinates.join(',')}`).sort();
};

/** The same from what was asked. */
function expected(
  told: readonly Told[],
  meant: { person: string; coordinates: readonly string[]; from: string; to: string },
) {
  const found = new Map<string, Set<string>>();
  for (const { person, caller, on, coordinates } of told) {
    if (person !== meant.person || on < meant.from || on > meant.to) continue;
    const given = coordinates.filter((one) => meant.coordinates.includes(one));
    if (given.length === 0) continue;
    const key = `${caller.department} ${caller.client} ${caller.caseNo ?? ''}`;
    const known = found.get(key) ?? new Set();
    given.forEach((one) => known.add(one));
    found.set(key, known);
  }
  return [...found].map(([key, of]) => `${key} ${[...of].sort().join(',')}`).sort();
}

const order = (orders: readonly NewRecall[]): Promise<unknown> =>
  inTransaction(world.db.server, (tx) => recall(tx, orders));

test('of a hundred random questions, a recall reaches exactly those that were told the value since it was recorded', async () => {
  const draw = drawing(20_260_907);
  const pick = <T>(from: readonly T[]): T => from[draw(from.length)] as T;
  const people = [await world.someone(), await world.someone(), await world.someone()];
  const told: Told[] = [];
  for (let i = 0; i < 100; i += 1) {
    const { of, query, told: coordinates, other } = pick(QUESTIONS);
    const [{ personId: person }, on, department] = [pick(people), pick(DAYS), pick(of)];
    const caller = system(department, { client: `${department}-${draw(2)}` });
    const second = people.find(({ personId }) => personId !== person)?.personId ?? '';
    await world.read(query, on, caller, { id: person, ...(other === undefined ? {} : { other: second }) });
    told.push({ person, caller, on, coordinates });
    if (other !== undefined) told.push({ person: second, caller, on, coordinates: other });
  }
  const recaller = world.recallerOn('2026-09-30');
  try {
    for (let i = 0; i < 25; i += 1) {
      const { personId } = pick(people);
      const [from, to] = [pick(DAYS), pick(DAYS)].sort() as [string, string];
      const coordinates = pick([['Person.name'], [COORDINATE], ['Person.countyCode', 'Person.name'], ['Person.phone']]);
      const since = draw(3) === 0 ? undefined : new Date(`${from}T00:00:00+08:00`);
      const reference = `R-${String(i)}`;
      const at = new Date(`${to}T23:00:00+08:00`);
      await order([{ personId, told: coordinates, cause: 'STATUS_ENDED', reference, at, ...(since ? { since } : {}) }]);
      await recaller.run();
      expect(await recallsOf(reference)).toEqual(
        expected(told, { person: personId, coordinates, from: since ? from : '', to }),
      );
    }
    // A group of the catalogue is every field in it.
    const { personId } = people[0] as Someone;
    await order([
      { personId, told: ['name'], cause: 'DIED', reference: 'by group', at: new Date('2026-09-30T00:00:00Z') },
    ]);
    await recaller.run();
    const all = { person: personId, coordinates: ['Person.name'], from: '', to: '9' };
    expect(await recallsOf('by group')).toEqual(expected(told, all));
    expect(await recallsOf('by group')).not.toEqual([]);
  } finally {
    await recaller.close();
  }
}, 60_000);

test('the same order again, a second recaller and one killed before its commit write nothing twice', async () => {
  const { personId } = await world.someone();
  await world.read(QUESTIONS[0]?.query ?? '', '2026-09-02', system('HOUSING'), { id: personId });
  const one = {
    personId,
    told: ['Person.name'],
    cause: 'DIED',
    reference: 'once',
    at: new Date('2026-09-10T00:00:00Z'),
  } as const;
  await order([one, one]);
  await order([one]);
  const client = await world.db.server.connect();
  await client.query('begin');
  expect(await carryOut(client, { graph: world.graph, at: one.at })).toEqual({ orders: 1, recalls: 1 });
  const [first, second] = [world.recallerOn('2026-09-11'), world.recallerOn('2026-09-11')];
  // What is in hand elsewhere is passed by; when it is given up, the next round has it.
  expect(await first.run()).toBe(0);
  await client.query('rollback');
  client.release();
  const written = await Promise.all([first.run(), second.run()]);
  expect(written.reduce((sum, n) => sum + n, 0)).toBe(1);
  await order([one]);
  expect(await first.run()).toBe(0);
  expect(await recallsOf('once')).toHaveLength(1);
  await Promise.all([first.close(), second.close()]);
});

test('who was told of somebody under the id that was merged away is reached as well', async () => {
  const [kept, absorbed] = [await world.someone(), await world.someone()];
  await world.read(QUESTIONS[0]?.query ?? '', '2026-09-02', system('HOUSING'), { id: absorbed.personId });
  const act = newId();
  await world.db.owner.query(
    `insert into person_act (id, kind, kept_id, other_id, done_by, done_at, reason)
     values ($1, 'MERGE', $2, $3, 'test', now(), '同一人')`,
    [act, kept.personId, absorbed.personId],
  );
  await world.db.owner.query('insert into person_alias (alias_id, person_id, act_id) values ($1, $2, $3)', [
    absorbed.personId,
    kept.personId,
    act,
  ]);
  const at = new Date('2026-09-10T00:00:00Z');
  await order([{ personId: kept.personId, told: ['Person.name'], cause: 'DIED', reference: 'merged', at }]);
  const recaller = world.recallerOn('2026-09-10');
  await recaller.run();
  await recaller.close();
  expect(await recallsOf('merged')).toEqual(['HOUSING housing.test HOUSING-1 Person.name']);
});

test('a thousand orders or three: the same few statements a round', async () => {
  const { personId } = await world.someone();
  await world.read(QUESTIONS[0]?.query ?? '', '2026-09-02', system('HOUSING'), { id: personId });
  const counted = async (many: number, name: string): Promise<number> => {
    const orders = Array.from({ length: many }, (_, i) => ({
      personId,
      told: ['Person.name'],
      cause: 'STATUS_ENDED' as const,
      reference: `${name}-${String(i)}`,
      at: new Date('2026-09-10T00:00:00Z'),
    }));
    let statements = 0;
    await inTransaction(world.db.server, async (tx) => {
      const counting: PoolClient = new Proxy(tx, {
        get: (target, name) => {
          if (name === 'query') statements += 1;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      await recall(counting, orders);
      const { recalls } = await carryOut(counting, { graph: world.graph, at: new Date('2026-09-10T00:00:00Z') });
      expect(recalls).toBe(Math.min(many, 200));
    });
    return statements;
  };
  const few = await counted(3, 'few');
  expect(few).toBe(6);
  const rest = await counted(200, 'many');
  expect(rest).toBe(few);
});

test('a corrected value is recalled from all who were told it, the statement of the status included', async () => {
  const someone = await world.someone();
  const grade = QUESTIONS[3]?.query ?? '';
  await world.read(grade, '2026-09-02', system('CIVIL_AFFAIRS'), { id: someone.personId });
  await world.read(grade, '2026-09-03', system(DISPUTED.owner, { client: 'owner.office' }), { id: someone.personId });
  await world.read(QUESTIONS[0]?.query ?? '', '2026-09-03', system('HOUSING'), { id: someone.personId });
  const { number } = await world.act('open', '2026-09-04', system('CIVIL_AFFAIRS'), {
    key: newId(),
    personId: someone.personId,
    coordinate: COORDINATE,
    recordId: someone.recordId,
    claimed: '四年级',
    evidence: '学籍卡',
  });
  const receipt = await world.act('answer', '2026-09-07', registrar(DISPUTED.owner), {
    number,
    verdict: 'CORRECTED',
    recordId: someone.recordId,
    wrongSince: '2026-09-03',
  });
  expect(receipt).toMatchObject({ recalled: 1 });
  expect(await recallsOf(number)).toEqual([`${DISPUTED.owner} owner.office ${DISPUTED.owner}-1 ${COORDINATE}`]);
});

const OPEN = `query($open: Boolean) { recalls(open: $open, first: 100) { nodes {
  id personId department client caseNo cause reference coordinates acknowledgedBy outcome note } } }`;
type Listed = Readonly<Record<string, unknown>> & { readonly id: string };

test('the department is told of whom, in which case and which fields; no other sees it; what was done is said once', async () => {
  const { personId } = await world.someone();
  await world.read(QUESTIONS[0]?.query ?? '', '2026-09-02', system('HOUSING'), { id: personId });
  await order([
    { personId, told: ['Person.name'], cause: 'DIED', reference: 'D-1', at: new Date('2026-09-10T00:00:00Z') },
  ]);
  const recaller = world.recallerOn('2026-09-10');
  await recaller.run();
  await recaller.close();
  const open = async (caller: Bound, open = true): Promise<readonly Listed[]> =>
    (
      await world.read<{ recalls: { nodes: readonly Listed[] } }>(OPEN, '2026-09-11', caller, { open })
    ).recalls.nodes.filter(({ reference }) => reference === 'D-1');
  const [found] = await open(registrar('HOUSING'));
  expect(found).toMatchObject({
    personId,
    client: 'housing.test',
    caseNo: 'HOUSING-1',
    cause: 'DIED',
    coordinates: ['Person.name'],
    acknowledgedBy: null,
  });
  expect(await open(system('HOUSING'))).toHaveLength(1);
  for (const department of DEPARTMENTS.filter((one) => one !== 'HOUSING'))
    for (const caller of [system(department), registrar(department)]) expect(await open(caller)).toEqual([]);

  const id = found?.id ?? '';
  const foreign = await world.refusal('acknowledge', '2026-09-11', registrar('HEALTH'), id);
  expect(foreign.message).toBe(
    (await world.refusal('acknowledge', '2026-09-11', registrar('HEALTH'), newId())).message,
  );
  const progress = async () =>
    (
      await world.read<{ recallProgress: { nodes: readonly Listed[] } }>(
        '{ recallProgress(department: HOUSING, first: 500) { nodes { id department cause acknowledgedAt done } } }',
        '2026-09-12',
        registrar('CIVIL_AFFAIRS'),
      )
    ).recallProgress.nodes.find((one) => one.id === id);
  expect(await progress()).toMatchObject({ department: 'HOUSING', cause: 'DIED', acknowledgedAt: null, done: false });
  const refused = await world.ask('{ recallProgress { nodes { id } } }', '2026-09-12', registrar('HOUSING'));
  expect(refused.errors).toMatchObject([{ code: 'OPERATION_DENIED' }]);

  expect(await world.act('acknowledge', '2026-09-11', registrar('HOUSING'), id)).toMatchObject({ unchanged: false });
  expect(await world.act('acknowledge', '2026-09-11', system('HOUSING'), id)).toMatchObject({
    acknowledgedBy: 'housing.registrar.test',
    unchanged: true,
  });
  expect(await progress()).toMatchObject({ acknowledgedAt: '2026-09-11T01:00:00.000Z', done: false });
  const act = (outcome: 'REVIEWED' | 'ADJUSTED', note?: string) => ({ id, outcome, ...(note ? { note } : {}) });
  const blank = await world.refusal('act', '2026-09-11', registrar('HOUSING'), act('ADJUSTED'));
  expect(blank.message).toMatch(/say what was adjusted/);
  const done = act('ADJUSTED', '租赁补贴自10月停发');
  expect(await world.act('act', '2026-09-11', registrar('HOUSING'), done)).toMatchObject({ outcome: 'ADJUSTED' });
  expect(await world.act('act', '2026-09-11', registrar('HOUSING'), done)).toMatchObject({ unchanged: true });
  const second = await world.refusal('act', '2026-09-11', registrar('HOUSING'), act('REVIEWED'));
  expect(second.message).toMatch(/acted on already/);
  expect(await open(registrar('HOUSING'))).toEqual([]);
  expect(await open(registrar('HOUSING'), false)).toMatchObject([{ outcome: 'ADJUSTED', note: '租赁补贴自10月停发' }]);
  expect(await progress()).toMatchObject({ done: true });
});

test('those who were told get a notice, once for each round and without a person; nobody else does', async () => {
  const { personId } = await world.someone();
  await world.read(QUESTIONS[0]?.query ?? '', '2026-09-02', system('LABOUR'), { id: personId });
  await world.db.owner.query('truncate notice');
  await order([
    { personId, told: ['Person.name'], cause: 'DIED', reference: 'D-2', at: new Date('2026-09-10T00:00:00Z') },
  ]);
  const recaller = world.recallerOn('2026-09-10');
  await recaller.run();
  await recaller.close();
  const { rows } = await world.db.owner.query<{ department: string; text: string }>(
    'select department, kind, text from notice',
  );
  expect(rows).toMatchObject([{ department: 'LABOUR', kind: 'VALUE_RECALLED' }]);
  expect(rows[0]?.text).not.toContain(personId);
});
