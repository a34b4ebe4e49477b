/** The arrangements of holidays in `seeds/reference/holidays`, against the notices as they were read once more for this test. */
import { expect, test } from '@jest/globals';
import { readArrangements } from '../../seeds/reference/holidays.ts';
import { addDays } from '../../src/platform/dates.ts';
import { addWorkingDays, isWorkingDay, workingDaysBetween } from '../../src/platform/working-days.ts';
import { WORKED_DAYS, workedFrom } from './worked-days.ts';

const arrangements = await readArrangements();

test('every day of 2024 to 2026 is worked or not as the notices say', () => {
  const worked: string[] = [];
  for (let day = '2024-01-01'; day <= '2026-12-31'; day = addDays(day, 1)) {
    if (isWorkingDay(arrangements, day)) worked.push(day);
  }
  expect(worked).toEqual(WORKED_DAYS);
});

// 365 or 366 days, less weekends and the days of the notices: the number that offices publish.
test.each([
  [2024, 251],
  [2025, 248],
  [2026, 248],
])('%d has %d working days', (year, count) => {
  expect(WORKED_DAYS.filter((day) => day.startsWith(String(year)))).toHaveLength(count);
  expect(workingDaysBetween(arrangements, `${year}-01-01`, `${year}-12-31`)).toBe(count);
});

test('each year names the document that it comes from', () => {
  expect(Object.fromEntries(arrangements.documents)).toEqual({
    2024: '国办发明电〔2023〕7号',
    2025: '国办发明电〔2024〕12号',
    2026: '国办发明电〔2025〕7号',
  });
});

test.each([
  // Across the Spring Festival of 2026: Saturday 14 February is worked, 15 to 23 are off, Saturday 28 is worked.
  ['2026-02-13', 1, '2026-02-14'],
  ['2026-02-13', 2, '2026-02-24'],
  ['2026-02-13', 10, '2026-03-05'],
  ['2026-02-16', 1, '2026-02-24'],
  // Across the National Day of 2025: Sunday 28 September and Saturday 11 October are worked, 1 to 8 October are off.
  ['2025-09-26', 1, '2025-09-28'],
  ['2025-09-26', 10, '2025-10-16'],
  ['2025-09-30', 3, '2025-10-11'],
  // The National Day of 2026: Sunday 20 September is worked long before, Mid-autumn lies between.
  ['2026-09-18', 10, '2026-10-09'],
  ['2026-09-18', 20, '2026-10-22'],
])('a term from %s of %d working days ends on %s', (day, count, last) => {
  expect(addWorkingDays(arrangements, day, count)).toBe(last);
  expect(workedFrom(day, count)).toBe(last);
});
