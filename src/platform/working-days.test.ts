import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from './dates.ts';
import { UnknownYearError, addWorkingDays, isWorkingDay, workingDaysBetween } from './working-days.ts';
import type { WorkingCalendar } from './working-days.ts';

/** Two years with a festival across the turn of the year, and a Sunday that is worked for it. */
const CALENDAR: WorkingCalendar = {
  years: new Set([2025, 2026]),
  off: new Set(['2025-12-31', '2026-01-01', '2026-01-02', '2026-01-03']),
  worked: new Set(['2026-01-04']),
};

const day = fc.integer({ min: 0, max: 2 * 365 - 1 }).map((offset) => addDays('2025-01-01', offset));

describe('a day is worked', () => {
  test('from Monday to Friday, unless it is off', () => {
    expect(isWorkingDay(CALENDAR, '2025-12-30')).toBe(true);
    expect(isWorkingDay(CALENDAR, '2025-12-31')).toBe(false);
  });

  test('on a Saturday or Sunday only where that was exchanged', () => {
    expect(isWorkingDay(CALENDAR, '2026-01-04')).toBe(true);
    expect(isWorkingDay(CALENDAR, '2026-01-10')).toBe(false);
    expect(isWorkingDay(CALENDAR, '2026-01-11')).toBe(false);
  });

  test('as nobody knows in a year without an arrangement', () => {
    expect(() => isWorkingDay(CALENDAR, '2027-01-04')).toThrow(UnknownYearError);
    expect(() => addWorkingDays(CALENDAR, '2026-12-25', 10)).toThrow('2027');
    expect(() => addWorkingDays(CALENDAR, '2024-12-31', 1)).toThrow('2024');
    expect(() => workingDaysBetween(CALENDAR, '2026-12-31', '2027-01-04')).toThrow(UnknownYearError);
  });

  test('only where there is such a day', () => {
    expect(() => isWorkingDay(CALENDAR, '2026-02-29')).toThrow(RangeError);
  });
});

describe('a term', () => {
  test('begins on the day after the event', () => {
    expect(addWorkingDays(CALENDAR, '2026-01-05', 1)).toBe('2026-01-06');
    expect(addWorkingDays(CALENDAR, '2026-01-05', 10)).toBe('2026-01-19');
  });

  test('of an event on a day off begins with the next working day', () => {
    expect(addWorkingDays(CALENDAR, '2025-12-31', 1)).toBe('2026-01-04');
    expect(addWorkingDays(CALENDAR, '2026-01-02', 2)).toBe('2026-01-05');
  });

  test.each([0, -1, 1.5, Number.NaN])('of %p working days is none', (count) => {
    expect(() => addWorkingDays(CALENDAR, '2026-01-05', count)).toThrow(RangeError);
  });
});

test('what a term adds lies between its ends, and its end is worked', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 30 }), (from, count) => {
      fc.pre(addDays(from, 3 * count + 10) <= '2026-12-31');
      const last = addWorkingDays(CALENDAR, from, count);
      expect(isWorkingDay(CALENDAR, last)).toBe(true);
      expect(workingDaysBetween(CALENDAR, from, last)).toBe(count);
      expect(workingDaysBetween(CALENDAR, from, addDays(last, -1))).toBe(count - 1);
    }),
  );
});

test('a term after a term is one term', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }), (from, a, b) => {
      fc.pre(addDays(from, 3 * (a + b) + 10) <= '2026-12-31');
      expect(addWorkingDays(CALENDAR, addWorkingDays(CALENDAR, from, a), b)).toBe(
        addWorkingDays(CALENDAR, from, a + b),
      );
    }),
  );
});

test('backwards there are as many working days as forwards', () => {
  fc.assert(
    fc.property(day, day, (a, b) => {
      expect(workingDaysBetween(CALENDAR, a, b)).toBe(0 - workingDaysBetween(CALENDAR, b, a));
    }),
  );
});
