import { createHash } from 'node:crypto';
import { loadSynthetic } from '../../seeds/index.ts';
import { TABLE_NAMES } from '../../seeds/synthetic/sheets.ts';
import type { Pool } from '../../src/platform/database.ts';

/** The day on which the populations of the tests stand. */
export const TODAY = '2026-11-22';

/** Loads a small population. */
export const load = (pool: Pool, persons: number, seed = 1) => loadSynthetic({ pool, persons, seed, today: TODAY });

/** One digest over every row of every table that is seeded. */
export async function digestOf(pool: Pool): Promise<string> {
  const digest = createHash('sha256');
  for (const table of [...TABLE_NAMES, 'region', 'region_version', 'region_change']) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${table} t order by 1`);
    digest.update(table);
    for (const { row } of rows) digest.update(row).update('\n');
  }
  return digest.digest('hex');
}

/** The one row of a query, its numbers as numbers. */
export async function figures(pool: Pool, sql: string): Promise<Record<string, number>> {
  const { rows } = await pool.query<Record<string, unknown>>(sql);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
}

/** The rows of a query of two columns, a word and a number. */
export async function shares(pool: Pool, sql: string): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ word: string; share: string }>(sql);
  return Object.fromEntries(rows.map(({ word, share }) => [word, Number(share)]));
}
