/** The calendar that the database holds, for what a service decides itself. */
import type { PoolClient } from '../../platform/database.ts';
import { isWeekend } from '../../platform/working-days.ts';
import type { WorkingCalendar } from '../../platform/working-days.ts';

/** Reads the days of all known years: a few thousand at most. */
export async function loadWorkingCalendar(client: Pick<PoolClient, 'query'>): Promise<WorkingCalendar> {
  const { rows } = await client.query<{ day: string; working: boolean }>('select day, working from calendar_day');
  const [years, off, worked] = [new Set<number>(), new Set<string>(), new Set<string>()];
  for (const { day, working } of rows) {
    years.add(Number(day.slice(0, 4)));
    if (working && isWeekend(day)) worked.add(day);
    if (!working) off.add(day);
  }
  return { years, off, worked };
}
