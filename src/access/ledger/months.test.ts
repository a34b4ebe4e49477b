import { expect, test } from '@jest/globals';
import { addToMonth, firstIdOf, monthOfId, partitionOf } from './months.ts';

const idAt = (iso: string): string => {
  const hex = new Date(iso).getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

test('a month begins at midnight in China, eight hours before that of UTC', () => {
  expect(monthOfId(idAt('2026-11-30T15:59:59.999Z'))).toBe('2026-11');
  expect(monthOfId(idAt('2026-11-30T16:00:00.000Z'))).toBe('2026-12');
  expect(monthOfId(idAt('2026-12-31T23:59:59.999+08:00'))).toBe('2026-12');
});

test('every id of a month lies between its first id and the first of the next', () => {
  for (const iso of ['2026-12-01T00:00:00.000+08:00', '2026-12-15T12:00:00Z', '2026-12-31T23:59:59.999+08:00']) {
    const id = idAt(iso);
    expect(id >= firstIdOf('2026-12') && id < firstIdOf('2027-01')).toBe(true);
  }
  expect(idAt('2026-11-30T23:59:59.999+08:00') < firstIdOf('2026-12')).toBe(true);
});

test('months go on over the end of a year', () => {
  expect(addToMonth('2026-12', 1)).toBe('2027-01');
  expect(addToMonth('2026-12', -36)).toBe('2023-12');
  expect(partitionOf('2027-01')).toBe('access_record_2027_01');
});
