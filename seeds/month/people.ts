/**
 * The people of a month: everybody follows from a number, so nothing of them is kept. Whom a row means is never in doubt: no
 * two have the same name; no two who were born on the same day share a sign of it; and no two the same identity number.
 */
import { makeResidentId } from '../synthetic/resident-id.ts';

/** A county of the month, and its code before it was given a new one. */
export interface MonthCounty {
  readonly code: string;
  readonly formerly: string | undefined;
}

/** Counties of both provinces, most with a former code (seeds/reference/region-changes.csv). Each has the towns 101 and 102. */
export const COUNTIES: readonly MonthCounty[] = [
  { code: '621122', formerly: undefined },
  { code: '620881', formerly: '620824' },
  { code: '620922', formerly: '620925' },
  { code: '360704', formerly: '360721' },
  { code: '361003', formerly: '361029' },
  { code: '361104', formerly: '361121' },
  { code: '360404', formerly: '360421' },
  { code: '361103', formerly: '361122' },
];
const TOWNS = 2;
/** Persons who live side by side: households lie within one such block. */
export const BLOCK = 20;

/** What is true of somebody. */
export interface MonthPerson {
  readonly index: number;
  readonly name: string;
  readonly sex: '1' | '2';
  /** 'YYYY-MM-DD' */
  readonly birthDate: string;
  /** 18 characters. */
  readonly number: string;
  readonly county: MonthCounty;
  /** Town, 12 digits. */
  readonly region: string;
  /** The name has a dot, which sources write with different signs. */
  readonly dotted: boolean;
}

/** A number in [0, 1) that follows from the seed and what it is drawn for. */
export type Draw = (what: string, index: number) => number;

/** Makes the draws of a seed. */
export function drawsOf(seed: number): Draw {
  const streams = new Map<string, number>();
  return (what, index) => {
    let stream = streams.get(what);
    if (stream === undefined) {
      stream = seed | 0;
      for (const sign of what) stream = mix(stream ^ (sign.codePointAt(0) ?? 0));
      streams.set(what, stream);
    }
    return mix(mix(stream ^ index) + index) / 4_294_967_296;
  };
}

/** Spreads 32 bits (the finaliser of MurmurHash 3). */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

// Three numbers of signs without a common divisor, nor one with the number of days: the remainders of a number by them name
// it (Chinese remainder theorem), and of two numbers that differ by a multiple of the days all three differ.
const SURNAMES = [
  ...'王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武孔莫向',
];
const FIRSTS = 599;
const SECONDS = 601;
const YEARS = 70;
const DAYS = YEARS * 12 * 28;
const FIRST_YEAR = 1940;
/** Signs that take two UTF-16 units (通用规范汉字表 has them). */
const BEYOND_BMP = ['𬎆', '𬘭', '𫖯', '𬭎', '𬍛', '𬱖', '𫄧', '𬭸', '𫓧', '𬀩'];
/** As many people as have names and numbers of their own. */
const MOST = Math.min(SURNAMES.length, 440) * DAYS;

/** Every sixth of the 3,755 most frequent characters (GB 2312, rows 16 to 55). */
const SIGNS: readonly string[] = (() => {
  const decoder = new TextDecoder('gb18030');
  const all: string[] = [];
  for (let row = 0xb0; row <= 0xd7; row += 1)
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell += 1)
      all.push(decoder.decode(Buffer.from([row, cell])));
  return all.filter((_, i) => i % 6 === 0);
})();

const two = (number: number): string => String(number).padStart(2, '0');
const sign = (list: readonly string[], at: number): string => list[at] ?? '';

/** Everybody of a month with so many people. Throws RangeError beyond what names and numbers can tell apart. */
export function peopleOf(draw: Draw, people: number): (index: number) => MonthPerson {
  return (index) => {
    if (index >= MOST) throw new RangeError('More people than can be told apart.');
    const day = (index * 7_919) % DAYS;
    const rank = Math.floor(index / DAYS);
    const birthDate = `${String(FIRST_YEAR + Math.floor(day / 336))}-${two(1 + (Math.floor(day / 28) % 12))}-${two(1 + (day % 28))}`;
    const sex = draw('sex', index) < 0.5 ? '1' : '2';
    const sequence = 100 + ((rank * 74 + (day % 440) * 2) % 880) + (sex === '1' ? 1 : 0);
    const [surname, first, second] = [
      sign(SURNAMES, (index * 31) % SURNAMES.length),
      sign(SIGNS, (index * 173) % FIRSTS),
      sign(SIGNS, (index * 211) % SECONDS),
    ];
    const kind = draw('name', index);
    const dotted = kind < 0.01;
    const name = dotted
      ? `阿${first}·${surname}${second}`
      : kind < 0.011
        ? surname + first + sign(BEYOND_BMP, index % BEYOND_BMP.length)
        : surname + first + second;
    const county = countyOf(index, people);
    const town = 1 + (Math.floor(index / BLOCK) % TOWNS);
    return {
      index,
      name,
      sex,
      birthDate,
      number: makeResidentId('620199', birthDate, sequence),
      county,
      region: `${county.code}10${String(town)}000`,
      dotted,
    };
  };
}

/** Where the people of a county begin; the one after the last county is the end of all. */
export function startOf(county: number, people: number): number {
  const blocks = Math.ceil(people / BLOCK);
  return Math.min(people, Math.floor((county * blocks) / COUNTIES.length) * BLOCK);
}

function countyOf(index: number, people: number): MonthCounty {
  for (let at = COUNTIES.length - 1; at >= 0; at -= 1) {
    const county = COUNTIES[at];
    if (county !== undefined && index >= startOf(at, people)) return county;
  }
  throw new RangeError('A person before the first.');
}
