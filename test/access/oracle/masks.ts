/**
 * What is left of a value behind a mask, by the words that describe the masks. A value that is too short to hide
 * something of it is hidden whole.
 */

const stars = (count: number): string => '*'.repeat(count);

/** Characters as a person counts them. */
const signs = (text: string): string[] => Array.from(text);

/** The last characters of a number of at least that length, the rest as stars, one for each. */
const tail = (text: string, shown: number, atLeast: number): string => {
  const all = signs(text);
  return all.length < atLeast ? stars(all.length) : stars(all.length - shown) + all.slice(-shown).join('');
};

type Mask = (value: string | number | null, row: Readonly<Record<string, unknown>>) => unknown;

/** A mask of a value that is there; nothing stays nothing. */
const ofText =
  (mask: (text: string) => unknown): Mask =>
  (value) =>
    value === null ? null : mask(String(value));

/** Each mask by its name: the value as it would leave in full, and the row that it stands in. */
export const MASKS: Readonly<Record<string, Mask>> = {
  'name-surname': ofText((name) => signs(name).slice(0, 1).join('') + stars(Math.max(1, signs(name).length - 1))),
  'id-number': ofText((number) => tail(number, 4, 8)),
  'age-band': ofText((date) => `${date.slice(0, 3)}0-01-01`),
  phone: ofText((phone) => (signs(phone).length < 11 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`)),
  // A place is never told finer than the mask, and whether a finer one is known is not told either.
  'region-county': (_code, row) => row['county_code'],
  'region-township': (_code, row) => row['township_code'] ?? row['county_code'],
  'account-last4': ofText((account) => (signs(account).length < 8 ? '****' : `****${account.slice(-4)}`)),
  'amount-band': ofText((yuan) => `${String((BigInt(yuan.split('.')[0] ?? '0') / 100n) * 100n)}.00`),
  certificate: ofText((number) => tail(number, 2, 4)),
  presence: ofText(() => '***'),
  'count-band': (count) => Math.min(Number(count), 5),
};
