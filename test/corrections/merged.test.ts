/** Disputes about somebody who was merged into another: under either id they are of the one who stands. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mergeInto } from '../../src/matching/move-persons.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { openCorrectionsWorld, registrar, system } from './world.ts';
import type { CorrectionsWorld, Someone } from './world.ts';

let world: CorrectionsWorld;
beforeAll(async () => {
  world = await openCorrectionsWorld();
}, 60_000);
afterAll(() => world.close());

const DAY = '2026-09-07';
const reads = ({ personId: id }: Someone, department: 'HOUSING' | 'HEALTH' = 'HOUSING') =>
  world.read('query($id: ID!) { person(id: $id) { name } }', '2026-09-02', system(department), { id });
const claimOf = (personId: string, change: object = {}) => ({
  ...{ key: newId(), personId, coordinate: 'Person.name', claimed: '张三丰', evidence: '户口簿' },
  ...change,
});
const open = (claim: ReturnType<typeof claimOf>) => world.act('open', DAY, system('HOUSING'), claim);

/** Both are in one case of each department, as one person cannot be. */
const merge = async (kept: Someone, absorbed: Someone): Promise<void> => {
  await world.db.owner.query('delete from caseload where person_id = $1', [absorbed.personId]);
  await inTransaction(world.db.owner, (tx) =>
    mergeInto(tx, kept.personId, absorbed.personId, {
      ...{ by: 'test', regions: ['620000000000'], at: new Date('2026-09-03T00:00:00Z'), reason: '同一人' },
    }),
  );
};

const personOf = async (number: string): Promise<unknown> =>
  (await world.db.owner.query<{ of: string }>('select person_id as of from correction where number = $1', [number]))
    .rows[0]?.of;

test('who was told under the id that was merged away disputes under it, or under the one that stands', async () => {
  const [kept, absorbed] = [await world.someone(), await world.someone()];
  await reads(absorbed);
  await reads(kept, 'HEALTH');
  await merge(kept, absorbed);
  const claim = claimOf(absorbed.personId, { recordId: absorbed.personId });
  const opened = await open(claim);
  expect(opened).toMatchObject({ owner: 'CIVIL_AFFAIRS', unchanged: false });
  expect(await personOf(opened.number)).toBe(kept.personId);
  // The same again, under either id; another dispute of the same value is one too many under either.
  expect(await open(claim)).toEqual({ ...opened, unchanged: true });
  expect(await open({ ...claim, personId: kept.personId })).toEqual({ ...opened, unchanged: true });
  for (const id of [kept.personId, absorbed.personId])
    expect((await world.refusal('open', DAY, system('HOUSING'), claimOf(id))).message).toMatch(/already/);

  const answer = { number: opened.number, verdict: 'CORRECTED', recordId: absorbed.personId } as const;
  expect(await world.act('answer', DAY, registrar('CIVIL_AFFAIRS'), answer)).toMatchObject({ recalled: 2 });
});

test('what was opened before the merge is the same when it is sent again after it', async () => {
  const [kept, absorbed] = [await world.someone(), await world.someone()];
  await reads(absorbed);
  const claim = claimOf(absorbed.personId);
  const opened = await open(claim);
  await merge(kept, absorbed);
  expect(await personOf(opened.number)).toBe(kept.personId);
  expect(await open(claim)).toEqual({ ...opened, unchanged: true });
  expect(await open({ ...claim, personId: kept.personId })).toEqual({ ...opened, unchanged: true });
});

test('one department disputes the same value of both: they are merged when one of the disputes is answered', async () => {
  const [kept, absorbed] = [await world.someone(), await world.someone()];
  await reads(absorbed);
  await reads(kept);
  await open(claimOf(kept.personId));
  const { number } = await open(claimOf(absorbed.personId));
  await expect(merge(kept, absorbed)).rejects.toThrow(/disputes the same value of both/);
  await world.act('answer', DAY, registrar('CIVIL_AFFAIRS'), { number, verdict: 'UPHELD', reason: '与户口簿一致' });
  await merge(kept, absorbed);
});
