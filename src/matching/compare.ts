/** How two values of one field agree. Pure; what an agreement is worth is in weights.ts. */
import { simplified } from './name-variants.ts';

/** SLIP: one slip away from it; UNREADABLE: malformed, and not near; UNKNOWN: a side has none. */
export type NumberAgreement = 'SAME' | 'SLIP' | 'OTHER' | 'UNREADABLE' | 'UNKNOWN';
/** As compareNames says. */
export type NameAgreement = 'SAME' | 'VARIANT' | 'CLOSE' | 'SURNAME' | 'OTHER';
/** As compareBirths says; YEAR: the year alone. */
export type BirthAgreement = 'SAME' | 'CLOSE' | 'YEAR' | 'OTHER' | 'UNKNOWN';
/** UNKNOWN where a side does not say. */
export type SexAgreement = 'SAME' | 'OTHER' | 'UNKNOWN';
/** The finest division in common. */
export type HomeAgreement = 'TOWNSHIP' | 'COUNTY' | 'PREFECTURE' | 'PROVINCE' | 'OTHER' | 'UNKNOWN';

const DOT = '·';
/** Names of two characters say little when one of them differs. */
const LONG_ENOUGH = 3;

/**
 * Two name keys. VARIANT: another spelling of the same name (traditional characters, given name turned round, a middle part
 * left out, a part of a dotted name alone). CLOSE: one character of at least three is another, is missing or is too many.
 */
export function compareNames(a: string, b: string): NameAgreement {
  if (a === b) return 'SAME';
  const [x, y] = [simplified(a), simplified(b)];
  if (x === y || withoutDots(x) === withoutDots(y)) return 'VARIANT';
  if (x.includes(DOT) || y.includes(DOT)) return comparePartedNames(x, y);
  const [p, q] = [[...x], [...y]];
  const sameSurname = p[0] === q[0];
  if (sameSurname && p.length === LONG_ENOUGH && q.length === LONG_ENOUGH && p[1] === q[2] && p[2] === q[1]) {
    return 'VARIANT';
  }
  if (Math.max(p.length, q.length) >= LONG_ENOUGH && slips(p, q) === 1) return 'CLOSE';
  return sameSurname ? 'SURNAME' : 'OTHER';
}

function comparePartedNames(x: string, y: string): NameAgreement {
  const [p, q] = [x.split(DOT), y.split(DOT)];
  const [fewer, more] = p.length <= q.length ? [p, q] : [q, p];
  if (fewer.length < more.length && fewer[0] === more[0]) {
    return fewer.length === 1 || fewer.at(-1) === more.at(-1) ? 'VARIANT' : 'CLOSE';
  }
  if (slips([...withoutDots(x)], [...withoutDots(y)]) <= 1) return 'CLOSE';
  return fewer[0] === more[0] ? 'SURNAME' : 'OTHER';
}

const withoutDots = (name: string): string => name.replaceAll(DOT, '');

/** Characters to change, leave out or put in; 2 means two or more. */
function slips(a: readonly string[], b: readonly string[]): number {
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  if (more.length - fewer.length > 1) return 2;
  let i = 0;
  while (i < fewer.length && fewer[i] === more[i]) i += 1;
  if (i === more.length) return 0;
  const skipped = fewer.length === more.length ? 1 : 0;
  for (let j = i; j + 1 <= more.length - 1; j++) if (fewer[j + skipped] !== more[j + 1]) return 2;
  return 1;
}

/** Two dates 'YYYY-MM-DD'. CLOSE: one digit differs, two neighbouring ones or day and month are turned round. */
export function compareBirths(a: string | null, b: string | null): BirthAgreement {
  if (a === null || b === null) return 'UNKNOWN';
  if (a === b) return 'SAME';
  const turned = `${b.slice(0, 5)}${b.slice(8)}-${b.slice(5, 7)}`;
  if (a === turned || oneSlip(a.replaceAll('-', ''), b.replaceAll('-', ''))) return 'CLOSE';
  return a.slice(0, 4) === b.slice(0, 4) ? 'YEAR' : 'OTHER';
}

/** Texts of one length that differ in one place, or in two neighbouring ones that are turned round. */
function oneSlip(a: string, b: string): boolean {
  const places = [...a].flatMap((sign, i) => (sign === b.charAt(i) ? [] : [i]));
  const [first = 0, second] = places;
  if (places.length === 1) return true;
  return (
    places.length === 2 &&
    second === first + 1 &&
    a.charAt(first) === b.charAt(second) &&
    a.charAt(second) === b.charAt(first)
  );
}

/** Codes of GB/T 2261.1; 0 and 9 say nothing. */
export function compareSexes(a: string | null, b: string | null): SexAgreement {
  const said = (sex: string | null): boolean => sex === '1' || sex === '2';
  if (!said(a) || !said(b)) return 'UNKNOWN';
  return a === b ? 'SAME' : 'OTHER';
}

/** A division and those above it, 12 digits each; null where it is not known. */
export interface Home {
  readonly townshipCode: string | null;
  readonly countyCode: string | null;
  readonly prefectureCode: string | null;
  readonly provinceCode: string | null;
}

/** The finest division that both have in common. */
export function compareHomes(a: Home, b: Home): HomeAgreement {
  if (a.provinceCode === null || b.provinceCode === null) return 'UNKNOWN';
  if (a.townshipCode !== null && a.townshipCode === b.townshipCode) return 'TOWNSHIP';
  if (a.countyCode !== null && a.countyCode === b.countyCode) return 'COUNTY';
  if (a.prefectureCode !== null && a.prefectureCode === b.prefectureCode) return 'PREFECTURE';
  return a.provinceCode === b.provinceCode ? 'PROVINCE' : 'OTHER';
}
