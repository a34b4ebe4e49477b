/** The scope of a token: `purpose:AID_ELIGIBILITY region:620100000000`. It narrows what the client has, and adds nothing. */
import type { Pool } from '../../platform/database.ts';
import type { Purpose } from '../caller.ts';
import type { RegisteredClient } from './client.ts';

/** What a token opens. */
export interface Scope {
  readonly purposes: readonly Purpose[];
  readonly regions: readonly string[];
}

const LONGEST = 4_096;
/** As many divisions as the claims of a token may name. */
const MOST_REGIONS = 200;

/**
 * The scope that a client asks for; what it does not name of purposes or divisions is all that the client has. Undefined
 * where it is malformed, names anything twice, or goes beyond the client: a purpose that it has not, or a division that is
 * neither one of its own nor within one.
 */
export async function narrowed(pool: Pool, client: RegisteredClient, asked: string): Promise<Scope | undefined> {
  if (asked.length > LONGEST) return undefined;
  const words = asked.split(' ').map((word) => word.split(':'));
  if (words.some((parts) => parts.length !== 2)) return undefined;
  const valuesOf = (kind: string): string[] => words.filter(([name]) => name === kind).map(([, value = '']) => value);
  const purposes = valuesOf('purpose');
  const regions = valuesOf('region');
  if (purposes.length + regions.length !== words.length) return undefined;
  if (new Set(purposes).size !== purposes.length || new Set(regions).size !== regions.length) return undefined;
  if (regions.length > MOST_REGIONS) return undefined;
  const open = client.purposes.filter((purpose) => purposes.includes(purpose));
  if (open.length !== purposes.length || !(await areWithin(pool, regions, client.regions))) return undefined;
  return {
    purposes: purposes.length === 0 ? client.purposes : open,
    regions: regions.length === 0 ? client.regions : regions,
  };
}

/** The scope as a text, whole. */
export const toText = ({ purposes, regions }: Scope): string =>
  [...purposes.map((purpose) => `purpose:${purpose}`), ...regions.map((code) => `region:${code}`)].join(' ');

/** Whether each division is one of the others or lies in one: looked up, never read by its digits. */
async function areWithin(pool: Pool, codes: readonly string[], within: readonly string[]): Promise<boolean> {
  const beyond = codes.filter((code) => !within.includes(code));
  if (beyond.length === 0) return true;
  const { rowCount } = await pool.query(
    `select from region
      where code = any($1)
        and array[province_code, prefecture_code, county_code, township_code] && $2::varchar[]`,
    [beyond, within],
  );
  return rowCount === beyond.length;
}
