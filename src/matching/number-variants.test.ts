import { expect, test } from '@jest/globals';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { birthWithin, numberVariants } from './number-variants.ts';

const NUMBERS = Array.from({ length: 40 }, (_, n) =>
  makeResidentId('620199', `19${60 + (n % 40)}-0${1 + (n % 9)}-1${n % 10}`, 17 * n + 1),
);

test('whatever single digit was mistyped, the number is among the variants', () => {
  for (const number of NUMBERS)
    for (let at = 0; at < 17; at++) {
      const other = String((Number(number.charAt(at)) + 1 + (at % 8)) % 10);
      expect(numberVariants(number.slice(0, at) + other + number.slice(at + 1))).toContain(number);
    }
});

test('whatever neighbours were swapped, whichever digit is missing or twice, the number is among the variants', () => {
  for (const number of NUMBERS)
    for (let at = 0; at < 17; at++) {
      const [a, b] = [number.charAt(at), number.charAt(at + 1)];
      if (a !== b) expect(numberVariants(number.slice(0, at) + b + a + number.slice(at + 2))).toContain(number);
      expect(numberVariants(number.slice(0, at) + number.slice(at + 1))).toContain(number);
      expect(numberVariants(number.slice(0, at) + a + number.slice(at))).toContain(number);
    }
});

test('a valid number has no variants, a hopeless one neither, and there are never many', () => {
  for (const number of NUMBERS) {
    expect(numberVariants(number)).toEqual([]);
    expect(numberVariants(`${number.slice(0, 5)}7${number.slice(6)}`).length).toBeLessThan(60);
  }
  expect(numberVariants('')).toEqual([]);
  expect(numberVariants('无'.repeat(500))).toEqual([]);
});

test('the birth date is read from a number that is otherwise wrong, and from none that has no date there', () => {
  const number = makeResidentId('620199', '1975-11-30', 12);
  expect(birthWithin(`${number.slice(0, 17)}${number.endsWith('1') ? '2' : '1'}`)).toBe('1975-11-30');
  expect(birthWithin(`${number.slice(0, 10)}13${number.slice(12)}`)).toBeUndefined();
  expect(birthWithin('PASSPORT')).toBeUndefined();
});
