/** Why a resident ID number cannot be one. A code only: the number itself is never repeated. */
export type ResidentIdFault = 'EMPTY' | 'LENGTH' | 'CHARACTER' | 'DATE' | 'CHECK_DIGIT';

/** Either the 18-character key in upper case under which the person is found, or the reason why there is none. */
export type NormalisedResidentId = { ok: true; key: string } | { ok: false; reason: ResidentIdFault };

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_DIGITS = '10X98765432';
/** Far longer than any padded number; what is longer is not looked at. */
const LONGEST_RAW = 100;

const SPACE = /[\s\u180e\u200b-\u200d\u2060\ufeff]+/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/gu;
const EIGHTEEN = /^\d{17}[\dX]$/;
const FIFTEEN = /^\d{15}$/;

/** The check digit of the first 17 digits (GB 11643, ISO 7064 MOD 11-2): '0'–'9' or 'X'. */
export function residentIdCheckDigit(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * (WEIGHTS[i] ?? 0);
  return CHECK_DIGITS.charAt(sum % 11);
}

/**
 * Brings a resident ID number to the one form under which it is matched (GB 11643): full-width signs to ASCII, spaces out,
 * `x` to `X`, 15 digits of before 1999 to 18. Numbers of holders of residence permits for Hong Kong, Macao and Taiwan
 * (81, 82, 83) and of foreign permanent residents (9) obey the same rule. The first six digits are where the number was
 * first registered, often under a code that is gone: they are never looked up, and no prefix is refused.
 */
export function normaliseResidentId(raw: string): NormalisedResidentId {
  if (raw.length > LONGEST_RAW) return { ok: false, reason: 'LENGTH' };
  const text = raw
    .replace(SPACE, '')
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .toUpperCase();
  if (text === '') return { ok: false, reason: 'EMPTY' };
  if (text.length !== 15 && text.length !== 18) return { ok: false, reason: 'LENGTH' };
  if (!EIGHTEEN.test(text) && !FIFTEEN.test(text)) return { ok: false, reason: 'CHARACTER' };
  const first17 = text.length === 15 ? text.slice(0, 6) + centuryOf(text) + text.slice(6) : text.slice(0, 17);
  if (!isDate(first17.slice(6, 14))) return { ok: false, reason: 'DATE' };
  const check = residentIdCheckDigit(first17);
  if (text.length === 18 && text.charAt(17) !== check) return { ok: false, reason: 'CHECK_DIGIT' };
  return { ok: true, key: first17 + check };
}

/** In 15-digit numbers the sequences 996–999 were kept for those who were a hundred years old: born in the 1800s. */
function centuryOf(fifteen: string): string {
  return Number(fifteen.slice(12)) >= 996 ? '18' : '19';
}

function isDate(compact: string): boolean {
  const year = Number(compact.slice(0, 4));
  const month = Number(compact.slice(4, 6));
  const day = Number(compact.slice(6));
  if (year < 1800 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
