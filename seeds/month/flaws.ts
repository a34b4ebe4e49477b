/** What is wrong with a row, in the shares that are known of such files and beside them, and how sound values are written. */
import { toFifteenDigits } from '../synthetic/resident-id.ts';
import type { Cells, MonthKind, Spoil } from './kind.ts';
import type { Draw, MonthPerson } from './people.ts';

/** What is wrong with a row. */
export type Flaw =
  | { readonly kind: 'NONE' }
  /** Faults that are found when the row is read, or judged. */
  | { readonly kind: 'SPOILT'; readonly spoil: Spoil }
  /** The row comes twice, with the same content or with another. */
  | { readonly kind: 'TWICE' | 'TWICE_OTHERWISE' }
  /** No number: by name, birth date, sex and town it is certain, by the county in its place it is to be reviewed. */
  | { readonly kind: 'NO_NUMBER' | 'NO_NUMBER_NO_TOWN' }
  /** The check digit is mistyped: one slip from the number, and certain with the rest. */
  | { readonly kind: 'BAD_CHECK_DIGIT' }
  /** The number of a neighbour. */
  | { readonly kind: 'NUMBER_OF_ANOTHER' };

const NONE: Flaw = { kind: 'NONE' };

/** Faults that any record about persons may have. */
const COMMON: readonly Spoil[] = [
  { cells: { name: '　' }, codes: ['MISSING_FIELD'] },
  { cells: { birthDate: '1990-02-30' }, codes: ['BAD_DATE'] },
  { cells: { idNumber: '6.20199E+17' }, codes: ['SPOILED_NUMBER'] },
  { cells: { sex: '不' }, codes: ['BAD_SEX'] },
];

const SHARES: readonly (readonly [share: number, kind: Exclude<Flaw['kind'], 'NONE'> | 'COMMON'])[] = [
  [0.004, 'COMMON'],
  [0.006, 'SPOILT'],
  [0.003, 'TWICE'],
  [0.002, 'TWICE_OTHERWISE'],
  [0.002, 'NO_NUMBER'],
  [0.001, 'NO_NUMBER_NO_TOWN'],
  [0.001, 'BAD_CHECK_DIGIT'],
  [0.0005, 'NUMBER_OF_ANOTHER'],
];

/** Whom the registry knows so far, which is what decides about a row without a good number. */
export interface Acquaintance {
  readonly known: boolean;
  /** The one whose number stands in the place of this one's is known. */
  readonly neighbourKnown: boolean;
}

/** Draws what is wrong with the row of somebody. */
export function flawOf(draw: Draw, kind: MonthKind, file: string, index: number, who: Acquaintance): Flaw {
  let left = draw(`flaw ${file}`, index);
  const found = SHARES.find(([share]) => (left -= share) < 0)?.[1];
  if (found === undefined) return NONE;
  if (found === 'COMMON' || found === 'SPOILT') {
    const among = found === 'COMMON' ? COMMON : kind.spoils;
    const spoil = among[Math.floor(draw(`spoil ${file}`, index) * among.length)];
    return spoil === undefined ? NONE : { kind: 'SPOILT', spoil };
  }
  if (found === 'TWICE' || found === 'TWICE_OTHERWISE') return { kind: found };
  // Who would be found depends on who is known: only cases in which the written rules leave no doubt.
  if (!who.known || (found === 'NUMBER_OF_ANOTHER' && !who.neighbourKnown)) return NONE;
  return { kind: found };
}

const DOTS = ['·', '．', '.', '‧', '・'];

/** How a date stands in a file. */
const DATES: readonly ((date: string) => string)[] = [
  (date) => date,
  (date) => date.replaceAll('-', '/').replaceAll('/0', '/'),
  (date) => date.replaceAll('-', ''),
  (date) => `${date.slice(0, 4)}年${date.slice(5, 7)}月${date.slice(8)}日`,
  (date) => date.replaceAll('-', '.'),
];

const dateAs = (form: number, date: string): string => DATES[form]?.(date) ?? date;

const wide = (text: string): string =>
  text.replace(/[!-~]/g, (one) => String.fromCharCode((one.codePointAt(0) ?? 0) + 0xfee0));

/** How clerks write who somebody is: the same person in the same record always in the same words, in whichever form. */
export function subjectCells(person: MonthPerson, record: string, draw: Draw, dots: readonly string[]): Cells {
  const { index, name, number, sex, birthDate, region, county } = person;
  const form = draw(`number ${record}`, index);
  const lower = number.endsWith('X') && draw(`x ${record}`, index) < 0.1 ? number.toLowerCase() : number;
  const written =
    form < 0.002 && birthDate < '2000'
      ? toFifteenDigits(number)
      : form < 0.007
        ? wide(lower)
        : form < 0.017
          ? `${lower}  `
          : form < 0.02
            ? `${lower.slice(0, 6)} ${lower.slice(6)}`
            : lower;
  const stale = county.formerly !== undefined && draw(`stale ${record}`, index) < 0.01;
  const dot = dots[Math.floor(draw(`dot ${record}`, index) * dots.length)] ?? '·';
  const home = stale ? county.formerly + region.slice(6) : region;
  return {
    name: person.dotted ? name.replace('·', dot) : draw(`space ${record}`, index) < 0.01 ? `${name} ` : name,
    idNumber: written,
    sex: index % 3 === 0 ? sex : sex === '1' ? '男' : '女',
    birthDate: dateAs(Math.floor(draw(`date ${record}`, index) * DATES.length), birthDate),
    region: index % 7 === 0 ? home.slice(0, 9) : home,
  };
}

/** Signs for the dot that an encoding has; those of GB 18030 in two bytes. */
export const dotsOf = (encoding: string): readonly string[] => (encoding === 'GB 18030' ? DOTS.slice(0, 3) : DOTS);

/** Puts a flaw into the cells of a row. */
export function withFlaw(cells: Cells, flaw: Flaw, person: MonthPerson, another: MonthPerson | undefined): Cells {
  switch (flaw.kind) {
    case 'SPOILT':
      return { ...cells, ...flaw.spoil.cells };
    case 'NO_NUMBER':
      return { ...cells, idNumber: '', region: person.region };
    case 'NO_NUMBER_NO_TOWN':
      return { ...cells, idNumber: '', region: person.county.code };
    case 'BAD_CHECK_DIGIT': {
      const last = person.number.endsWith('5') ? '6' : '5';
      return { ...cells, idNumber: person.number.slice(0, 17) + last, region: person.region };
    }
    case 'NUMBER_OF_ANOTHER':
      return { ...cells, idNumber: another?.number ?? '' };
    default:
      return cells;
  }
}
