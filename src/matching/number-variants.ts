/** What a mistyped identity number may have been: the valid numbers that are one slip away from it. */
import { normaliseResidentId } from '../registry/index.ts';

const FULL_LENGTH = 18;
const SPACES = /[\s\u200b-\u200d\u2060\ufeff-]+/gu;
const WIDE = /[\uff01-\uff5e]/gu;
/** What keyboards and text recognition make of digits. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', L: '1', Z: '2', S: '5', B: '8' };
const DIGITS = '0123456789';

/**
 * Valid numbers of 18 characters that become the given text by one slip: a digit mistyped, two neighbours swapped, one
 * missing, one too many, a letter for a digit. The check digit (GB 11643) leaves of each place one digit at most, so there
 * are some twenty; none for a number that is valid as it stands, since no single slip leads from one valid number to another.
 * A number of 15 digits has no check digit; its slips are not looked for here.
 */
export function numberVariants(raw: string): readonly string[] {
  const text = tidy(raw);
  if (text.length < FULL_LENGTH - 1 || text.length > FULL_LENGTH + 1 || isNumber(text)) return [];
  const found = new Set<string>();
  const consider = (candidate: string): void => {
    if (isNumber(candidate)) found.add(candidate);
  };
  if (text.length === FULL_LENGTH) {
    consider(digitsOnly(text));
    for (let i = 0; i < text.length; i++) {
      for (const digit of DIGITS) consider(text.slice(0, i) + digit + text.slice(i + 1));
      if (i + 1 < text.length) consider(text.slice(0, i) + text.charAt(i + 1) + text.charAt(i) + text.slice(i + 2));
    }
    consider(`${text.slice(0, -1)}X`);
  } else if (text.length < FULL_LENGTH) {
    for (let i = 0; i <= text.length; i++) {
      for (const digit of DIGITS) consider(text.slice(0, i) + digit + text.slice(i));
    }
    consider(`${text}X`);
  } else {
    for (let i = 0; i < text.length; i++) consider(text.slice(0, i) + text.slice(i + 1));
  }
  return [...found].sort();
}

/** The birth date within a number, valid or not, as 'YYYY-MM-DD'; undefined where no date can be read there. */
export function birthWithin(raw: string): string | undefined {
  const text = tidy(raw);
  if (!/^\d{17}[\dX]?$/.test(text)) return undefined;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)];
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const sound = Number(year) >= 1900 && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1;
  return sound && Number(day) <= last ? `${year}-${month}-${day}` : undefined;
}

const tidy = (raw: string): string =>
  raw
    .slice(0, 100)
    .replace(SPACES, '')
    .replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .toUpperCase();

const digitsOnly = (text: string): string =>
  [...text].map((sign, i) => (sign === 'X' && i === FULL_LENGTH - 1 ? sign : (LOOKALIKES[sign] ?? sign))).join('');

const isNumber = (text: string): boolean => text.length === FULL_LENGTH && normaliseResidentId(text).ok;
