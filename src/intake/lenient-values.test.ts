import { expect, test } from '@jest/globals';
import { toDate, toDivision, toFen, toMonth, toVersion } from './lenient-values.ts';

test.each(['2026-03-01', '2026/3/1', '2026.3.1', '2026年3月1日', '20260301', '2026-3-1'])(
  'the date %s is the first of March 2026',
  (sent) => {
    expect(toDate(sent)).toBe('2026-03-01');
  },
);

test.each(['2026-02-30', '3/1/2026', '01-03-2026', '2026-03', '2026031', '26-03-01', '2026-3/1', '', '46082'])(
  'the date %p is not guessed at',
  (sent) => {
    expect(toDate(sent)).toBeUndefined();
  },
);

test.each(['2026-03', '2026/3', '2026.3', '2026年3月', '202603'])('the month %s is March 2026', (sent) => {
  expect(toMonth(sent)).toBe('2026-03');
});

test.each(['2026-13', '2026-00', '2026', '3/2026', '2026-03-01'])('the month %p is not guessed at', (sent) => {
  expect(toMonth(sent)).toBeUndefined();
});

test.each([
  ['1200', 120_000n],
  ['1200.5', 120_050n],
  ['1,200.50', 120_050n],
  ['¥1200', 120_000n],
  ['1200元', 120_000n],
  ['0.01', 1n],
  ['999999999.99', 99_999_999_999n],
])('%s yuan are %s fen', (sent, fen) => {
  expect(toFen(sent)).toBe(fen);
});

test.each(['0', '0.00', '-5', '12.345', '1,20.00', '12,00', '1e3', '10000000000', '1.200,50', '十', ''])(
  'the amount %p is refused',
  (sent) => {
    expect(toFen(sent)).toBeUndefined();
  },
);

test.each([
  ['1', 1],
  ['007', 7],
  ['999999999', 999_999_999],
])('the version %s is %i', (sent, version) => {
  expect(toVersion(sent)).toBe(version);
});

test.each(['0', '-1', '1.0', '1e3', '9999999999', 'v2'])('the version %p is refused', (sent) => {
  expect(toVersion(sent)).toBeUndefined();
});

test('a division is told by its code at any level', () => {
  expect(['62', '6211', '621122', '621122100', '621122100200'].map(toDivision)).toEqual([
    '620000000000',
    '621100000000',
    '621122000000',
    '621122100000',
    '621122100200',
  ]);
  expect(toDivision('62112')).toBeUndefined();
});
