import type { PoolClient } from '../../src/platform/database.ts';

/** The temporary table that the intake hands to the matching, with the columns that matching reads and sets. */
export async function createIntakeRow(tx: PoolClient): Promise<void> {
  await tx.query(`
    create temporary table intake_row (
      row_no int primary key,
      id uuid not null,
      new_person_id uuid,
      source_key text not null,
      id_type text,
      id_value text,
      id_key text,
      name text,
      name_key text,
      sex char(1),
      birth_date date,
      region_code varchar(12),
      township_code varchar(12),
      county_code varchar(12),
      prefecture_code varchar(12),
      province_code varchar(12),
      person_id uuid,
      match text,
      verdict text
    ) on commit drop`);
}
