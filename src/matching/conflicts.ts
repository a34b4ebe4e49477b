/** What two sources say differently of one person: kept as it is, and put before somebody who decides. */
import type { Department } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { recall } from '../registry/index.ts';
import type { ConflictKind } from './registry-conflict.ts';
import type { MatchStep } from './step.ts';

/** A conflict to decide. */
export interface NewConflict {
  readonly kind: ConflictKind;
  readonly personId: string;
  readonly department: Department;
  readonly sourceSystem: string;
  readonly sourceKey: string;
  readonly asOf: Date;
  /** The other person, of a number that two have. */
  readonly otherPersonId?: string | undefined;
  /** Of two households the one that stands, and the one that was delivered. */
  readonly householdId?: string | undefined;
  readonly otherHouseholdId?: string | undefined;
  /** What the registry has and what was delivered, as text. */
  readonly registered?: string | null | undefined;
  readonly delivered?: string | null | undefined;
  readonly deliveryId?: string | undefined;
  readonly rowNo?: number | undefined;
}

const OPEN = `
  insert into registry_conflict (id, kind, department, person_id, other_person_id, household_id, other_household_id, registered,
    delivered, matter, delivery_id, row_no, state, opened_at, region_code, township_code, county_code, prefecture_code, province_code,
    source_system, source_key, as_of, recorded_at)
  select c.id, c.kind, c.department, p.id, c.other_person_id, c.household_id, c.other_household_id, c.registered, c.delivered,
    c.matter, c.delivery_id, c.row_no, 'OPEN', $1, p.region_code, p.township_code, p.county_code, p.prefecture_code, p.province_code,
    c.source_system, c.source_key, c.as_of, $1
  from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[],
      $11::text[], $12::uuid[], $13::int[], $14::text[], $15::text[], $16::timestamptz[])
    as c (id, kind, department, person_id, other_person_id, household_id, other_household_id, registered, delivered,
      matter, delivery_id, row_no, source_system, source_key, as_of)
  join person p on p.id = c.person_id
  where not exists (select from registry_conflict known where known.state = 'DECIDED' and known.kind = c.kind and known.person_id = p.id
    and known.matter = c.matter)
  order by c.person_id, c.kind
  on conflict (person_id, kind, matter) where state = 'OPEN' do nothing`;

/**
 * Opens conflicts, in the transaction of the step. The same matter is open once, and what was decided is not asked again.
 * @returns how many are new
 */
export async function openConflicts(tx: PoolClient, at: Date, conflicts: readonly NewConflict[]): Promise<number> {
  if (conflicts.length === 0) return 0;
  const { rowCount } = await tx.query(OPEN, [
    at,
    conflicts.map(() => newId()),
    conflicts.map(({ kind }) => kind),
    conflicts.map(({ department }) => department),
    conflicts.map(({ personId }) => personId),
    conflicts.map(({ otherPersonId }) => otherPersonId ?? null),
    conflicts.map(({ householdId }) => householdId ?? null),
    conflicts.map(({ otherHouseholdId }) => otherHouseholdId ?? null),
    conflicts.map(({ registered }) => registered ?? null),
    conflicts.map(({ delivered }) => delivered ?? null),
    conflicts.map(
      ({ otherPersonId, otherHouseholdId, delivered }) => otherPersonId ?? otherHouseholdId ?? delivered ?? '',
    ),
    conflicts.map(({ deliveryId }) => deliveryId ?? null),
    conflicts.map(({ rowNo }) => rowNo ?? null),
    conflicts.map(({ sourceSystem }) => sourceSystem),
    conflicts.map(({ sourceKey }) => sourceKey),
    conflicts.map(({ asOf }) => asOf),
  ]);
  return rowCount ?? 0;
}

// What differs, as text: sex and birth date, or the name.
const SAID = `
  select r.row_no as "rowNo", r.source_key as "sourceKey", p.id as "personId",
    case $3 when 'NAME_DIFFERS' then p.name else concat_ws(' ', p.sex, p.birth_date) end as registered,
    case $3 when 'NAME_DIFFERS' then r.name
      else concat_ws(' ', case when r.sex in ('1', '2') then r.sex else p.sex end, coalesce(r.birth_date, p.birth_date)) end as delivered
  from unnest($1::int[], $2::uuid[]) as differing (row_no, person_id)
  join intake_row r on r.row_no = differing.row_no
  join person p on p.id = differing.person_id
  order by r.row_no`;

/** Opens a conflict for each of the rows, which are certain and yet say something else than the registry. */
export async function openFromRows(
  tx: PoolClient,
  step: MatchStep,
  kind: 'NAME_DIFFERS' | 'SEX_OR_BIRTH',
  differing: readonly { readonly rowNo: number; readonly personId: string }[],
): Promise<void> {
  if (differing.length === 0) return;
  const { rows } = await tx.query<Pick<NewConflict, 'rowNo' | 'sourceKey' | 'personId' | 'registered' | 'delivered'>>(
    SAID,
    [differing.map(({ rowNo }) => rowNo), differing.map(({ personId }) => personId), kind],
  );
  const { department, sourceSystem, asOf, deliveryId } = step;
  await openConflicts(
    tx,
    step.at,
    rows.map((row) => ({ ...row, kind, department, sourceSystem, asOf, deliveryId })),
  );
}

/** A death as a department reports it. */
export interface ReportedDeath {
  readonly personId: string;
  /** 'YYYY-MM-DD' */
  readonly diedOn: string;
  readonly sourceKey: string;
  readonly rowNo?: number | undefined;
}

// The first to report is believed until somebody else says another day; rows of one call in the order of their days.
const DIE = `
  update person p set died_on = d.died_on
  from (select d.person_id, min(d.died_on) as died_on from unnest($1::uuid[], $2::date[]) as d (person_id, died_on) group by 1 order by 1) d
  where p.id = d.person_id and p.died_on is null
  returning p.id`;

const OTHER_DAYS = `
  select d.n::int - 1 as n, p.died_on as "diedOn"
  from unnest($1::uuid[], $2::date[]) with ordinality as d (person_id, died_on, n)
  join person p on p.id = d.person_id
  where p.died_on <> d.died_on
  order by d.n`;

/** Deaths of one source and delivery. Sets the day where none is known and recalls what was told of a status, and opens a DEATH_DATE conflict where it is another. */
export async function recordDeaths(
  tx: PoolClient,
  step: Pick<MatchStep, 'at' | 'asOf' | 'department' | 'sourceSystem' | 'deliveryId'>,
  deaths: readonly ReportedDeath[],
): Promise<{ readonly recorded: number; readonly conflicts: number }> {
  if (deaths.length === 0) return { recorded: 0, conflicts: 0 };
  const given = [deaths.map(({ personId }) => personId), deaths.map(({ diedOn }) => diedOn)];
  const { rows: died } = await tx.query<{ id: string }>(DIE, given);
  const { rows } = await tx.query<{ n: number; diedOn: string }>(OTHER_DAYS, given);
  const { at, asOf, department, sourceSystem, deliveryId } = step;
  // Everybody who was told of a status of the dead looks again.
  await recall(
    tx,
    died.map(({ id }) => ({ personId: id, told: ['status'], cause: 'DIED', reference: deliveryId, at })),
  );
  const conflicts = rows.flatMap(({ n, diedOn }): NewConflict[] => {
    const death = deaths[n];
    if (death === undefined) return [];
    const { personId, sourceKey, rowNo, diedOn: delivered } = death;
    const base = { kind: 'DEATH_DATE', personId, sourceKey, rowNo, registered: diedOn, delivered } as const;
    return [{ ...base, department, sourceSystem, asOf, deliveryId }];
  });
  return { recorded: died.length, conflicts: await openConflicts(tx, at, conflicts) };
}
