import { dateOf } from './calendar.ts';
import type { World } from './world.ts';

/** Records a death as it was certified. */
export function certifyDeath(world: World, personId: string, died: number, countyName: string): void {
  const random = world.dice.death;
  const atHome = random.chance(0.6);
  world.sheets.add('death_report', [
    world.id('death_report'),
    personId,
    dateOf(died),
    atHome ? 'FUNERAL_HOME' : 'HOSPITAL',
    `${countyName}${atHome ? '殡仪馆' : '人民医院'}`,
    `SW${String(world.number('death')).padStart(8, '0')}`,
    world.provenance('health', 'D'),
  ]);
}
