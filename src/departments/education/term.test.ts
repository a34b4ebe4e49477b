import { expect, test } from '@jest/globals';
import { toTerm } from './term.ts';

test.each([
  ['2026-2', '2026-2'],
  ['20261', '2026-1'],
  ['2026年春季学期', '2026-1'],
  ['2026秋', '2026-2'],
  ['2026年下半年', '2026-2'],
  ['2026-2027学年第一学期', '2026-2'],
  ['2026-2027学年第二学期', '2027-1'],
  ['2026-2027学年度下学期', '2027-1'],
  ['2026-2027-1', '2026-2'],
])('a term written %s is %s', (written, term) => {
  expect(toTerm(written)).toBe(term);
});

test.each(['2026-3', '2026', '2026-2028学年第一学期', '2026夏', '上学期', ''])('"%s" is no term', (written) => {
  expect(toTerm(written)).toBeUndefined();
});
