import { tableWriter } from '../../intake/index.ts';
import type { RecordWriter, Step } from '../../intake/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { HOUSEHOLD } from './household-column.ts';

/** A record by months, and the record of the other kind that must not run in the same ones. */
interface MonthsApart {
  readonly table: string;
  /** The field that is named where they meet. */
  readonly field: string;
  /** First and last month of a row (`i`), as SQL; an open end is null. */
  readonly from: string;
  readonly to: string;
  /** The same of a held row (`held`) of the other table. */
  readonly other: { readonly table: string; readonly from: string; readonly to: string };
}

/**
 * The writer of a record that rules another one out in the same months: a household has a flat or the money for one, not
 * both (S1 三(三) “多头使用”). Where they meet, the new row is refused and told; what is held stays as it is. Housing delivers both
 * kinds and alone knows which one is right: it ends or corrects that, and sends the row again.
 */
export function toldApart({ table, field, from, to, other }: MonthsApart): RecordWriter {
  const writer = tableWriter({ table, columns: { household_id: HOUSEHOLD } });
  // 'YYYY-MM' sorts as it stands; what its source ended counts until the month of its end.
  const meets = `
    update intake_row i set verdict = 'REJECTED', code = 'MONTHS_TAKEN', field = '${field}'
    from (select i.row_no, ${HOUSEHOLD} as household_id from intake_row i where i.verdict is null) home
    where home.row_no = i.row_no and i.verdict is null and exists (
      select from ${other.table} held
      where (held.person_id = i.person_id or held.household_id = home.household_id)
        and ${other.from} <= coalesce(${to}, '9999-12')
        and ${from} <= coalesce(least(${other.to}, to_char(held.ended_on, 'YYYY-MM')), '9999-12'))`;
  return {
    ...writer,
    async judge(tx: PoolClient, step: Step): Promise<void> {
      // Two deliveries at a time, one of each kind, would not see each other's rows.
      if (!step.preview) await tx.query(`select pg_advisory_xact_lock(hashtextextended('housing/months', 0))`);
      await tx.query(meets);
      await writer.judge(tx, step);
    },
  };
}
