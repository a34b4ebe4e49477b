/** A grant that is sent again is the same grant, whatever was merged, split or undone since. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AidItem } from '../../src/aid/index.ts';
import { mergeInto, splitFrom, undoAct } from '../../src/matching/move-persons.ts';
import type { PersonAct } from '../../src/matching/move-persons.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { grantTo, openAidWorld } from './aid-world.ts';
import type { AidWorld, Report } from './aid-world.ts';

let world: AidWorld;
let report: Report;
beforeAll(async () => {
  world = await openAidWorld();
  report = world.reporter();
});
afterAll(() => world.close());

const acting = {
  by: 'test',
  regions: ['620000000000'],
  at: new Date('2026-11-22T02:00:00Z'),
  reason: '同一人重复建档',
};
const doing = (work: (tx: PoolClient) => Promise<PersonAct>): Promise<PersonAct> =>
  inTransaction(world.db.server, work);

/** What the hub answers about one item: outcome, code, and the grant it means. */
async function told(item: AidItem): Promise<readonly (string | null)[]> {
  const [receipt] = await report([item]);
  if (receipt === undefined) throw new Error('every item has a receipt');
  return [receipt.outcome, receipt.code, receipt.grantId];
}

test('after a merge, and after its undoing, it is unchanged: sent before, between, and by either number', async () => {
  const [kept, absorbed] = world.people;
  const before = grantTo(absorbed);
  const [outcome, , first] = await told(before);
  expect(outcome).toBe('RECORDED');
  const merge = await doing((tx) => mergeInto(tx, kept.personId, absorbed.personId, acting));
  expect(await told(before)).toEqual(['UNCHANGED', null, first]);
  // By the number of who stands it is the same person too.
  expect(await told({ ...before, idNumber: kept.idNumber, name: kept.name })).toEqual(['UNCHANGED', null, first]);
  const between = grantTo(absorbed);
  const [, , second] = await told(between);
  // What says something else is still another grant under a used key.
  expect((await told({ ...before, amountYuan: '1300.00' })).slice(0, 2)).toEqual(['REJECTED', 'KEY_REUSED']);

  await doing((tx) => undoAct(tx, 'MERGE', merge.id, acting));
  expect(await told(before)).toEqual(['UNCHANGED', null, first]);
  expect(await told(between)).toEqual(['UNCHANGED', null, second]);
  // They are two persons again.
  const swapped = await told({ ...before, idNumber: kept.idNumber, name: kept.name });
  expect(swapped.slice(0, 2)).toEqual(['REJECTED', 'KEY_REUSED']);
});

test('after a split, and after its undoing, it is unchanged', async () => {
  const [, , person] = world.people;
  const grant = grantTo(person);
  const [, , id] = await told(grant);
  const { rows } = await world.db.owner.query<{ id: string }>('select id from person_identifier where person_id = $1', [
    person.personId,
  ]);
  const part = { identifierIds: rows.map((one) => one.id), rows: [] };
  const split = await doing((tx) => splitFrom(tx, person.personId, part, acting));
  expect(await told(grant)).toEqual(['UNCHANGED', null, id]);
  await doing((tx) => undoAct(tx, 'SPLIT', split.id, acting));
  expect(await told(grant)).toEqual(['UNCHANGED', null, id]);
});

test('somebody with whom nobody was merged is somebody else', async () => {
  const [, , person, other] = world.people;
  const grant = grantTo(other);
  await told(grant);
  expect((await told({ ...grant, idNumber: person.idNumber, name: person.name })).slice(0, 2)).toEqual([
    'REJECTED',
    'KEY_REUSED',
  ]);
});
