/** A row that is refused leaves nothing behind: above all not the person who would have been new with it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loan, loans, openWorld } from './world.ts';
import type { Cells, IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld({ chunk: 40 });
  await world.delivered('LOAN', [loan(1, { copyNo: 'TAKEN' })]);
});
afterAll(() => world.close());

const TAKEN = { copyNo: 'TAKEN' };

/** Names of everybody who has one of these numbers, and how much of people there is. */
async function people(...numbers: number[]): Promise<readonly string[]> {
  const { rows } = await world.database.owner.query<{ name: string }>(
    `select p.name from person p join person_identifier i on i.person_id = p.id where i.match_key = any($1) order by 1`,
    [numbers.map((number) => loan(number)['idNumber'])],
  );
  return rows.map(({ name }) => name);
}
async function traces(): Promise<unknown> {
  const { rows } = await world.database.owner.query(
    `select (select count(*) from person)::int as people, (select count(*) from person_identifier)::int as identifiers,
       (select count(*) from match_review)::int as reviews, (select count(*) from registry_conflict)::int as conflicts`,
  );
  return rows[0];
}
const nameOf = (number: number): string => loan(number)['name'] ?? '';

test('whoever is only in rows that are refused is not created, and the others are', async () => {
  const before = await traces();
  const { id, counts } = await world.delivered('LOAN', [loan(11, TAKEN), loan(12, TAKEN)]);
  expect(counts).toMatchObject({ rejected: 2, recorded: 0 });
  expect(await world.findings(id)).toEqual([
    [1, 'copyNo', 'ALREADY_HELD'],
    [2, 'copyNo', 'ALREADY_HELD'],
  ]);
  expect(await traces()).toEqual(before);

  const mixed = await world.delivered('LOAN', [loan(13, TAKEN), ...loans(14, 20), loan(21, TAKEN)]);
  expect(mixed.counts).toMatchObject({ rejected: 2, recorded: 7 });
  expect(await people(13, 21)).toEqual([]);
  expect(await people(14, 15, 16, 17, 18, 19, 20)).toHaveLength(7);
});

test('of somebody with a row that is taken and one that is refused there is one, whichever came first', async () => {
  await world.delivered('LOAN', [
    loan(31, { ...TAKEN, sourceKey: 'first' }),
    loan(31),
    loan(32),
    loan(32, { ...TAKEN, sourceKey: 'last' }),
  ]);
  expect(await people(31, 32)).toEqual([nameOf(31), nameOf(32)].sort());
});

test('another name under the number of a refused row is judged as if that row had not come', async () => {
  const { counts } = await world.delivered('LOAN', [
    loan(41, { ...TAKEN, name: '误名' }),
    loan(41, { sourceKey: 'right', copyNo: 'C-41' }),
  ]);
  expect(counts).toMatchObject({ rejected: 1, recorded: 1, held: 0 });
  expect(await people(41)).toEqual([nameOf(41)]);
});

test('one number under many names, all refused, ends and leaves nobody', async () => {
  const before = await traces();
  const rows: Cells[] = Array.from({ length: 30 }, (_, n) =>
    loan(51, { ...TAKEN, sourceKey: `many-${n}`, name: nameOf(500 + n) }),
  );
  const { counts, state } = await world.delivered('LOAN', rows);
  expect([state, counts.rejected]).toEqual(['APPLIED', 30]);
  expect(await traces()).toEqual(before);
});

test('two sources at once, one refused and one not: the person is there once, and only for the one that is taken', async () => {
  const other = world.another();
  other.start();
  const refused = loans(61, 90).map((row) => ({ ...row, ...TAKEN }));
  const [a, b] = await Promise.all([
    world.delivered('LOAN', refused, { sourceSystem: 'left' }),
    world.delivered('LOAN', loans(76, 105), { sourceSystem: 'right' }),
  ]);
  expect([a.counts.rejected, b.counts.recorded]).toEqual([30, 30]);
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);
  expect(await people(...numbers(61, 75))).toEqual([]);
  expect(await people(...numbers(76, 105))).toHaveLength(30);
});
