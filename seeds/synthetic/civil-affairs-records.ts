/** What civil affairs records of its recipients beside the lists: statuses, cases, relief, charity. In a stream of its own. */
import { dateOf, dayOf, monthStart } from './calendar.ts';
import type { Household } from './enrolments.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

const DONORS = ['县慈善协会', '爱心超市', '县红十字会', '乡贤助困会'];
const GOODS = ['大米25公斤', '食用油10升', '棉被2床', '学习用品1套'];
const CAUSES = ['家中失火', '交通事故', '突发重病', '溺水事故'];
const STATIONS = ['市救助管理站', '县救助管理站'];

/** Records for an enrolled household; shares are guesses, so that each kind of record is seen in the demo. */
export function recordCivilAffairs(world: World, household: Household): void {
  const random = world.dice.civilAffairs;
  for (const member of household.members) relate(world, member, household.members.length);
  const head = household.members[0];
  if (head === undefined) return;
  if (household.programme === 'TEMPORARY_AID' || random.chance(0.02)) aidUrgently(world, head, household);
  if (random.chance(0.015)) relieve(world, head, household);
  if (random.chance(0.03)) give(world, head);
  if (household.programme === 'TEKUN' && head.age >= 35 && random.chance(0.15)) certify(world, head);
  if (random.chance(0.002)) shelter(world, head, household);
}

/** Children without parents, the disability subsidies, the allowance from eighty on. */
function relate(world: World, { id, age, labour }: Person, size: number): void {
  const random = world.dice.civilAffairs;
  const add = (kind: string, fen: number | null): void => {
    const from = dateOf(monthStart(world.today, -random.whole(1, 30)));
    world.sheets.add('related_status', [
      world.id('related_status'),
      id,
      kind,
      null,
      null,
      fen,
      from,
      null,
      world.provenance('civil-affairs', 'S'),
    ]);
  };
  if (age < 18 && size === 1) add(random.chance(0.5) ? 'ORPHAN' : 'DE_FACTO_UNATTENDED_CHILD', 1_400_00);
  else if (age < 16 && random.chance(0.03)) add('LEFT_BEHIND_CHILD', null);
  if (age >= 80) add('ELDERLY_ALLOWANCE', 60_00);
  if (labour === 'TOTAL_LOSS' && random.chance(0.2)) add('SEVERE_DISABLED_CARE_SUBSIDY', 110_00);
}

function aidUrgently(world: World, { id }: Person, { id: householdId, place }: Household): void {
  const random = world.dice.civilAffairs;
  const decided = world.today - random.whole(1, 300);
  const first = random.chance(0.4);
  world.sheets.add('temporary_aid_case', [
    world.id('temporary_aid_case'),
    id,
    householdId,
    first || random.chance(0.5) ? 'URGENT' : 'EXPENDITURE',
    random.pick(CAUSES),
    first ? null : dateOf(decided - random.whole(1, 12)),
    dateOf(decided),
    first,
    random.chance(0.3),
    first ? dateOf(decided + 14) : null,
    first && random.chance(0.85) ? dateOf(decided + random.whole(2, 13)) : null,
    null,
    place.columns,
    world.provenance('civil-affairs', 'L'),
  ]);
}

/** One flood in July: two versions of the report, the second of which stands. */
function relieve(world: World, { id, address }: Person, { id: householdId, place, members }: Household): void {
  const random = world.dice.civilAffairs;
  const year = dateOf(world.today - 180).slice(0, 4);
  const lost = random.whole(1, 4);
  const [key, ...delivered] = provenance(world, 'Z');
  for (const version of [1, 2]) {
    world.sheets.add('disaster_relief', [
      world.id('disaster_relief'),
      id,
      householdId,
      `ZQ-${year}-07`,
      version,
      version === 1,
      'EMERGENCY',
      '低保户',
      members.length,
      members.length,
      address,
      version === 1 ? lost + 1 : lost,
      random.chance(0.1),
      'CASH',
      lost * 500_00,
      null,
      null,
      random.chance(0.3) ? 2_000_00 : 0,
      dateOf(dayOf(`${year}-07-12`) + version * 3),
      place.columns,
      `civil-affairs\t${key ?? ''}#${version}\t${delivered.join('\t')}`,
    ]);
  }
}

/** Key and instants of a provenance, so that a version can be put behind the key. */
function provenance(world: World, series: string): string[] {
  return world.provenance('civil-affairs', series).split('\t').slice(1);
}

function give(world: World, { id }: Person): void {
  const random = world.dice.civilAffairs;
  const cash = random.chance(0.4);
  world.sheets.add('charity_aid', [
    world.id('charity_aid'),
    id,
    random.pick(DONORS),
    null,
    '暖冬行动',
    dateOf(world.today - random.whole(5, 330)),
    cash ? random.whole(2, 20) * 100_00 : null,
    cash ? null : random.pick(GOODS),
    cash ? null : random.whole(5, 40) * 10_00,
    world.provenance('civil-affairs', 'C'),
  ]);
}

function certify(world: World, { id }: Person): void {
  world.sheets.add('legacy_certificate', [
    world.id('legacy_certificate'),
    id,
    'WUBAO',
    `WB${String(world.number('wubao')).padStart(6, '0')}`,
    '县民政局',
    '2006-06-01',
    '2014-04-30',
    'SCATTERED',
    'TEKUN',
    '《社会救助暂行办法》第14条：五保供养并入特困人员供养；仅为来源，现行身份以特困名册为准',
    world.provenance('civil-affairs', 'W'),
  ]);
}

function shelter(world: World, { id }: Person, { place }: Household): void {
  const random = world.dice.civilAffairs;
  const entered = world.today - random.whole(3, 200);
  const left = random.chance(0.8);
  world.sheets.add('shelter_stay', [
    world.id('shelter_stay'),
    id,
    random.pick(STATIONS),
    dateOf(entered),
    random.pick(['SELF', 'POLICE', 'OUTREACH']),
    left ? dateOf(entered + random.whole(0, 2)) : null,
    left ? random.pick(['LEFT', 'RELATIVES', 'ESCORTED']) : null,
    false,
    false,
    null,
    random.pick(['HEALTHY', 'ILL', 'UNKNOWN']),
    null,
    null,
    null,
    null,
    place.columns,
    world.provenance('civil-affairs', 'Y'),
  ]);
}
