import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../../seeds/synthetic/random.ts';
import { line, LONGXI, openCivilAffairs, STATE } from './world.ts';
import type { Cells, CivilAffairsWorld } from './world.ts';

/** All lines of a list in one transaction, and two at a time: households lie across the borders of chunks. */
let whole: CivilAffairsWorld;
let bits: CivilAffairsWorld;
beforeAll(async () => {
  [whole, bits] = await Promise.all([openCivilAffairs(1_000), openCivilAffairs(2)]);
});
afterAll(() => Promise.all([whole.close(), bits.close()]));

/** Three months of a county: families of one to three, whose amounts, classes, states and members change. */
function months(random: Random): { asOf: string; list: Cells[] }[] {
  const families = Array.from({ length: 7 }, (_, f) => ({ f, size: random.whole(1, 3), shared: random.chance(0.5) }));
  return ['2026-09-20', '2026-10-20', '2026-11-20'].map((asOf) => ({
    asOf,
    list: families.flatMap(({ f, size, shared }) => {
      const month = {
        amount: shared ? String(random.whole(4, 7) * 100) : '',
        category: random.pick(['A', 'B']),
        status: random.pick(['正常', '正常', '正常', '暂停']),
        causes: random.pick(['因病', '因残、因病']),
      };
      return Array.from({ length: size }, (_, m) => m)
        .filter((m) => m === 0 || random.chance(0.8))
        .map((m) =>
          line(`D${f}`, f * 3 + m, {
            ...month,
            relation: m === 0 ? '户主' : '子',
            personAmount: shared ? '' : String(random.whole(2, 4) * 100 + 100 * f),
          }),
        );
    }),
  }));
}

function shuffled(list: readonly Cells[], random: Random): Cells[] {
  const left = [...list];
  return Array.from({ length: list.length }, () => left.splice(random.whole(0, left.length - 1), 1)[0] ?? {});
}

test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
  'lists in another order, in chunks that cut households, end in the same state (%i)',
  async (seed) => {
    const random = new Random(seed, 'lists');
    await Promise.all([whole.forget(), bits.forget()]);
    for (const { asOf, list } of months(random)) {
      const how = { asOf, mode: 'SNAPSHOT', region: LONGXI, endAll: true } as const;
      const [first, second] = await Promise.all([
        whole.deliver('ENROLMENT', list, how),
        bits.deliver('ENROLMENT', shuffled(list, random), how),
      ]);
      expect(second.counts).toEqual(first.counts);
    }
    const [state] = await whole.rows(STATE);
    expect(JSON.stringify(state).length).toBeGreaterThan(1_000);
    expect((await bits.rows(STATE))[0]).toEqual(state);
  },
);
