import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fixedClock } from './clock.ts';
import { addDays, addMonths, ageOn, dateInChina, daysBetween, daysOfMonth, isWithin } from './dates.ts';
import { monthOf, parseDate, parseMonth } from './dates.ts';

const dates = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test('every day between 1900 and 2199 is a date, and stays as it was written', () => {
  fc.assert(fc.property(dates, (date) => parseDate(date) === date));
});

test('what is not on the calendar is no date', () => {
  for (const text of [
    '2026-02-29',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '1899-12-31',
    '2200-01-01',
  ]) {
    expect(parseDate(text)).toBeUndefined();
  }
});

test('what is not written year-month-day is no date', () => {
  for (const text of ['', '2026-1-1', '20260101', '2026/01/01', '2026-01-01T00:00', ' 2026-01-01', '２０２６-01-01']) {
    expect(parseDate(text)).toBeUndefined();
  }
  fc.assert(fc.property(fc.string(), (text) => [undefined, text].includes(parseDate(text))));
});

test('a month has two digits and lies on the calendar', () => {
  expect(parseMonth('2026-02')).toBe('2026-02');
  for (const text of ['2026-2', '2026-13', '2026-00', '1899-01', '2026-02-01'])
    expect(parseMonth(text)).toBeUndefined();
});

test('days added are days between', () => {
  const days = fc.integer({ min: -20_000, max: 20_000 });
  fc.assert(fc.property(dates, days, (date, n) => daysBetween(date, addDays(date, n)) === n));
});

test('months added end on the last day where the month is shorter', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
  expect(addMonths('2026-03-15', -3)).toBe('2025-12-15');
});

test('a date lies within its month', () => {
  fc.assert(
    fc.property(dates, (date) => {
      const { first, last } = daysOfMonth(monthOf(date));
      return isWithin(date, first, last) && addDays(last, 1) === addMonths(first, 1);
    }),
  );
});

test('validity includes both ends, and without an end it is open', () => {
  expect(isWithin('2026-01-01', '2026-01-01', '2026-01-31')).toBe(true);
  expect(isWithin('2026-01-31', '2026-01-01', '2026-01-31')).toBe(true);
  expect(isWithin('2026-02-01', '2026-01-01', '2026-01-31')).toBe(false);
  expect(isWithin('2025-12-31', '2026-01-01')).toBe(false);
  expect(isWithin('2099-12-31', '2026-01-01', null)).toBe(true);
});

test('the birthday completes the year of age', () => {
  expect(ageOn('2010-05-06', '2026-05-05')).toBe(15);
  expect(ageOn('2010-05-06', '2026-05-06')).toBe(16);
});

test('the day in China begins eight hours before the day in Greenwich', () => {
  expect(dateInChina(new Date('2026-11-21T15:59:59.999Z'))).toBe('2026-11-21');
  expect(dateInChina(new Date('2026-11-21T16:00:00Z'))).toBe('2026-11-22');
  fc.assert(
    fc.property(dates, (date) => dateInChina(new Date(`${date}T00:00:00+08:00`)) === date || date < '1992-01-01'),
  );
});

test('a fixed clock stands still, and asks for the zone', () => {
  const clock = fixedClock('2026-11-22T00:30:00+08:00');
  expect(clock.today()).toBe('2026-11-22');
  expect(clock.now().toISOString()).toBe('2026-11-21T16:30:00.000Z');
  clock.now().setFullYear(1999);
  expect(clock.now().getUTCFullYear()).toBe(2026);
  expect(() => fixedClock('2026-11-22T00:30:00')).toThrow('zone');
});
