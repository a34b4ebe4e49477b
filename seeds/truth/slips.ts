/**
 * What becomes of a person's data on the way into a department's file: the mistakes that audits of such files name (typing
 * errors, swapped characters, missing numbers, numbers of relatives, names of former times) and the forms that are none.
 */
import type { Random } from '../synthetic/random.ts';
import { weighted } from '../synthetic/random.ts';
import { plainName } from '../synthetic/names.ts';
import { toFifteenDigits } from '../synthetic/resident-id.ts';
import type { TruePerson, TruePlace } from './people.ts';

/** A row as a department delivers it. */
export interface TrueRow {
  readonly kind: SlipKind;
  readonly person: TruePerson;
  readonly number: string | null;
  readonly name: string;
  readonly sex: string | null;
  readonly born: string | null;
  readonly place: TruePlace | null;
  readonly townshipKnown: boolean;
}

/** How often each happens, in a thousand rows: far more often than in life, so that each is measured. */
const WEIGHTS = {
  'nothing wrong': 420,
  'form of the number (x, full width, spaces)': 40,
  'number of 15 digits': 30,
  'number: one digit mistyped': 60,
  'number: two digits swapped': 50,
  'number: one digit missing': 25,
  'number: one digit too many': 15,
  'number of 15 digits: one mistyped': 8,
  'number missing': 70,
  'number missing, home in another township': 25,
  'number missing, birth date turned or mistyped': 20,
  'number missing, name mistyped': 20,
  'number and birth date missing': 15,
  'number mistyped and name mistyped': 25,
  'name: one character wrong': 40,
  'name: characters swapped': 20,
  'name: traditional characters': 15,
  'name changed': 20,
  'name: part of a dotted name missing': 7,
  'number of a relative': 15,
  'birth date or sex wrong': 30,
  'moved to another county': 30,
} as const;
/** What may have happened to a row. */
export type SlipKind = keyof typeof WEIGHTS;
/** All of them, in the order in which they are told. */
export const SLIP_KINDS = Object.keys(WEIGHTS) as readonly SlipKind[];

const kindOf = weighted(WEIGHTS);

/** What a row draws from beside its person. */
export interface Surroundings {
  readonly random: Random;
  readonly places: readonly TruePlace[];
  /** Somebody with the same surname or home, where there is somebody. */
  readonly relative: TruePerson;
}

/** One row about the person, with whatever went wrong. */
export function makeRow(person: TruePerson, around: Surroundings): TrueRow {
  const { random } = around;
  const kind = kindOf(random);
  const row = {
    kind,
    person,
    number: person.number as string | null,
    name: person.name,
    sex: random.chance(0.7) ? person.sex : null,
    born: random.chance(0.7) ? person.born : null,
    place: random.chance(0.98) ? person.place : null,
    townshipKnown: random.chance(0.92),
  };
  return { ...row, ...SLIPS[kind](person, around) };
}

type Change = Partial<Omit<TrueRow, 'kind' | 'person'>>;

const SLIPS: Readonly<Record<SlipKind, (person: TruePerson, around: Surroundings) => Change>> = {
  'nothing wrong': () => ({}),
  'form of the number (x, full width, spaces)': ({ number }, { random }) => ({ number: otherForm(number, random) }),
  'number of 15 digits': ({ number, born }) => (born < '2000' ? { number: toFifteenDigits(number) } : {}),
  'number: one digit mistyped': ({ number }, { random }) => ({ number: mistyped(number, random) }),
  'number: two digits swapped': ({ number }, { random }) => ({ number: swapped(number, random) }),
  'number: one digit missing': ({ number }, { random }) => {
    const at = random.whole(0, number.length - 1);
    return { number: number.slice(0, at) + number.slice(at + 1) };
  },
  'number: one digit too many': ({ number }, { random }) => {
    const at = random.whole(0, number.length - 1);
    return { number: number.slice(0, at) + number.charAt(at) + number.slice(at) };
  },
  'number of 15 digits: one mistyped': ({ number, born }, { random }) => ({
    number: born < '2000' ? mistyped(toFifteenDigits(number), random, 8) : mistyped(number, random),
    born,
  }),
  'number missing': ({ born, sex }) => ({ number: null, born, sex }),
  'number missing, home in another township': ({ born, sex, place }, { random, places }) => ({
    number: null,
    born,
    sex,
    place: random.pick(places.filter(({ county }) => county === place.county)),
    townshipKnown: true,
  }),
  'number missing, birth date turned or mistyped': ({ born, sex, place }, { random }) => ({
    number: null,
    born: otherBirth(born, random),
    sex,
    place,
  }),
  'number missing, name mistyped': ({ name, born, sex, place }, { random }) => ({
    number: null,
    name: misspelt(name, random),
    born,
    sex,
    place,
  }),
  'number and birth date missing': ({ sex, place }) => ({ number: null, born: null, sex, place }),
  'number mistyped and name mistyped': ({ number, name }, { random }) => ({
    number: mistyped(number, random),
    name: misspelt(name, random),
  }),
  'name: one character wrong': ({ name }, { random }) => ({ name: misspelt(name, random) }),
  'name: characters swapped': ({ name }) => {
    const signs = [...name];
    return signs.length < 3 ? {} : { name: [...signs.slice(0, -2), signs.at(-1), signs.at(-2)].join('') };
  },
  'name: traditional characters': ({ name }) => ({
    name: [...name].map((sign) => TRADITIONAL.get(sign) ?? sign).join(''),
  }),
  'name changed': ({ name, sex }, { random }) => ({
    name: random.chance(0.5)
      ? ([...name][0] ?? '') + [...plainName(random, sex, '01')].slice(1).join('')
      : plainName(random, sex, '01'),
  }),
  'name: part of a dotted name missing': ({ name }) => ({ name: name.replace(/[·•・．.].*$/u, '') }),
  'number of a relative': (_, { relative }) => ({ number: relative.number }),
  'birth date or sex wrong': ({ born, sex }, { random }) =>
    random.chance(0.5) ? { born: otherBirth(born, random) } : { sex: sex === '1' ? '2' : '1' },
  'moved to another county': ({ place }, { random, places }) => {
    const others = places.filter(({ county }) => county !== place.county);
    return others.length === 0 ? {} : { place: random.pick(others) };
  },
};

function otherForm(number: string, random: Random): string {
  const draw = random.fraction();
  if (draw < 0.4) return number.toLowerCase();
  if (draw < 0.7) return [...number].map((sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('');
  return ` ${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)} `;
}

function mistyped(number: string, random: Random, from = 0): string {
  const at = random.whole(from, number.length - 1);
  const other = (Number(number.charAt(at)) + random.whole(1, 9)) % 10;
  return number.slice(0, at) + (Number.isNaN(other) ? '0' : String(other)) + number.slice(at + 1);
}

function swapped(number: string, random: Random): string {
  for (let tries = 0; tries < 50; tries++) {
    const at = random.whole(0, number.length - 2);
    if (number.charAt(at) !== number.charAt(at + 1))
      return number.slice(0, at) + number.charAt(at + 1) + number.charAt(at) + number.slice(at + 2);
  }
  return number;
}

/** One character is another one: 丽 for 莉, or the first that the input method offered. */
function misspelt(name: string, random: Random): string {
  const signs = [...name];
  const at = random.whole(random.chance(0.1) ? 0 : 1, signs.length - 1);
  const other = [...plainName(random, '2', '01')].at(-1) ?? '丽';
  signs[at] = signs[at] === other ? '莉' : other;
  return signs.join('');
}

function otherBirth(born: string, random: Random): string {
  const [year = '', month = '', day = ''] = born.split('-');
  if (Number(day) <= 12 && day !== month && random.chance(0.5)) return `${year}-${day}-${month}`;
  const turned = String((Number(day) % 28) + 1).padStart(2, '0');
  return random.chance(0.5)
    ? `${year}-${month}-${turned}`
    : `${String(Number(year) + 1)}-${month}-${day <= '28' ? day : '28'}`;
}

const TRADITIONAL = new Map(
  [
    ...[
      '国國',
      '伟偉',
      '强強',
      '军軍',
      '涛濤',
      '刚剛',
      '辉輝',
      '鹏鵬',
      '飞飛',
      '华華',
      '龙龍',
      '欢歡',
      '阳陽',
      '建建',
      '财財',
      '贵貴',
    ],
    ...[
      '丽麗',
      '艳艷',
      '兰蘭',
      '凤鳳',
      '洁潔',
      '云雲',
      '莲蓮',
      '爱愛',
      '莺鶯',
      '张張',
      '刘劉',
      '陈陳',
      '杨楊',
      '黄黃',
      '赵趙',
      '吴吳',
    ],
  ].map((pair): [string, string] => [[...pair][0] ?? '', [...pair][1] ?? '']),
);
