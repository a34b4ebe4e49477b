/** How a delivery may be opened: what is checked at the door, whichever way its rows come. */
import type { Bound } from '../access/index.ts';
import type { Pool } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import type { NewDelivery } from './delivery-rows.ts';
import type { DeliveryOpening } from './intake-service.ts';
import { toDivision } from './lenient-values.ts';

const SOURCE = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const LONGEST_FILE_NAME = 200;

/** The opening as it goes into the table. Throws BAD_USER_INPUT naming the argument. */
export async function checkOpening(
  pool: Pool,
  caller: Bound,
  opening: DeliveryOpening,
  at: Date,
): Promise<Omit<NewDelivery, 'id'>> {
  const { record, mode, asOf, region, sourceSystem, fileName, fileDigest, format } = opening;
  if (Number.isNaN(asOf.getTime()) || asOf > at)
    throw badUserInput('asOf must be an instant that is not in the future. 数据时点不得晚于现在。', {
      argument: 'asOf',
    });
  const source = sourceSystem ?? caller.department.toLowerCase().replaceAll('_', '-');
  if (!SOURCE.test(source))
    throw badUserInput('source must be 1 to 64 lower-case letters, digits, dots and dashes.', { argument: 'source' });
  return {
    department: caller.department,
    sourceSystem: source,
    record,
    mode,
    asOf,
    region: region === undefined ? null : await ownRegion(pool, caller, region),
    fileName:
      fileName === undefined ? null : [...fileName.replace(/\p{Cc}/gu, '')].slice(0, LONGEST_FILE_NAME).join(''),
    fileDigest: fileDigest ?? null,
    format,
    openedBy: caller.client,
    at,
  };
}

/** A division that exists and lies within the caller's own. */
async function ownRegion(pool: Pool, { regions }: Bound, sent: string): Promise<string> {
  const code = toDivision(sent.trim());
  const { rowCount } = await pool.query(
    `select from region where code = $1
     and $2::text[] && array[code, township_code, county_code, prefecture_code, province_code]::text[]`,
    [code ?? '', regions],
  );
  if (code === undefined || rowCount === 0)
    throw badUserInput('region must be a division within your own. 区划应在本客户端的辖区内。', { argument: 'region' });
  return code;
}
