/** Refusals of work in a row (社会救助暂行办法 art. 45): the third unjustified one is what civil affairs is told of. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { callerOf, openEngine } from '../../harness/engine.ts';
import type { TestEngine } from '../../harness/engine.ts';
import { delivered, rowsIn } from '../../registry/rows.ts';
import type { Values } from '../../registry/rows.ts';

const civilAffairs = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'T-1' });

let database: TestDatabase;
let hub: TestEngine;
let rows: ReturnType<typeof rowsIn>;

beforeAll(async () => {
  database = await testDatabase();
  hub = await openEngine(database);
  rows = rowsIn(database.owner);
});
afterAll(() => database.drop());

const refused = (person: string, day: string, values: Values = {}) =>
  rows.insert('work_refusal', {
    person_id: person,
    offer: '理货员',
    refused_on: day,
    justified: false,
    ...delivered(),
    ...values,
  });

interface Refusal {
  readonly refusedOn: string;
  readonly unjustifiedInARow: number | null;
  readonly ownShareAtRisk: boolean;
}

async function refusalsOf(id: string): Promise<readonly [string, number | null, boolean][]> {
  const text = 'query P($id: ID!) { person(id: $id) { workRefusals { refusedOn unjustifiedInARow ownShareAtRisk } } }';
  const { data, errors } = await hub.ask(text, civilAffairs, { variables: { id } });
  expect(errors).toEqual([]);
  const { workRefusals } = (data as { person: { workRefusals: readonly Refusal[] } }).person;
  return workRefusals.map((one) => [one.refusedOn, one.unjustifiedInARow, one.ownShareAtRisk]);
}

async function toActOn(caller = civilAffairs): Promise<readonly string[]> {
  const { data, errors } = await hub.ask('{ refusalsToActOn { id } }', caller);
  expect(errors).toEqual([]);
  return (data as { refusalsToActOn: readonly { id: string }[] }).refusalsToActOn.map(({ id }) => id);
}

test('the third unjustified refusal in a row puts the own share at risk, once; a justified one neither counts nor ends the row', async () => {
  const person = await rows.person();
  await refused(person, '2026-01-10');
  await refused(person, '2026-02-10', { justified: true, reason: '患病' });
  await refused(person, '2026-03-10');
  expect(await toActOn()).toEqual([]);
  const third = await refused(person, '2026-04-10');
  await refused(person, '2026-05-10');
  expect(await refusalsOf(person)).toEqual([
    ['2026-05-10', 4, false],
    ['2026-04-10', 3, true],
    ['2026-03-10', 2, false],
    ['2026-02-10', null, false],
    ['2026-01-10', 1, false],
  ]);
  expect(await toActOn()).toEqual([third]);
});

test('taking up work ends the row, be it a public-interest post', async () => {
  const [hired, posted] = [await rows.person(), await rows.person()];
  const before = await toActOn();
  for (const person of [hired, posted]) for (const day of ['2026-01-10', '2026-02-10']) await refused(person, day);
  await rows.insert('employment_record', {
    person_id: hired,
    status: 'EMPLOYED',
    registered_on: '2026-02-20',
    ...delivered(),
  });
  await rows.insert('public_post', {
    person_id: posted,
    post: '保洁员',
    employer_uscc: '91620199MA00000000',
    valid_from: '2026-02-10',
    ...delivered(),
  });
  for (const person of [hired, posted]) await refused(person, '2026-03-10');
  expect((await refusalsOf(hired)).map(([, nth]) => nth)).toEqual([1, 2, 1]);
  expect((await refusalsOf(posted)).map(([, nth]) => nth)).toEqual([1, 2, 1]);
  expect(await toActOn()).toEqual(before);
});

test('a refusal that its source took back does not count', async () => {
  const person = await rows.person();
  await refused(person, '2026-01-10', { ended_on: '2026-06-01' });
  await refused(person, '2026-02-10');
  await refused(person, '2026-03-10');
  expect((await refusalsOf(person)).map(([, nth, risk]) => [nth, risk])).toEqual([
    [2, false],
    [1, false],
    [null, false],
  ]);
});

test('how many make a row is a dated rule, which a division may have of its own', async () => {
  const person = await rows.person({ prefecture_code: '620300000000', county_code: '620399000000' });
  const second = [await refused(person, '2026-01-10'), await refused(person, '2026-02-10')][1];
  expect(await toActOn()).not.toContain(second);
  await database.owner.query(
    `insert into labour_rule (rule, region_code, valid_from, valid_to, value, source)
     values ('REFUSALS_IN_A_ROW', '620300000000', '2026-02-01', '2026-02-28', 2, '某市规定')`,
  );
  expect(await toActOn()).toContain(second);
});

test('civil affairs is told of those of its own divisions, and a department that is not concerned of nobody', async () => {
  const person = await rows.person({ province_code: '360000000000', prefecture_code: '360100000000' });
  for (const day of ['2026-01-10', '2026-02-10']) await refused(person, day);
  const third = await refused(person, '2026-03-10');
  expect(await toActOn()).toContain(third);
  expect(
    await toActOn(callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'T-1', regions: ['620000000000'] })),
  ).not.toContain(third);
  const housing = callerOf('HOUSING', 'SYSTEM', { caseNo: 'T-1' });
  const { errors } = await hub.ask('{ refusalsToActOn { id } }', housing);
  expect(errors).toMatchObject([{ code: 'OPERATION_DENIED' }]);
});

test('every row that reached the number is told once, the latest first', async () => {
  const person = await rows.person();
  const thirds: string[] = [];
  for (const year of ['2024', '2025'])
    for (const day of ['01-10', '02-10', '03-10', '04-10']) {
      if (day === '04-10') {
        await rows.insert('employment_record', {
          person_id: person,
          status: 'EMPLOYED',
          registered_on: `${year}-04-10`,
          ...delivered(),
        });
        continue;
      }
      const id = await refused(person, `${year}-${day}`);
      if (day === '03-10') thirds.unshift(id);
    }
  const found = await toActOn();
  expect(found.filter((id) => thirds.includes(id))).toEqual(thirds);
});
