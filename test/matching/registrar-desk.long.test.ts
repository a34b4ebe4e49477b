/** The registrars' desk, whole: a doubtful row is delivered, reviewed, decided, applied, and known the next time. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { recordDeaths, openConflicts } from '../../src/matching/index.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { callerOf } from '../harness/engine.ts';
import type { HttpAnswer } from '../harness/hub.ts';
import { openDelivering } from '../departments/delivering.ts';
import type { Delivering, Item } from '../departments/delivering.ts';
import { AT, identify, knownPerson, numberOf, stepOf } from './rows.ts';

let world: Delivering;
beforeAll(async () => {
  world = await openDelivering();
});
afterAll(() => world.close());

const REGISTRAR = { purposes: ['DATA_QUALITY'], purpose: 'DATA_QUALITY', caseNo: 'DQ-2026-000001' } as const;
const registrar = (change: Partial<Bound> = {}): Bound =>
  callerOf('CIVIL_AFFAIRS', 'REGISTRAR', { ...REGISTRAR, ...change });

const ask = (query: string, variables: Record<string, unknown> = {}, caller = registrar()): Promise<HttpAnswer> =>
  world.hub.ask(query, caller, { variables });

const student = (who: Item, sourceKey: string): Item => ({
  sourceKey,
  stage: 'PRIMARY',
  schoolCode: 'S-1',
  schoolName: '第一小学',
  grade: 3,
  boarding: false,
  term: '2026-1',
  region: '620402001000',
  ...who,
});

const REVIEWS = `query ($state: ReviewState) { matchReviews(state: $state, first: 50) { nodes {
  id name birthDate idValue department state candidates { place score evidence person { id name idNumber } } } } }`;
const DECIDE = `mutation ($input: DecideMatchInput!) { decideMatch(input: $input) { state personId rows } }`;

interface Review {
  readonly id: string;
  readonly name: string;
  readonly candidates: readonly {
    readonly person: { readonly id: string; readonly name: string } | null;
    readonly evidence: readonly string[];
  }[];
}

async function reviewOf(name: string): Promise<Review> {
  const { json, text } = await ask(REVIEWS, { state: 'OPEN' });
  const { nodes } = (json.data?.['matchReviews'] ?? { nodes: [] }) as { nodes: readonly Review[] };
  const found = nodes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no open review of that name: ${text}`);
  return found;
}

const studentOf = async (sourceKey: string): Promise<string | undefined> =>
  (
    await world.database.owner.query<{ person_id: string }>(
      'select person_id from student_record where source_key = $1',
      [sourceKey],
    )
  ).rows[0]?.person_id;

test('a decision for somebody known applies the row that waited, and stands for the next delivery', async () => {
  const { owner } = world.database;
  const born = '2014-05-06';
  const personId = await knownPerson(owner, { name: '柳梦梅', sex: '1', born, number: numberOf(born, 11) });
  await knownPerson(owner, { name: '柳梦梅', sex: '1', born, number: numberOf(born, 13) });
  const who = { name: '柳梦梅', sex: '1', birthDate: born };
  expect(await world.submit('EDUCATION', 'STUDENT', [student(who, 'R-1')])).toMatchObject([{ outcome: 'HELD' }]);
  const review = await reviewOf('柳梦梅');
  expect(review.candidates).toHaveLength(2);
  expect(review.candidates[0]?.evidence[1]).toMatch(/^姓名：一致/);
  expect(await studentOf('R-1')).toBeUndefined();

  const input = { reviewId: review.id, personId, reason: '与学校核实，学籍照片一致' };
  const { json, text } = await ask(DECIDE, { input });
  expect([text, json.data]).toEqual([text, { decideMatch: { state: 'MATCHED', personId, rows: 1 } }]);
  expect(await studentOf('R-1')).toBe(personId);
  expect(
    await world.submit('EDUCATION', 'STUDENT', [
      student({ ...who, schoolName: '第二小学' }, 'R-1'),
      student(who, 'R-2'),
    ]),
  ).toMatchObject([{ outcome: 'CHANGED' }, { outcome: 'RECORDED' }]);
  expect(await studentOf('R-2')).toBe(personId);
  expect((await ask(DECIDE, { input })).text).toContain('it was decided');
});

test('somebody new under a number that another has is made, and the shared number becomes a conflict', async () => {
  const { owner } = world.database;
  const born = '1980-10-10';
  const number = numberOf(born, 15);
  const holder = await knownPerson(owner, { name: '石玉昆', born, number });
  expect(
    await world.submit('EDUCATION', 'STUDENT', [student({ name: '郭小亭', idNumber: number }, 'R-3')]),
  ).toMatchObject([{ outcome: 'HELD' }]);
  const review = await reviewOf('郭小亭');
  const { json } = await ask(DECIDE, { input: { reviewId: review.id, newPerson: true, reason: '公安答复两人重号' } });
  const decided = json.data?.['decideMatch'] as { personId: string; state: string };
  expect(decided.state).toBe('CREATED');
  expect(await studentOf('R-3')).toBe(decided.personId);
  const { rows } = await owner.query(
    'select kind, person_id, other_person_id from registry_conflict where person_id = $1',
    [holder],
  );
  expect(rows).toEqual([{ kind: 'ID_SHARED', person_id: holder, other_person_id: decided.personId }]);
});

test('a rejected subject is not used, now and later', async () => {
  const born = '2013-01-09';
  await knownPerson(world.database.owner, { name: '胡一刀', born, number: numberOf(born, 17) });
  const row = student({ name: '胡一刀', birthDate: born, sex: '1', region: '620402002000' }, 'R-4');
  await world.submit('EDUCATION', 'STUDENT', [row]);
  const review = await reviewOf('胡一刀');
  const { json } = await ask(DECIDE, { input: { reviewId: review.id, reject: true, reason: '学校误报' } });
  expect(json.data?.['decideMatch']).toMatchObject({ state: 'REJECTED', personId: null, rows: 1 });
  expect(await world.submit('EDUCATION', 'STUDENT', [row])).toMatchObject([{ outcome: 'REJECTED' }]);
});

test.each([
  ['a registrar of another department', callerOf('EDUCATION', 'REGISTRAR', { ...REGISTRAR })],
  ['a system of civil affairs', callerOf('CIVIL_AFFAIRS', 'SYSTEM', { ...REGISTRAR })],
  ['a registrar with another purpose', registrar({ purposes: ['DATA_SUPPLY'], purpose: 'DATA_SUPPLY' })],
])('%s decides nothing, and the refusal is on record', async (_, caller) => {
  const before = await refusals();
  const answer = await ask(DECIDE, { input: { reviewId: 'x', reject: true, reason: '无权' } }, caller);
  expect(answer.status).toBe(403);
  expect(await refusals()).toBe(before + 1);
});

const refusals = async (): Promise<number> =>
  Number(
    (
      await world.database.owner.query<{ n: string }>(
        `select count(*) as n from access_record where decision = 'REFUSED'`,
      )
    ).rows[0]?.n,
  );

test('reviews of another province are not told', async () => {
  const { json } = await ask(REVIEWS, {}, registrar({ regions: ['360000000000'] }));
  expect(json.data?.['matchReviews']).toEqual({ nodes: [] });
});

test('what lies in another province is not there to be decided or merged', async () => {
  const elsewhere = registrar({ regions: ['360000000000'] });
  const { owner } = world.database;
  const born = '2012-02-02';
  const [keptId, absorbedId] = [
    await knownPerson(owner, { name: '黄药师', born, number: numberOf(born, 19) }),
    await knownPerson(owner, { name: '黄药师', born, number: numberOf(born, 21) }),
  ];
  await world.submit('EDUCATION', 'STUDENT', [student({ name: '黄药师', birthDate: born, sex: '1' }, 'R-9')]);
  const { id: reviewId } = await reviewOf('黄药师');
  const decided = await ask(DECIDE, { input: { reviewId, reject: true, reason: '越区' } }, elsewhere);
  expect(decided.text).toContain('there is no review with this identifier');
  const merge = 'mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { id } }';
  const merged = await ask(merge, { input: { keptId, absorbedId, reason: '越区' } }, elsewhere);
  expect(merged.text).toContain('there is no such person');
});

test('neither two answers nor none decide, and a reason with an identity number is refused', async () => {
  for (const input of [{ personId: 'x', reject: true }, {}])
    expect((await ask(DECIDE, { input: { reviewId: 'x', reason: '理由', ...input } })).text).toContain('give one of');
  const number = numberOf('1999-01-01', 1);
  expect((await ask(DECIDE, { input: { reviewId: 'x', reject: true, reason: `见 ${number}` } })).text).toContain(
    'without identity numbers',
  );
});

test('the first date of death is taken, another becomes a conflict, and deciding sets it', async () => {
  const { owner, server } = world.database;
  const personId = await knownPerson(owner, { name: '钟离权' });
  const report = (diedOn: string) =>
    inTransaction(server, (tx) => recordDeaths(tx, stepOf(), [{ personId, diedOn, sourceKey: diedOn }]));
  expect(await report('2026-10-01')).toEqual({ recorded: 1, conflicts: 0 });
  expect(await report('2026-10-01')).toEqual({ recorded: 0, conflicts: 0 });
  expect(await report('2026-10-03')).toEqual({ recorded: 0, conflicts: 1 });
  const { json } = await ask(
    '{ registryConflicts(kind: DEATH_DATE) { nodes { id registered delivered person { diedOn } } } }',
  );
  const { nodes } = json.data?.['registryConflicts'] as { nodes: readonly { id: string }[] };
  expect(nodes).toEqual([
    { id: nodes[0]?.id, registered: '2026-10-01', delivered: '2026-10-03', person: { diedOn: '2026-10-01' } },
  ]);
  const input = { id: nodes[0]?.id, outcome: 'SET_DATE', on: '2026-10-02', reason: '死亡医学证明' };
  const decide = 'mutation ($input: DecideConflictInput!) { decideConflict(input: $input) { kind outcome changed } }';
  expect((await ask(decide, { input })).json.data).toEqual({
    decideConflict: { kind: 'DEATH_DATE', outcome: 'SET_DATE', changed: 1 },
  });
  expect((await owner.query('select died_on from person where id = $1', [personId])).rows).toEqual([
    { died_on: '2026-10-02' },
  ]);
  expect((await ask(decide, { input })).text).toContain('it was decided');
  // What was decided is not asked again.
  expect((await report('2026-10-03')).conflicts).toBe(0);
  expect((await owner.query('select told, cause from recall_order where person_id = $1', [personId])).rows).toEqual([
    { told: ['status'], cause: 'DIED' },
  ]);
});

test('of two households the membership that stood ends on the day decided', async () => {
  const { owner, server } = world.database;
  const personId = await knownPerson(owner, { name: '蓝采和' });
  const households = [await world.rows.household(), await world.rows.household()] as const;
  await world.rows.insert('membership', {
    household_id: households[0],
    person_id: personId,
    relation: '02',
    role: 'BENEFICIARY',
    valid_from: '2020-01-01',
    source_system: 'civil-affairs',
    source_key: 'M',
    as_of: AT,
  });
  const { asOf, department, sourceSystem } = stepOf();
  await inTransaction(server, (tx) =>
    openConflicts(tx, AT, [
      {
        kind: 'DOUBLE_HOUSEHOLD',
        personId,
        householdId: households[0],
        otherHouseholdId: households[1],
        asOf,
        department,
        sourceSystem,
        sourceKey: 'K',
      },
    ]),
  );
  const { json } = await ask(
    '{ registryConflicts(kind: DOUBLE_HOUSEHOLD, state: OPEN) { nodes { id household { id } otherHousehold { id } } } }',
  );
  const { nodes } = json.data?.['registryConflicts'] as { nodes: readonly { id: string }[] };
  expect(nodes).toMatchObject([{ household: { id: households[0] }, otherHousehold: { id: households[1] } }]);
  const input = { id: nodes[0]?.id, outcome: 'END_OTHER', on: '2026-08-31', reason: '婚入另一家庭' };
  const decide = 'mutation ($input: DecideConflictInput!) { decideConflict(input: $input) { changed } }';
  expect((await ask(decide, { input: { ...input, on: '2019-01-01' } })).text).toContain('begins after this day');
  expect((await ask(decide, { input })).json.data).toEqual({ decideConflict: { changed: 1 } });
  expect((await owner.query('select valid_to from membership where person_id = $1', [personId])).rows).toEqual([
    { valid_to: '2026-08-31' },
  ]);
});

test('a merged person answers under both ids, with the accesses to both, until the merge is undone', async () => {
  const { owner } = world.database;
  const [keptId, absorbedId] = [
    await knownPerson(owner, { name: '韩湘子' }),
    await knownPerson(owner, { name: '韩湘' }),
  ];
  await identify(owner, absorbedId, numberOf('1966-06-06', 9));
  const name = (id: string) => ask(`{ person(id: "${id}") { id name idNumber } }`);
  const lookers = async (id: string): Promise<number> => {
    const { json } = await ask(
      `{ accessesOf(personId: "${id}", first: 50) { nodes { id role } } }`,
      {},
      callerOf('CIVIL_AFFAIRS', 'STEWARD', { caseNo: 'GOV-2026-1' }),
    );
    const { nodes } = json.data?.['accessesOf'] as { nodes: { role: string }[] };
    // Asking who looked is an access as well.
    return nodes.filter(({ role }) => role === 'REGISTRAR').length;
  };
  await name(absorbedId);
  await name(keptId);
  const before = { kept: await lookers(keptId), absorbed: await lookers(absorbedId) };
  expect(before).toEqual({ kept: 1, absorbed: 1 });
  const merge = 'mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { id moved } }';
  const { json, text } = await ask(merge, { input: { keptId, absorbedId, reason: '同一人两次建档' } });
  const act = json.data?.['mergePersons'] as { id: string; moved: number } | undefined;
  expect([text, act?.moved]).toEqual([text, 1]);
  for (const id of [keptId, absorbedId])
    expect((await name(id)).json.data).toMatchObject({
      person: { id: keptId, name: '韩湘子', idNumber: numberOf('1966-06-06', 9) },
    });
  // Two before, the merge itself in the name of both, two since.
  expect([await lookers(keptId), await lookers(absorbedId)]).toEqual([6, 6]);
  const undo = 'mutation ($input: UndoPersonActInput!) { undoMerge(input: $input) { moved } }';
  expect((await ask(undo, { input: { id: act?.id, reason: '不是同一人' } })).json.data).toEqual({
    undoMerge: { moved: 1 },
  });
  expect((await name(absorbedId)).json.data).toMatchObject({ person: { id: absorbedId, name: '韩湘' } });
});
