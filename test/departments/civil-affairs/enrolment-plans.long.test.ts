/** What a list costs grows with its lines and not with their square, nor with what is held, though nothing was ever analysed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import { addDays } from '../../../src/platform/dates.ts';
import { watchedPool } from '../../harness/looks.ts';
import { line, LONGXI, openCivilAffairs } from './world.ts';
import type { Cells, CivilAffairsWorld } from './world.ts';

const LINES = 2_000;
/** Rows that any node of a plan may look at, for each line of the list. */
const MOST_EACH = 40;

const told: string[] = [];
let world: CivilAffairsWorld;
beforeAll(async () => {
  world = await openCivilAffairs(LINES, (pool) => watchedPool(pool, MOST_EACH * LINES, told));
});
afterAll(() => world.close());

/** The n-th line: two persons to a certificate. */
const listed = (n: number, cells: Cells = {}): Cells =>
  line(`D${String(Math.floor(n / 2))}`, n, {
    idNumber: makeResidentId('620199', addDays('1950-01-01', n), 100 + (n % 800)),
    relation: n % 2 === 0 ? '户主' : '配偶',
    ...cells,
  });
const lines = (from: number, through: number, cells?: (n: number) => Cells): Cells[] =>
  Array.from({ length: through - from }, (_, n) => listed(from + n, cells?.(from + n)));

const whole = { mode: 'SNAPSHOT', region: LONGXI, endAll: true } as const;

test.each<[string, string, () => Cells[], object]>([
  ['a first list', '2026-07-20', () => lines(0, LINES), { recorded: LINES }],
  [
    'the same with other amounts',
    '2026-08-20',
    () => lines(0, LINES, () => ({ amount: '900' })),
    { changed: LINES, unchanged: 0 },
  ],
  [
    'half of them gone, others come',
    '2026-09-20',
    () => lines(LINES / 2, LINES * 1.5, (n) => ({ amount: n < LINES ? '900' : '800' })),
    { recorded: LINES / 2, unchanged: LINES / 2 },
  ],
  [
    'everybody moved to another certificate',
    '2026-10-20',
    () =>
      lines(LINES / 2, LINES * 1.5, (n) => ({ certificateNo: `E${String(Math.floor(n / 2))}`, startMonth: '2026-10' })),
    { changed: LINES },
  ],
  [
    'everybody on two certificates',
    '2026-11-20',
    () => [
      ...lines(LINES / 2, LINES, (n) => ({ certificateNo: `E${String(Math.floor(n / 2))}`, startMonth: '2026-10' })),
      ...lines(LINES / 2, LINES, (n) => ({ certificateNo: `F${String(n)}`, sourceKey: `F${String(n)}` })),
    ],
    { conflicts: LINES / 2 },
  ],
  [
    'others, each of them twice',
    '2026-11-21',
    () => [
      ...lines(LINES * 2, LINES * 2.5),
      ...lines(LINES * 2, LINES * 2.5, (n) => ({ certificateNo: `G${String(n)}`, sourceKey: `G${String(n)}` })),
    ],
    { recorded: LINES / 2, conflicts: LINES / 2 },
  ],
])(
  '%s',
  async (_what, asOf, rows, counts) => {
    const delivery = await world.deliver('ENROLMENT', rows(), { ...whole, asOf });
    expect(delivery).toMatchObject({ state: 'APPLIED', counts });
    expect(told.splice(0)).toEqual([]);
  },
  120_000,
);
