import { writeEnrolment } from './enrolments.ts';
import {
  type Cause,
  CAUSES,
  DISABLED,
  HOUSEHOLD_SIZES,
  labourOf,
  programmeOf,
  type ProgrammeName,
  selfCareOf,
  STANDARD,
  URBAN,
} from './figures.ts';
import { bornFor, compose, drawSize, type MemberSketch } from './households.ts';
import type { Household } from './enrolments.ts';
import { drawLife } from './lifecycle.ts';
import { makePerson, type Person } from './people.ts';
import { addressIn, type Place } from './places.ts';
import { type Random, weighted } from './random.ts';
import type { World } from './world.ts';

/** Makes one household that is or was enrolled, of at most `room` persons: persons, memberships, enrolments. */
export function makeRecipients(world: World, room: number, guest: Person | undefined): Household {
  const random = world.dice.household;
  const urban = random.chance(URBAN);
  const kind = urban ? 'URBAN' : 'RURAL';
  const programme = programmeOf[kind](random);
  const size = Math.min(room, drawSize(random, programme, urban));
  const sketches = compose(random, size, programme, urban);
  const causes = drawCauses(random, kind, size);
  const life = drawLife(world.dice.enrolment, programme, world.today);
  const place = world.place(size);
  const address = addressIn(place, urban, world.dice.place);
  const disabled = drawDisabled(random, kind, size, causes);
  const active = life.status === 'ACTIVE';

  const members = sketches.map((sketch, index) => {
    const late = world.quota.lateDeath.take(active && programme !== 'TEMPORARY_AID' && sketch.age >= 50);
    return makePerson(world, {
      sex: sketch.sex,
      born: bornFor(random, sketch.age, world.today),
      place,
      address,
      disabled: disabled.has(index),
      labour: labourFor(random, sketch.age, programme),
      selfCare: programme === 'TEKUN' ? selfCareOf(random) : null,
      died: late ? Math.max(life.from + 1, world.today - random.whole(20, 300)) : null,
    });
  });
  const known = world.quota.secondHousehold;
  const counted = members.filter(() => known.take(guest !== undefined)).length > 0 ? guest : undefined;

  const id = writeHousehold(world, { place, urban, address, members, sketches, from: life.from, counted });
  const household = { id, place, urban, members, programme, causes, life };
  writeEnrolment(world, household, programme, life);
  // Temporary aid also goes to those who have something else; another programme, so both may run at once.
  if (programme === 'DIBAO' && world.dice.enrolment.chance(0.05)) {
    writeEnrolment(world, household, 'TEMPORARY_AID', drawLife(world.dice.enrolment, 'TEMPORARY_AID', world.today));
  }
  return household;
}

/** The causes of the difficulty, the first one by its share. Schooling needs somebody besides the head. */
function drawCauses(random: Random, kind: 'RURAL' | 'URBAN', size: number): Cause[] {
  const first = CAUSE_BY_SIZE[kind][size > 1 ? 'several' : 'one'](random);
  if (!random.chance(0.15)) return [first];
  const second = CAUSE_BY_SIZE[kind].one(random);
  return second === first ? [first] : [first, second];
}

const CAUSE_BY_SIZE = { RURAL: causesOf('RURAL'), URBAN: causesOf('URBAN') };

/** Schooling only where there are several, and all shares still as the figures say over one and several together. */
function causesOf(kind: 'RURAL' | 'URBAN') {
  const alone = HOUSEHOLD_SIZES[kind]['1'] / 100;
  const { SCHOOLING, ...rest } = CAUSES[kind];
  const share = SCHOOLING / 100;
  const others = Object.values<number>(rest).reduce((sum, weight) => sum + weight, 0) / 100;
  const scale = (total: number): Record<Cause, number> => {
    const scaled: Record<Cause, number> = { ...CAUSES[kind], SCHOOLING: 0 };
    for (const cause of Object.keys(rest) as (keyof typeof rest)[]) scaled[cause] *= total / others;
    return scaled;
  };
  const severalShare = share / (1 - alone);
  const several = { ...scale(1 - severalShare), SCHOOLING: 100 * severalShare };
  return { one: weighted(scale(1)), several: weighted(several) };
}

/** Which members are disabled: one where that is the cause, and others so that the share of all comes out. */
function drawDisabled(random: Random, kind: 'RURAL' | 'URBAN', size: number, causes: readonly Cause[]): Set<number> {
  const byCause = CAUSES[kind].DISABILITY / 100 / (kind === 'RURAL' ? 1.78 : 1.65);
  const rest = Math.max(0, (DISABLED[kind] - byCause) / (1 - byCause));
  const found = new Set<number>();
  if (causes[0] === 'DISABILITY') found.add(random.whole(0, size - 1));
  for (let index = 0; index < size; index++) if (random.chance(rest)) found.add(index);
  return found;
}

function labourFor(random: Random, age: number, programme: ProgrammeName): string {
  if (age < 18) return 'NONE_BY_AGE';
  if (age >= 60) return labourOf.aged(random);
  return programme === 'DIBAO' || programme === 'TEKUN' ? labourOf.adult(random) : labourOf.adultElsewhere(random);
}

/** Writes a household and who belongs to it; `counted` is somebody of another household who is counted here as well. */
export function writeHousehold(
  world: World,
  household: {
    place: Place;
    urban: boolean;
    address: string;
    members: readonly Person[];
    sketches: readonly MemberSketch[];
    from: number;
    counted?: Person | undefined;
  },
): string {
  const { place, urban, address, members, sketches, from, counted } = household;
  const random = world.dice.household;
  const id = world.id('household');
  const head = members[0];
  if (head === undefined) throw new RangeError('A household without members.');
  const income = Math.round(STANDARD[urban ? 'URBAN' : 'RURAL'] * members.length * random.fraction() * 0.9);
  world.sheets.add('household', [
    id,
    head.id,
    urban ? 'URBAN' : 'RURAL',
    address,
    members.length + (counted === undefined ? 0 : 1),
    income,
    Math.round(random.spread(0.9) * 6_000) * 100,
    place.columns,
    world.provenance('civil-affairs', 'H'),
  ]);
  members.forEach((member, index) => {
    const relation = sketches[index]?.relation ?? '97';
    const since = Math.max(from, member.born);
    writeMembership(world, id, member.id, relation, index === 0 ? 'APPLICANT' : 'BENEFICIARY', since);
  });
  if (counted !== undefined) writeMembership(world, id, counted.id, '97', 'COUNTED_NOT_BENEFICIARY', from);
  return id;
}

function writeMembership(
  world: World,
  householdId: string,
  personId: string,
  relation: string,
  role: string,
  from: number,
): void {
  const key = world.provenance('civil-affairs', 'M');
  world.sheets.add('membership', [
    world.id('membership'),
    householdId,
    personId,
    relation,
    role,
    world.date(from),
    null,
    key,
  ]);
}
