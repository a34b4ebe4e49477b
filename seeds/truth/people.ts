/** People of whom it is known who is who: namesakes, twins and families among them, some of them in the registry. */
import { nameKey } from '../../src/registry/identity/index.ts';
import { dateOf, dayOf } from '../synthetic/calendar.ts';
import { dottedName, nameBeyondBmp, plainName } from '../synthetic/names.ts';
import { readPlaces } from '../synthetic/places.ts';
import { Random } from '../synthetic/random.ts';
import { makeResidentId, UNASSIGNED_COUNTIES } from '../synthetic/resident-id.ts';

/** Where somebody lives: 12 digits each. */
export interface TruePlace {
  readonly township: string;
  readonly county: string;
  readonly prefecture: string;
  readonly province: string;
}

/** A person as they are. */
export interface TruePerson {
  readonly id: string;
  readonly name: string;
  readonly sex: '1' | '2';
  /** 'YYYY-MM-DD' */
  readonly born: string;
  /** 18 characters. */
  readonly number: string;
  readonly place: TruePlace;
  /** In the registry before anything is delivered. */
  readonly registered: boolean;
  /** The registry does not have the number. */
  readonly withoutNumber: boolean;
}

const FIRST_DAY = dayOf('1936-01-01');
const LAST_DAY = dayOf('2022-12-31');
/** People of one township in the hub: a twentieth of those who live there. */
const PER_TOWNSHIP = 400;
const SHARES = {
  newcomer: 0.12,
  withoutNumber: 0.003,
  twin: 0.02,
  namesakeInCounty: 0.01,
  namesakeInTownship: 0.0005,
  dotted: 0.02,
  rare: 0.001,
};

/** So many people, the same for the same seed. */
export async function makePeople(persons: number, seed: number): Promise<readonly TruePerson[]> {
  const random = new Random(seed, 'truth/people');
  const places = await somePlaces(Math.max(4, Math.ceil(persons / PER_TOWNSHIP)), random);
  const taken = new Map<string, number>();
  const people: TruePerson[] = [];
  while (people.length < persons) {
    const before =
      people.length === 0 ? undefined : people[random.whole(Math.max(0, people.length - 2_000), people.length - 1)];
    people.push(makePerson(random, people.length, before, places, taken));
  }
  return people;
}

function makePerson(
  random: Random,
  n: number,
  before: TruePerson | undefined,
  places: readonly TruePlace[],
  taken: Map<string, number>,
): TruePerson {
  const draw = random.fraction();
  let sex: '1' | '2' = random.chance(0.5) ? '1' : '2';
  let born = dateOf(random.whole(FIRST_DAY, LAST_DAY));
  let place = random.pick(places);
  let name = nameOf(random, sex);
  let area: (typeof UNASSIGNED_COUNTIES)[number] = random.pick(UNASSIGNED_COUNTIES);
  if (before !== undefined && draw < SHARES.twin) {
    ({ born, place } = before);
    area = before.number.startsWith(UNASSIGNED_COUNTIES[0]) ? UNASSIGNED_COUNTIES[0] : UNASSIGNED_COUNTIES[1];
    sex = random.chance(0.7) ? before.sex : sex;
    // A character of the generation in common: 王小龙, 王小虎.
    const own = [...plainName(random, sex, '01')].at(-1) ?? '';
    name = [...before.name].slice(0, Math.max(1, [...before.name].length - 1)).join('') + own;
    if (name === before.name) name += own;
  } else if (before !== undefined && draw < SHARES.twin + SHARES.namesakeInCounty + SHARES.namesakeInTownship) {
    ({ name, born, sex } = before);
    const inTownship = draw >= SHARES.twin + SHARES.namesakeInCounty;
    const county = before.place.county;
    const elsewhere = places.filter((one) => one.county === county && one !== before.place);
    place = inTownship || elsewhere.length === 0 ? before.place : random.pick(elsewhere);
  }
  return {
    id: random.uuid(1_780_000_000_000 + n),
    name,
    sex,
    born,
    number: numberFor(area, born, sex, taken),
    place,
    registered: !random.chance(SHARES.newcomer),
    withoutNumber: random.chance(SHARES.withoutNumber),
  };
}

function nameOf(random: Random, sex: '1' | '2'): string {
  const draw = random.fraction();
  if (draw < SHARES.dotted) return dottedName(random);
  return draw < SHARES.dotted + SHARES.rare ? nameBeyondBmp(random) : plainName(random, sex, '01');
}

function numberFor(area: string, born: string, sex: '1' | '2', taken: Map<string, number>): string {
  const key = `${area}${born}${sex}`;
  const nth = taken.get(key) ?? 0;
  taken.set(key, nth + 1);
  // Twins and others of one day stand next to each other, as in a register of births.
  return makeResidentId(area, born, 2 * (nth % 490) + (sex === '1' ? 1 : 2));
}

async function somePlaces(wanted: number, random: Random): Promise<readonly TruePlace[]> {
  const all = await readPlaces();
  // Neighbouring townships, so that counties are as full as townships are.
  const first = random.whole(0, Math.max(0, all.length - wanted - 1));
  return all.slice(first, first + wanted).map(({ columns, countyCode, prefectureCode, provinceCode }) => ({
    township: columns.slice(0, 12),
    county: countyCode,
    prefecture: prefectureCode,
    province: provinceCode,
  }));
}

/** The name as it is compared. */
export const keyOf = (name: string): string => nameKey(name);
