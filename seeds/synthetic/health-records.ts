/** What medical security and health record beside bills: insurance and emergencies. Each draws from a stream of its own. */
import { dateOf, dayOf } from './calendar.ts';
import type { Person } from './people.ts';
import type { Settlement } from './records.ts';
import { cells } from './sheets.ts';
import type { World } from './world.ts';

/** The premium of 2025 and 2026, in fen. */
const PREMIUM = 400_00;
/** Of it, what is paid for whom: as seeds/reference/premium-aid.csv has it. */
const PAID: Readonly<Record<string, readonly [mode: string, fen: number]>> = {
  TEKUN: ['FULL', PREMIUM],
  DIBAO: ['FIXED', 280_00],
  RELAPSE_MONITORED: ['FIXED', 280_00],
};

/** Records somebody's insurance of this year; who is enrolled in `programme` is helped with the premium. */
export function insure(world: World, person: Person, programme: string | null): void {
  const random = world.dice.insurance;
  // Two in a hundred are insured nowhere: they are those whom one would look for.
  if (random.chance(0.02)) return;
  const employee = programme === null && person.age >= 18 && person.age < 60 && random.chance(0.3);
  const year = dateOf(world.today).slice(0, 4);
  const [mode, fen] = employee ? [] : (PAID[programme ?? ''] ?? []);
  world.sheets.add('insured_record', [
    world.id('insured_record'),
    person.id,
    employee ? 'EMPLOYEE' : 'RESIDENT',
    dateOf(Math.max(dayOf(`${year}-01-01`), person.born)),
    employee ? null : `${year}-12-31`,
    employee ? null : PREMIUM,
    mode === undefined ? null : programme,
    mode ?? null,
    fen ?? null,
    world.provenance('medical-security', 'C'),
  ]);
}

const SEEN = ['男，约60岁，着灰色外套，无随身物品', '女，约45岁，短发，右腕有旧伤疤', '男，约30岁，昏迷，着工装'];
const PLACES = ['县汽车站候车厅', '国道旁', '集市入口', '河堤'];

/** Records one in twenty of the bills that nobody could pay as an emergency; of those, every fifth came unknown. */
export function treatAtOnce(world: World, person: Person, bill: Settlement): void {
  const random = world.dice.emergency;
  if (!bill.inpatient || bill.selfFen < 8_000_00 || !random.chance(0.05)) return;
  const known = !random.chance(0.2);
  const arrived = Math.max(person.born, bill.on - random.whole(5, 40));
  const total = bill.selfFen;
  const self = Math.round(total * 0.1 * random.fraction());
  const paid = random.chance(0.7);
  const fund = paid ? Math.round((total - self) * (0.6 + 0.4 * random.fraction())) : 0;
  world.sheets.add('emergency_case', [
    world.id('emergency_case'),
    person.id,
    `${person.place.countyName}人民医院`,
    dateOf(arrived),
    known,
    known ? null : random.pick(PLACES),
    known ? null : random.pick(SEEN),
    cells(total, 0, 0, self, fund, total - self - fund),
    paid ? dateOf(Math.min(world.today, arrived + random.whole(30, 120))) : null,
    world.provenance('health', 'Q'),
  ]);
}
