/** What housing records beside how somebody lives: flats, rent subsidies, houses in danger. In a stream of its own. */
import { dateOf, monthOf, monthStart } from './calendar.ts';
import type { Person } from './people.ts';
import type { Home } from './records.ts';
import type { World } from './world.ts';

/** Records what a home leads to: a flat for its tenant, money for who rents on the market, a survey of a house in danger. */
export function houseTenant(world: World, person: Person, home: Home, householdId: string | null): void {
  const random = world.dice.tenancy;
  const since = world.today - random.whole(60, 900);
  if (home.tenure === 'PUBLIC_RENTAL') {
    const rent = random.whole(15, 60) * 10_00;
    world.sheets.add('public_rental', [
      world.id('public_rental'),
      person.id,
      householdId,
      `F${person.place.countyCode.slice(0, 6)}-${String(world.number('flat')).padStart(6, '0')}`,
      person.address,
      (random.whole(3000, 6000) / 100).toFixed(2),
      rent,
      Math.round((rent * random.whole(0, 8)) / 10),
      dateOf(since),
      random.chance(0.1) ? dateOf(world.today - random.whole(1, 50)) : null,
      world.provenance('housing', 'R'),
    ]);
  } else if (home.tenure === 'PRIVATE_RENTAL' && random.chance(0.8)) {
    world.sheets.add('rent_subsidy', [
      world.id('rent_subsidy'),
      person.id,
      householdId,
      random.whole(12, 48) * 10_00,
      monthOf(since),
      random.chance(0.3) ? monthOf(monthStart(world.today, -1)) : null,
      world.provenance('housing', 'S'),
    ]);
  } else if (home.danger === 'C' || home.danger === 'D') {
    const done = random.chance(0.4) ? since + random.whole(20, 59) : null;
    world.sheets.add('dilapidated_house', [
      world.id('dilapidated_house'),
      person.id,
      householdId,
      `N${person.place.countyCode.slice(0, 6)}-${String(world.number('house')).padStart(6, '0')}`,
      person.address,
      home.danger,
      dateOf(since),
      done === null ? null : home.danger === 'C' ? 'REPAIRED' : 'REBUILT',
      world.date(done),
      world.provenance('housing', 'N'),
    ]);
  }
}
