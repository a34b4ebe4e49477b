/** A department declares what it will deliver, before anything came: what then does not come is unknown, and seen to be missing. */
import { operationDenied, badUserInput } from '../platform/errors.ts';
import { recordedAct } from '../access/index.ts';
import type { ActContext, ActParts, Bound } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { anySourceOf } from '../registry/index.ts';
import type { ExpectFeedInput, FeedReceipt } from './expect-feed.types.ts';

/** The service behind `expectFeed`. */
export interface FeedExpectations {
  /**
   * Declares a feed of the caller's own department and divisions, changes its rhythm, or ends it. Idempotent. Throws OPERATION_DENIED
   * and BAD_USER_INPUT; then nothing was written but the record of the refusal.
   */
  expect(caller: Bound, input: ExpectFeedInput, context: ActContext): Promise<FeedReceipt>;
}

/** What it is made with. */
export interface FeedExpectationParts extends ActParts {
  /** Which kinds of record each department delivers. */
  readonly records: readonly { readonly name: string; readonly department: string }[];
}

const DECLARING: readonly string[] = ['STEWARD', 'REGISTRAR'];
const MOST_HOURS = 8_784;
const LONGEST_SOURCE = 100;

/** Builds the service. */
export function createFeedExpectations(parts: FeedExpectationParts): FeedExpectations {
  return {
    expect: (caller, input, context) =>
      recordedAct(parts, { name: 'expectFeed', caller, context, admit: mayDeclare }, async ({ tx, at }) => {
        const sourceSystem = checked(parts, caller, input);
        await requireDivision(tx, caller, input.region);
        // What moves feeds locks them in the order of their ids; here it is one, and nothing else is waited for.
        const { rows } = await tx.query<FeedReceipt>(input.ends === true ? END : EXPECT, [
          ...[caller.department, input.record, sourceSystem, input.region],
          ...(input.ends === true ? [at] : [input.rhythmHours, newId()]),
        ]);
        const [feed] = rows;
        if (feed === undefined)
          throw badUserInput('ends: there is no such feed; feedStatus (hub feeds) lists those there are');
        return feed;
      }),
  };
}

const RECEIPT = `source_system as "sourceSystem", record, region_code as "regionCode", rhythm_hours as "rhythmHours",
  as_of as "asOf", ended_at is not null as ended`;

// What the department delivered of the division, or of one above it, counts from the beginning.
const EXPECT = `
  insert into feed (id, source_system, department, record, region_code, as_of, rhythm_hours)
  select $6::uuid, $3::varchar, $1::varchar, $2::varchar, $4::varchar, case when $3::varchar = $1::varchar || ':*' then (
    select max(held.as_of) from feed held join region here on here.code = $4::varchar
    where held.department = $1::varchar and held.record = $2::varchar and (held.region_code is null or held.region_code in
      (here.code, here.township_code, here.county_code, here.prefecture_code, here.province_code))) end, $5::int
  on conflict (source_system, record, region_code) do update set rhythm_hours = excluded.rhythm_hours, ended_at = null
    where feed.department = excluded.department
  returning ${RECEIPT}`;

const END = `
  update feed set ended_at = coalesce(ended_at, $5)
  where department = $1 and record = $2 and source_system = $3 and region_code = $4
  returning ${RECEIPT}`;

function mayDeclare({ role, department }: Bound, coordinate: string): void {
  if (!DECLARING.includes(role))
    throw operationDenied(coordinate, 'it is for the stewards and registrars of the department', department);
}

/** The source system that is meant. @throws BAD_USER_INPUT */
function checked(
  { records }: FeedExpectationParts,
  { department }: Bound,
  { department: named, record, rhythmHours, sourceSystem }: ExpectFeedInput,
): string {
  if (named !== department)
    throw badUserInput(`department: a department declares its own feeds; yours is ${department}`);
  const own = records.filter((kind) => kind.department === department).map(({ name }) => name);
  if (!own.includes(record))
    throw badUserInput(
      `record: ${department} delivers no such kind of record; it delivers ${[...own].sort().join(', ')}`,
    );
  if (rhythmHours < 1 || rhythmHours > MOST_HOURS) throw badUserInput(`rhythmHours: 1 to ${String(MOST_HOURS)} hours`);
  const source = sourceSystem?.normalize('NFC').trim() ?? anySourceOf(department);
  if (source === '' || source.length > LONGEST_SOURCE || (source.endsWith(':*') && source !== anySourceOf(department)))
    throw badUserInput(`sourceSystem: the name of a system, at most ${String(LONGEST_SOURCE)} characters`);
  return source;
}

async function requireDivision(tx: PoolClient, { regions }: Bound, region: string): Promise<void> {
  const { rowCount } = await tx.query(
    `select from region r where r.code = $1
       and array[r.code, r.township_code, r.county_code, r.prefecture_code, r.province_code]::text[] && $2::text[]`,
    [region, [...regions]],
  );
  if (rowCount === 0) throw badUserInput('region: no division of those that you answer for');
}
