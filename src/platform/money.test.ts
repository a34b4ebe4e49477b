import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatYuan, parseYuan } from './money.ts';

const fen = fc.bigInt({ min: -(10n ** 18n - 1n), max: 10n ** 18n - 1n });

test('an amount that was written is read as the same amount', () => {
  fc.assert(fc.property(fen, (amount) => parseYuan(formatYuan(amount)) === amount));
});

test('amounts sort as their fen, and have two places', () => {
  fc.assert(fc.property(fen, (amount) => /^-?\d+\.\d\d$/.test(formatYuan(amount))));
  expect([formatYuan(0n), formatYuan(5n), formatYuan(-5n), formatYuan(123456n), formatYuan('1230')]).toEqual([
    '0.00',
    '0.05',
    '-0.05',
    '1234.56',
    '12.30',
  ]);
});

test('yuan may come with no, one or two places', () => {
  expect([parseYuan('12'), parseYuan('12.3'), parseYuan('12.30'), parseYuan('-0.01'), parseYuan('007')]).toEqual([
    1200n,
    1230n,
    1230n,
    -1n,
    700n,
  ]);
});

test('what a department meant is not guessed', () => {
  for (const text of [
    '',
    ' 12',
    '12.',
    '.5',
    '12.345',
    '1,200',
    '¥12',
    '12元',
    '1e3',
    '+12',
    '--1',
    '１２',
    '12.3.4',
    '0x10',
  ]) {
    expect(parseYuan(text)).toBeUndefined();
  }
  expect(parseYuan('9'.repeat(17))).toBeUndefined();
});

test('every amount that is read fits the bigint of PostgreSQL', () => {
  const largest = parseYuan(`${'9'.repeat(16)}.99`);
  expect(largest !== undefined && largest < 2n ** 63n).toBe(true);
});
