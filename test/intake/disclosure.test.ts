/** What a deliverer learns of a person by delivering: nothing that tells whether the hub knew somebody before. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { education, loan, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
  // Known to the hub from somebody else; 2 and 4 are known to nobody.
  await world.delivered('LOAN', [loan(1), loan(3)], { sourceSystem: 'another' });
});
afterAll(() => world.close());

/** All that an item's sender is told, without the key that is the sender's own. */
async function told(number: number, dryRun: boolean): Promise<unknown> {
  const items = [{ fields: loan(number, { sourceKey: 'own' }) }];
  const { results } = await world.intake.submit(education, { record: 'LOAN', items, dryRun }, world.context);
  return results;
}

test('a known and an unknown person are told alike, by a call and by its dry run', async () => {
  expect(await told(1, true)).toEqual(await told(2, true));
  const known = await told(1, false);
  await world.database.owner.query(`delete from loan where source_key = 'own'`);
  expect(await told(2, false)).toEqual(known);
});

test('a known and an unknown person are told alike by a file, its preview and its findings', async () => {
  const seen = [];
  for (const number of [3, 4]) {
    const id = await world.staged('LOAN', [loan(number, { sourceKey: `file-${number}` })]);
    await world.intake.preview(education, id, world.context);
    const preview = await world.intake.settled(id);
    await world.intake.apply(education, id, {}, world.context);
    const applied = await world.intake.settled(id);
    const own = ({ counts, state, code, appliedThrough }: typeof applied) => ({ counts, state, code, appliedThrough });
    seen.push([own(preview), own(applied), await world.findings(id)]);
  }
  expect(seen[0]).toEqual(seen[1]);
});
