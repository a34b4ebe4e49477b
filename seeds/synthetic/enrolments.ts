import { monthStart } from './calendar.ts';
import {
  CARE,
  type Cause,
  CENTRALISED,
  CLASS_SHARE,
  dibaoClass,
  type ProgrammeName,
  STANDARD,
  TEKUN_BASE,
} from './figures.ts';
import type { Life } from './lifecycle.ts';
import type { Person } from './people.ts';
import type { Place } from './places.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** A household with its members, as the makers of department records need it. */
export interface Household {
  readonly id: string;
  readonly place: Place;
  readonly urban: boolean;
  readonly members: readonly Person[];
  /** What it is or was enrolled in; null for a household that only a department knows. */
  readonly programme: ProgrammeName | null;
  readonly causes: readonly Cause[];
  readonly life: Life | null;
}

/** Writes an enrolment with its events, and every member as a recipient for as long as it ran. */
export function writeEnrolment(world: World, household: Household, programme: ProgrammeName, life: Life): void {
  const random = world.dice.enrolment;
  const { id: householdId, members, urban, place } = household;
  const kind = urban ? 'URBAN' : 'RURAL';
  const applicant = members[0];
  if (applicant === undefined) return;
  const category = programme === 'DIBAO' ? dibaoClass(random) : programme === 'TEKUN' ? applicant.selfCare : null;
  const amount = monthlyFen(programme, kind, category, members.length);
  const special = members.filter((member) => member.age < 18 || member.age >= 70).length;
  const topUp =
    programme === 'TEKUN' ? (CARE[category ?? ''] ?? 0) * members.length : special * Math.round(STANDARD[kind] * 0.1);
  const id = world.id('enrolment');
  world.sheets.add('enrolment', [
    id,
    householdId,
    applicant.id,
    programme,
    kind,
    category,
    programme === 'TEMPORARY_AID' ? null : certificate(world, place, programme),
    amount,
    programme === 'DIBAO' || programme === 'TEKUN' ? topUp : 0,
    account(random),
    programme === 'TEKUN' ? (random.chance(CENTRALISED) ? 'CENTRALISED' : 'SCATTERED') : null,
    `{${household.causes.join(',')}}`,
    life.status,
    world.date(life.from),
    world.date(life.to),
    place.columns,
    world.provenance('civil-affairs', 'E'),
  ]);
  for (const event of life.events) {
    world.sheets.add('enrolment_event', [
      world.id('enrolment_event'),
      id,
      event.kind,
      world.date(event.on),
      event.share === null ? null : toYuan(amount * event.share),
      event.reason,
      world.provenance('civil-affairs', 'V'),
    ]);
  }
  for (const member of members) {
    for (const span of life.spans) {
      const from = Math.max(span.from, member.born);
      // A child that was born into the gap or after the end never was a recipient of that time.
      if (span.to !== null && span.to < from) continue;
      world.sheets.add('recipient', [
        world.id('recipient'),
        id,
        member.id,
        householdId,
        programme,
        kind,
        category,
        world.date(from),
        world.date(span.to),
        place.columns,
        world.provenance('civil-affairs', 'R'),
      ]);
    }
  }
}

/** The base amount a month of the whole household, in whole yuan. */
function monthlyFen(
  programme: ProgrammeName,
  kind: 'RURAL' | 'URBAN',
  category: string | null,
  persons: number,
): number {
  if (programme === 'DIBAO') return toYuan(STANDARD[kind] * (CLASS_SHARE[category ?? ''] ?? 1) * persons);
  if (programme === 'TEKUN') return TEKUN_BASE * persons;
  // The others are found to be in need and get aid case by case: no monthly amount.
  return programme === 'LEGACY_RURAL_HARDSHIP' ? 30_00 * persons : 0;
}

function toYuan(fen: number): number {
  return Math.round(fen / 100) * 100;
}

function certificate(world: World, place: Place, programme: ProgrammeName): string {
  const letters = { DIBAO: 'D', TEKUN: 'T', DIBAO_EDGE: 'B', RIGID_EXPENDITURE: 'G', RELAPSE_MONITORED: 'F' } as const;
  const letter = programme in letters ? letters[programme as keyof typeof letters] : 'N';
  const year = world.date(monthStart(world.today))?.slice(0, 4) ?? '';
  return `${letter}${place.countyCode.slice(0, 6)}${year}${String(world.number('certificate')).padStart(7, '0')}`;
}

/** A bank account that fails the check digit of bank cards, so that it is nobody's. */
function account(random: Random): string {
  const digits = `6299${String(random.whole(0, 99_999_999)).padStart(8, '0')}${String(random.whole(0, 999_999)).padStart(6, '0')}`;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const doubled = Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + String((10 - (sum % 10) + 1) % 10);
}
