import { nameKey } from '../../src/registry/identity/index.ts';
import { ageOn, dateOf, dayOf } from './calendar.ts';
import { certifyDeath } from './death-reports.ts';
import { dottedName, ethnicityIn, nameBeyondBmp, plainName } from './names.ts';
import type { Place } from './places.ts';
import { makeResidentId, toFifteenDigits, UNASSIGNED_COUNTIES } from './resident-id.ts';
import { weighted } from './random.ts';
import type { World } from './world.ts';

/** What is decided about a person before they are made. */
export interface Sketch {
  readonly sex: '1' | '2';
  /** Day of birth. */
  readonly born: number;
  readonly place: Place;
  readonly address: string;
  readonly disabled?: boolean;
  readonly labour?: string | null;
  readonly selfCare?: string | null;
  /** Day of death. */
  readonly died?: number | null;
}

/** A person as the makers of records need them. */
export interface Person {
  readonly id: string;
  readonly sex: '1' | '2';
  /** Day of birth. */
  readonly born: number;
  readonly age: number;
  readonly place: Place;
  readonly address: string;
  readonly labour: string | null;
  readonly selfCare: string | null;
}

const DISABILITIES = ['VISUAL', 'HEARING', 'SPEECH', 'PHYSICAL', 'INTELLECTUAL', 'MENTAL', 'MULTIPLE'] as const;
const disabilityOf = weighted({
  VISUAL: 15,
  HEARING: 17,
  SPEECH: 2,
  PHYSICAL: 40,
  INTELLECTUAL: 10,
  MENTAL: 11,
  MULTIPLE: 5,
});
const gradeOf = weighted({ '1': 20, '2': 32, '3': 28, '4': 20 });
/** Residence permits are numbered like ID cards, under county codes that do not exist either. */
const PERMITS = [
  ['HMT_PERMIT', '810099'],
  ['HMT_PERMIT', '820099'],
  ['HMT_PERMIT', '830099'],
  ['FOREIGN_PERMIT', '962199'],
] as const;
const COUNTIES: readonly string[] = [...UNASSIGNED_COUNTIES, ...PERMITS.map(([, county]) => county)];
const Y2K = dayOf('2000-01-01');
const FIRST_CARDS = dayOf('1985-09-06');
/** Sequences from 996 on would read as a birth before 1900 in a number of 15 digits, so each sex has 498 a day. */
const SEQUENCES = 498;

/** Makes a person with their identifiers and writes the rows. */
export function makePerson(world: World, sketch: Sketch): Person {
  const { sex, place, address } = sketch;
  const random = world.dice.person;
  const id = world.id('person');
  const { name, ethnicity } = nameFor(world, sex, ethnicityIn(place.prefectureCode, world.dice.name));
  const born = sketch.born;
  const age = ageOn(born, world.today);
  const number = identify(world, id, sex, born);
  const { labour = null, selfCare = null, died = null } = sketch;
  const disability = sketch.disabled === true ? disabilityOf(random) : null;
  const grade = disability === null ? null : gradeOf(random);
  world.sheets.add('person', [
    id,
    name,
    // Plain names are Chinese characters alone, which are their own key; running the rule on all costs seconds.
    isPlain(name) ? name : nameKey(name),
    sex,
    dateOf(born),
    ethnicity,
    age < 12 || random.chance(0.12)
      ? null
      : `1${random.whole(3, 9)}${String(random.whole(0, 999_999_999)).padStart(9, '0')}`,
    address,
    disability,
    grade,
    disability === null || number === null ? null : `${number}${DISABILITIES.indexOf(disability) + 1}${grade ?? ''}`,
    labour,
    selfCare,
    world.date(died),
    place.columns,
    world.provenance('civil-affairs', 'P'),
  ]);
  if (died !== null) certifyDeath(world, id, died, place.countyName);
  world.countPerson();
  return { id, sex, born, age, place, address, labour, selfCare };
}

function nameFor(world: World, sex: '1' | '2', ethnicity: string): { name: string; ethnicity: string } {
  const { dottedName: dotted, beyondBmp } = world.quota;
  const random = world.dice.name;
  if (beyondBmp.take()) return { name: nameBeyondBmp(random), ethnicity };
  // Names of two parts are Tibetan (04), Uyghur (05), Kazakh (17) or religious ones of Hui and Salar (03, 35).
  if (dotted.take()) return { name: dottedName(random), ethnicity: random.pick(['03', '04', '05', '17', '35']) };
  return { name: plainName(random, sex, ethnicity), ethnicity };
}

function isPlain(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    if (unit < 0x4e00 || unit > 0x9fff) return false;
  }
  return true;
}

/** Writes the person's identifiers; the 18-digit number, or null for those who have none. */
function identify(world: World, personId: string, sex: '1' | '2', born: number): string | null {
  const { noId, permit, fifteenDigits, superseded, lowerCaseX } = world.quota;
  if (noId.take()) {
    // Half of those without a number are known by a temporary key, half by nothing at all.
    if (world.dice.dirt.chance(0.5)) {
      const key = `TEMP-${String(world.number('TEMP')).padStart(7, '0')}`;
      writeIdentifier(world, { id: world.id('person_identifier'), personId, type: 'TEMPORARY', raw: key, key, born });
    }
    return null;
  }
  const [type, county] = permit.take()
    ? world.dice.dirt.pick(PERMITS)
    : (['RESIDENT_ID', world.dice.person.pick(UNASSIGNED_COUNTIES)] as const);
  const key = numberFor(world, county, born, sex);
  const id = world.id('person_identifier');
  let raw = key;
  if (fifteenDigits.take(type === 'RESIDENT_ID' && born < Y2K)) raw = toFifteenDigits(key);
  else if (key.endsWith('X') && lowerCaseX.take()) raw = key.toLowerCase();
  writeIdentifier(world, { id, personId, type, raw, key, born });
  if (superseded.take(type === 'RESIDENT_ID')) {
    const old = numberFor(world, county, born, sex);
    const oldId = world.id('person_identifier');
    writeIdentifier(world, { id: oldId, personId, type, raw: old, key: old, born, supersededBy: id });
  }
  return key;
}

interface Identifier {
  readonly id: string;
  readonly personId: string;
  readonly type: string;
  readonly raw: string;
  readonly key: string;
  readonly born: number;
  readonly supersededBy?: string;
}

function writeIdentifier(world: World, identifier: Identifier): void {
  const { id, personId, type, raw, key, born, supersededBy = null } = identifier;
  const random = world.dice.person;
  // Cards hold for 10 or 20 years or, from 46 on, for good. Numbers of 15 digits come from those of before 1999, which
  // nobody looked at since.
  const old = raw.length === 15;
  const from = old ? FIRST_CARDS + random.whole(0, 3000) : Math.max(born + 30, world.today - random.whole(30, 9 * 365));
  const to = old || world.today - born > 46 * 365 ? null : from + random.pick([10, 20]) * 365;
  world.sheets.add('person_identifier', [
    id,
    personId,
    type,
    raw,
    key,
    type === 'TEMPORARY' ? '救助管理站' : '公安机关',
    world.date(Math.min(from, world.today)),
    type === 'TEMPORARY' ? null : world.date(to),
    type !== 'TEMPORARY' && !old,
    supersededBy,
    world.provenance('civil-affairs', 'I'),
  ]);
}

/** A number that nobody else of this population has. */
function numberFor(world: World, county: string, born: number, sex: '1' | '2'): string {
  const nth = world.bornBefore(born, 2 * COUNTIES.indexOf(county) + (sex === '1' ? 1 : 0));
  if (nth >= SEQUENCES) throw new RangeError(`More than ${SEQUENCES} persons of one sex and day of birth.`);
  // 7 shares no factor with 498, so the sequences differ and do not read like a count.
  const slot = (nth * 7 + born) % SEQUENCES;
  const even = 2 * (slot < 0 ? slot + SEQUENCES : slot);
  return makeResidentId(county, dateOf(born), sex === '1' ? even + 1 : even);
}
