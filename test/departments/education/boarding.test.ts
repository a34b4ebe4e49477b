/** What education refuses of its own items of aid: a boarding subsidy for who does not board. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AidItem } from '../../../src/aid/index.ts';
import { newId } from '../../../src/platform/id.ts';
import { aidRules } from '../../../src/server/department-modules.ts';
import { grantTo, openAidWorld, outcomesOf } from '../../aid/aid-world.ts';
import type { AidWorld, Report, Somebody } from '../../aid/aid-world.ts';

let world: AidWorld;
let send: Report;
beforeAll(async () => {
  world = await openAidWorld();
  send = world.reporter({ rules: aidRules });
});
afterAll(() => world.close());

const report = async (items: readonly AidItem[]) => outcomesOf(await send(items));
const boarding = (to: Somebody, change: AidItem = {}): AidItem =>
  grantTo(to, { programme: '两免一补', item: '寄宿生生活补助', periodFrom: '2026-09', ...change });

const student = (to: Somebody, boards: boolean, term: string): Promise<unknown> =>
  world.db.owner.query(
    `insert into student_record (id, person_id, stage, school_code, school_name, grade, boarding, term, source_system, source_key, as_of)
     values ($1::uuid, $2, 'JUNIOR', '3162000001', '某中学', 7, $3, $4, 'education', $1::text, now())`,
    [newId(), to.personId, boards, term],
  );

test('who does not board in that term gets no boarding item, and keeps the two others', async () => {
  const [a, b, c] = world.people;
  await student(a, false, '2026-2');
  await student(a, true, '2025-2');
  await student(b, true, '2026-2');
  const held = boarding(c);
  expect(
    await report([
      boarding(a),
      grantTo(a, { programme: '两免一补', item: '免学杂费' }),
      grantTo(a, { programme: '两免一补', item: '免教科书费' }),
      boarding(a, { periodFrom: '2026-01', decidedOn: '2026-01-20' }),
      boarding(a, { periodFrom: null, decidedOn: '2026-09-10' }),
      boarding(b),
      // Nothing is known of the third.
      held,
    ]),
  ).toEqual(['NOT_A_BOARDER', 'RECORDED', 'RECORDED', 'RECORDED', 'NOT_A_BOARDER', 'RECORDED', 'RECORDED']);
  // What was taken stays taken, whatever is known later; and it can be reversed.
  await student(c, false, '2026-2');
  expect(await report([held, boarding(c)])).toEqual(['UNCHANGED', 'NOT_A_BOARDER']);
  expect(await report([boarding(c, { reversalOf: held.sourceKey })])).toEqual(['RECORDED']);
});

test('without the module of education there is no such rule', async () => {
  expect(outcomesOf(await world.reporter()([boarding(world.people[0])]))).toEqual(['RECORDED']);
});
