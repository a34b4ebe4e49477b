/** The administrative divisions by code, for scopes and filters: a code is looked up, never read by its digits. */
import type { Pool } from '../platform/database.ts';

/** Level and ancestors of each known division. */
export interface RegionDirectory {
  /** `province`, `prefecture`, `county`, `township` or `village`; undefined for an unknown code. */
  levelOf(code: string): string | undefined;
}

/** Reads all divisions, about 3,500 for two provinces down to the township. */
export async function loadRegions(pool: Pool): Promise<RegionDirectory> {
  const { rows } = await pool.query<{ code: string; level: string }>('select code, level from region');
  const levels = new Map(rows.map(({ code, level }) => [code, level.toLowerCase()]));
  return { levelOf: (code) => levels.get(code) };
}
