import type { PoolClient } from '../../src/platform/database.ts';
import { addDays, parseDate } from '../../src/platform/dates.ts';
import { isWeekend, isWorkingDay } from '../../src/platform/working-days.ts';
import type { WorkingCalendar } from '../../src/platform/working-days.ts';
import { readTable } from './tables.ts';

/** The arrangements of holidays, and the document that each year's comes from. */
export interface Arrangements extends WorkingCalendar {
  readonly documents: ReadonlyMap<number, string>;
  /** Which festival a day off, or a weekend that is worked, belongs to. */
  readonly festivals: ReadonlyMap<string, string>;
}

/**
 * Reads `holidays/arrangements.csv` and `holidays/days.csv`.
 * @throws Error that names the row: years with a gap between them, a day that is no date, an exchange that is no weekend
 */
export async function readArrangements(): Promise<Arrangements> {
  const documents = new Map<number, string>();
  for (const { year = '', document = '' } of await readTable('holidays/arrangements.csv')) {
    const last = [...documents.keys()].at(-1);
    if (document === '' || (last !== undefined && Number(year) !== last + 1))
      throw new Error(`holidays/arrangements.csv, ${year}: years follow one another, each with its document`);
    documents.set(Number(year), document);
  }
  const [off, worked, festivals] = [new Set<string>(), new Set<string>(), new Map<string, string>()];
  for (const { year = '', kind = '', from = '', to = '', festival = '' } of await readTable('holidays/days.csv')) {
    const fault = (reason: string): Error => new Error(`holidays/days.csv, ${year} ${from}: ${reason}`);
    if (!documents.has(Number(year))) throw fault('no arrangement of that year is listed');
    if (parseDate(from) === undefined || parseDate(to) === undefined || to < from) throw fault('from and to are dates');
    if (kind !== 'OFF' && kind !== 'WORKED') throw fault('kind is OFF or WORKED');
    for (let day = from; day <= to; day = addDays(day, 1)) {
      if (kind === 'WORKED' && !isWeekend(day)) throw fault('only a Saturday or Sunday is worked in exchange');
      if (festivals.has(day)) throw fault('the day is named twice');
      (kind === 'OFF' ? off : worked).add(day);
      festivals.set(day, festival);
    }
  }
  return { years: new Set(documents.keys()), off, worked, documents, festivals };
}

/** Brings every day of the known years into `calendar_day`; run again with newer files it updates what changed. */
export async function loadCalendar(client: PoolClient): Promise<number> {
  const arrangements = await readArrangements();
  const days: { day: string; working: boolean; ordinal: number; festival: string | null; document: string }[] = [];
  let ordinal = 0;
  for (const [year, document] of arrangements.documents) {
    for (let day = `${String(year)}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) {
      const working = isWorkingDay(arrangements, day);
      if (working) ordinal += 1;
      days.push({ day, working, ordinal, festival: arrangements.festivals.get(day) ?? null, document });
    }
  }
  await client.query(CALENDAR, [
    days.map(({ day }) => day),
    days.map(({ working }) => working),
    days.map(({ ordinal: count }) => count),
    days.map(({ festival }) => festival),
    days.map(({ document }) => document),
  ]);
  return days.length;
}

const CALENDAR = `
  insert into calendar_day (day, working, ordinal, festival, document)
  select * from unnest($1::date[], $2::boolean[], $3::int[], $4::text[], $5::text[])
  on conflict (day) do update set working = excluded.working, ordinal = excluded.ordinal, festival = excluded.festival,
    document = excluded.document
  where (calendar_day.working, calendar_day.ordinal, calendar_day.festival, calendar_day.document)
    is distinct from (excluded.working, excluded.ordinal, excluded.festival, excluded.document)`;
