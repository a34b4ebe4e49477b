/**
 * The days that offices worked from 2024 to 2026, month by month, as the notices of the State Council's office leave them:
 * an oracle that shares neither data nor code with the hub's calendar. `o` is worked, `.` is not, from the first on.
 */
const MONTHS: Readonly<Record<string, string>> = {
  '2024-01': '.oooo..ooooo..ooooo..ooooo..ooo',
  '2024-02': 'oo.oooooo........oooooo..oooo',
  '2024-03': 'o..ooooo..ooooo..ooooo..ooooo..',
  '2024-04': 'ooo...oooooo..ooooo..ooooo.ooo',
  '2024-05': '.....oooooo.ooooo..ooooo..ooooo',
  '2024-06': '..ooooo...oooo..ooooo..ooooo..',
  '2024-07': 'ooooo..ooooo..ooooo..ooooo..ooo',
  '2024-08': 'oo..ooooo..ooooo..ooooo..ooooo.',
  '2024-09': '.ooooo..oooooo...ooo..ooooo.oo',
  '2024-10': '.......ooooo.ooooo..ooooo..oooo',
  '2024-11': 'o..ooooo..ooooo..ooooo..ooooo.',
  '2024-12': '.ooooo..ooooo..ooooo..ooooo..oo',
  '2025-01': '.oo..ooooo..ooooo..ooooo.oo....',
  '2025-02': '....oooo.ooooo..ooooo..ooooo',
  '2025-03': '..ooooo..ooooo..ooooo..ooooo..o',
  '2025-04': 'ooo...ooooo..ooooo..ooooo.oooo',
  '2025-05': '.....oooo..ooooo..ooooo..ooooo.',
  '2025-06': '..oooo..ooooo..ooooo..ooooo..o',
  '2025-07': 'oooo..ooooo..ooooo..ooooo..oooo',
  '2025-08': 'o..ooooo..ooooo..ooooo..ooooo..',
  '2025-09': 'ooooo..ooooo..ooooo..ooooo.ooo',
  '2025-10': '........ooo.ooooo..ooooo..ooooo',
  '2025-11': '..ooooo..ooooo..ooooo..ooooo..',
  '2025-12': 'ooooo..ooooo..ooooo..ooooo..ooo',
  '2026-01': '...oooooo..ooooo..ooooo..ooooo.',
  '2026-02': '.ooooo..oooooo.........ooooo',
  '2026-03': '.ooooo..ooooo..ooooo..ooooo..oo',
  '2026-04': 'ooo...oooo..ooooo..ooooo..oooo',
  '2026-05': '.....oooo.ooooo..ooooo..ooooo..',
  '2026-06': 'ooooo..ooooo..oooo...ooooo..oo',
  '2026-07': 'ooo..ooooo..ooooo..ooooo..ooooo',
  '2026-08': '..ooooo..ooooo..ooooo..ooooo..o',
  '2026-09': 'oooo..ooooo..ooooo.ooooo...ooo',
  '2026-10': '.......ooo.ooooo..ooooo..ooooo.',
  '2026-11': '.ooooo..ooooo..ooooo..ooooo..o',
  '2026-12': 'oooo..ooooo..ooooo..ooooo..oooo',
};

/** 'YYYY-MM-DD', in order. */
export const WORKED_DAYS: readonly string[] = Object.entries(MONTHS).flatMap(([month, days]) =>
  [...days].flatMap((sign, i) => (sign === 'o' ? [`${month}-${String(i + 1).padStart(2, '0')}`] : [])),
);

/** The so-manieth worked day after a day; undefined beyond 2026. */
export const workedFrom = (day: string, count: number): string | undefined =>
  WORKED_DAYS.filter((worked) => worked > day)[count - 1];
