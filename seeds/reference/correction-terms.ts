import type { PoolClient } from '../../src/platform/database.ts';
import { parseDate } from '../../src/platform/dates.ts';
import { readTable } from './tables.ts';

/**
 * Brings `correction-terms.csv` into the database: how long the owner of a disputed value has. Run again with a newer file it
 * updates what changed.
 * @throws Error that names the row
 */
export async function loadCorrectionTerms(client: PoolClient): Promise<number> {
  const rows = await readTable('correction-terms.csv');
  for (const { valid_from: from = '', working_days: days = '', document = '' } of rows)
    if (parseDate(from) === undefined || !/^[1-9]\d?$/.test(days) || document === '')
      throw new Error(`correction-terms.csv, ${from}: a date, working days from 1 to 99, and the document`);
  await client.query(TERMS, [
    rows.map(({ valid_from: from }) => from),
    rows.map(({ working_days: days }) => days),
    rows.map(({ document }) => document),
  ]);
  return rows.length;
}

const TERMS = `
  insert into correction_term (valid_from, working_days, document)
  select * from unnest($1::date[], $2::int[], $3::text[])
  on conflict (valid_from) do update set working_days = excluded.working_days, document = excluded.document
  where (correction_term.working_days, correction_term.document) is distinct from (excluded.working_days, excluded.document)`;
