import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { makeResidentId, toFifteenDigits } from '../../../seeds/synthetic/resident-id.ts';
import { normaliseResidentId, residentIdCheckDigit } from './resident-id.ts';

interface Oracle {
  verify(card: string): boolean;
  upgrade15To18(card: string): { card: string };
}
const idcard = createRequire(import.meta.url)('idcard') as Oracle;

const valid = fc
  .tuple(
    fc.integer({ min: 110000, max: 999999 }),
    fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2025-12-31T00:00:00Z'), noInvalidDate: true }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([county, date, sequence]) => makeResidentId(String(county), date.toISOString().slice(0, 10), sequence));

const key = (raw: string) => {
  const found = normaliseResidentId(raw);
  return found.ok ? found.key : found.reason;
};
const widen = (text: string) => text.replace(/[!-~]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

test('the two numbers printed in GB 11643 have the check digits printed there', () => {
  expect(residentIdCheckDigit(['110105', '19491231', '002'].join(''))).toBe('X');
  expect(residentIdCheckDigit(['440524', '18800101', '001'].join(''))).toBe('4');
});

test('every generated number is its own key', () => {
  fc.assert(fc.property(valid, (number) => expect(key(number)).toBe(number)));
});

test('spaces, full width and lower case do not make another number', () => {
  fc.assert(
    fc.property(
      valid,
      fc.integer({ min: 0, max: 18 }),
      fc.constantFrom(' ', '\u3000', '\t', '\u200b', '  '),
      (number, at, gap) => {
        const spaced = gap + number.slice(0, at) + gap + number.slice(at) + gap;
        expect(key(spaced)).toBe(number);
        expect(key(spaced.toLowerCase())).toBe(number);
        expect(key(widen(spaced))).toBe(number);
        expect(key(widen(spaced.toLowerCase()))).toBe(number);
      },
    ),
  );
});

test('a 15-digit number is the same person as its 18-digit form', () => {
  fc.assert(
    fc.property(valid, (number) => {
      fc.pre(number.slice(6, 8) === '19' && Number(number.slice(14, 17)) < 996);
      const fifteen = toFifteenDigits(number);
      expect(key(fifteen)).toBe(number);
      expect(idcard.upgrade15To18(fifteen).card.toUpperCase()).toBe(number);
    }),
  );
});

test.each([996, 997, 998, 999])('sequence %i in a 15-digit number means born in the 1800s', (sequence) => {
  const number = makeResidentId('620199', '1895-03-02', sequence);
  expect(key(toFifteenDigits(number))).toBe(number);
});

test('sequence 995 in a 15-digit number means born in the 1900s', () => {
  const number = makeResidentId('620199', '1925-03-02', 995);
  expect(key(toFifteenDigits(number))).toBe(number);
});

test('every error in a single digit is caught', () => {
  fc.assert(
    fc.property(valid, fc.integer({ min: 0, max: 17 }), fc.constantFrom(...'0123456789X'), (number, at, other) => {
      fc.pre(number.charAt(at) !== other);
      expect(normaliseResidentId(number.slice(0, at) + other + number.slice(at + 1)).ok).toBe(false);
    }),
  );
});

test('an independent implementation agrees on numbers of assigned counties', () => {
  const counties = ['110105', '440524', '620102', '360102', '310101'];
  fc.assert(
    fc.property(valid, fc.constantFrom(...counties), fc.constantFrom(...'0123456789X'), (number, county, last) => {
      const card = county + number.slice(6, 17) + last;
      // Its calendar ends with the machine's clock; numbers of the far past it refuses.
      fc.pre(Number(number.slice(6, 10)) >= 1901 && Number(number.slice(6, 10)) <= 2020);
      expect(normaliseResidentId(card).ok).toBe(idcard.verify(card));
    }),
  );
});

test('no prefix is refused: unknown counties, permits for Hong Kong, Macao and Taiwan, foreign permanent residents', () => {
  for (const county of ['000001', '620199', '810000', '820000', '830000', '911001', '999999']) {
    const number = makeResidentId(county, '1990-02-28', 123);
    expect(key(number)).toBe(number);
  }
});

test.each([
  ['nothing', '', 'EMPTY'],
  ['spaces', ' \u3000 ', 'EMPTY'],
  ['a digit too few', makeResidentId('620199', '1990-01-01', 12).slice(1), 'LENGTH'],
  ['a digit too many', `1${makeResidentId('620199', '1990-01-01', 12)}`, 'LENGTH'],
  ['very much text', ' '.repeat(10_000), 'LENGTH'],
  ['a letter inside', makeResidentId('62019A', '1990-01-01', 12), 'CHARACTER'],
  ['an x in the middle', `62019X${makeResidentId('620199', '1990-01-01', 12).slice(6)}`, 'CHARACTER'],
  ['an x in 15 digits', `${toFifteenDigits(makeResidentId('620199', '1990-01-01', 12)).slice(0, 14)}X`, 'CHARACTER'],
  ['the 30th of February', makeResidentId('620199', '1990-02-30', 12), 'DATE'],
  ['the 29th of February in a common year', makeResidentId('620199', '1900-02-29', 12), 'DATE'],
  ['month 13', makeResidentId('620199', '1990-13-01', 12), 'DATE'],
  ['day 0', makeResidentId('620199', '1990-01-00', 12), 'DATE'],
  ['a year before 1800', makeResidentId('620199', '0190-01-01', 12), 'DATE'],
])('%s is refused with a reason', (_what, raw, reason) => {
  expect(normaliseResidentId(raw)).toEqual({ ok: false, reason });
});

test('whatever is put in, a refusal never repeats it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 13, unit: 'grapheme' }), (raw) => {
      const found = normaliseResidentId(raw);
      if (!found.ok) expect(Object.keys(found).sort()).toEqual(['ok', 'reason']);
    }),
  );
});
