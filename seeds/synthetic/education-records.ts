/** What education records beside where somebody studies: vouchers, and fees that are put off. In a stream of its own. */
import { dateOf, termOf } from './calendar.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** Where somebody studies. */
interface Studies {
  readonly stage: string;
  readonly schoolName: string;
}

/** Gives some pupils a voucher of this term, most of them redeemed, and puts off the fees of some students. */
export function easeFees(world: World, person: Person, { stage, schoolName }: Studies): void {
  const random = world.dice.fees;
  const higher = stage === 'UNDERGRADUATE' || stage === 'POSTGRADUATE';
  if (!higher && stage !== 'PRESCHOOL' && random.chance(0.06)) {
    const issued = world.today - random.whole(40, 110);
    const redeemed = random.chance(0.7) ? issued + random.whole(1, 39) : null;
    world.sheets.add('education_voucher', [
      world.id('education_voucher'),
      person.id,
      termOf(world.today),
      random.whole(2, 12) * 50_00,
      random.pick(['{SUNDRY,BOARDING}', '{AGENCY}', null]),
      dateOf(issued),
      world.date(redeemed),
      redeemed === null ? null : schoolName,
      world.provenance('education', 'V'),
    ]);
  }
  if (!random.chance(higher ? 0.08 : 0.004)) return;
  const granted = world.today - random.whole(30, 90);
  world.sheets.add('fee_deferral', [
    world.id('fee_deferral'),
    person.id,
    higher ? 'GREEN_CHANNEL' : 'DEFERRED',
    schoolName,
    termOf(world.today),
    higher ? '{TUITION,BOARDING}' : '{BOARDING}',
    higher ? random.whole(38, 80) * 100_00 : random.whole(4, 12) * 50_00,
    dateOf(granted),
    dateOf(granted + 120),
    random.chance(0.3) ? dateOf(granted + random.whole(10, 29)) : null,
    world.provenance('education', 'F'),
  ]);
}
