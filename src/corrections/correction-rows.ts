/** The rows of corrections, as the service reads and writes them. */
import type { Department } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import type { DisputableTable } from './disputable.ts';
import type { CorrectionState } from './lists.ts';
import type { Subject, SubjectColumns } from './subject.ts';

/** A correction as it stands. */
export interface HeldCorrection extends SubjectColumns {
  readonly id: string;
  readonly number: string;
  readonly department: Department;
  readonly owner: Department;
  readonly digest: Buffer;
  readonly coordinate: string;
  readonly openedOn: string;
  readonly termDays: number;
  readonly valueSince: Date | null;
  readonly state: CorrectionState;
  readonly reason: string | null;
  readonly correctedRecordId: string | null;
  readonly deliveryId: string | null;
  /** Last day in time; null where the calendar does not reach. */
  readonly dueOn: string | null;
}

const HELD = `id, number, department, owner, digest, person_id as "personId", household_id as "householdId", coordinate, opened_on as "openedOn",
  term_days as "termDays", value_since as "valueSince", state, reason, corrected_record_id as "correctedRecordId",
  delivery_id as "deliveryId",
  (select due.day from calendar_day due where due.working and due.ordinal = correction.term_days
    + (select known.ordinal from calendar_day known where known.day = correction.opened_on)) as "dueOn"`;

/** Corrections are numbered one at a time: no gaps, and a key that is sent twice at once is one correction. */
export async function lockNumbers(tx: PoolClient): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hub corrections'))`);
}

/** The correction of the department under its own key. */
export async function findByKey(tx: PoolClient, department: string, key: string): Promise<HeldCorrection | undefined> {
  const { rows } = await tx.query<HeldCorrection>(
    `select ${HELD} from correction where department = $1 and client_key = $2`,
    [department, key],
  );
  return rows[0];
}

/** The correction with the number, locked, where the department is that party of it. */
export async function lockCorrection(
  tx: PoolClient,
  number: string,
  { party, department }: { readonly party: 'department' | 'owner'; readonly department: string },
): Promise<HeldCorrection | undefined> {
  const { rows } = await tx.query<HeldCorrection>(
    `select ${HELD} from correction where number = $1 and ${party} = $2 for update`,
    [number, department],
  );
  return rows[0];
}

/** When the department was last told the value of that person or household; undefined where the ledger does not know of it. */
export async function lastTold(
  tx: PoolClient,
  {
    subject: { kind, ids },
    department,
    coordinate,
  }: { readonly subject: Subject; readonly department: string; readonly coordinate: string },
): Promise<Date | undefined> {
  const { rows } = await tx.query<{ at: Date | null }>(
    `select max(access.at) as at from ${kind}_access access
     where access.buckets && person_buckets($1::uuid[]) and access.${kind}_id = any($1::uuid[]) and access.department = $2
       and access.operation = any((select disclosing_operations(array[$3::text]))::integer[])
       and access.decision = 'ALLOWED' and $3 = any(access.coordinates)`,
    [ids, department, coordinate],
  );
  return rows[0]?.at ?? undefined;
}

/** The row in which a value stands. */
export interface ValueRow {
  readonly recordedAt: Date;
  /** Department that recorded it, where the row says so. */
  readonly department: string | null;
}

/** The row with that id, of that subject; undefined where there is none. Names are those of the schema itself. */
export async function findValueRow(
  tx: PoolClient,
  { name, key, columns, department }: DisputableTable,
  { recordId, subject }: { readonly recordId: string; readonly subject: Omit<Subject, 'ids'> },
): Promise<ValueRow | undefined> {
  const column = columns[subject.kind];
  if (column === undefined) return undefined;
  const { rows } = await tx.query<ValueRow>(
    `select recorded_at as "recordedAt", ${department === undefined ? 'null' : `"${department}"`} as department
     from "${name}" where "${key}" = $1 and "${column}" = $2`,
    [recordId, subject.id],
  );
  return rows[0];
}

/** Whether the department delivered under that id. */
export async function isDeliveryOf(tx: PoolClient, deliveryId: string, department: string): Promise<boolean> {
  const { rowCount } = await tx.query(`select from delivery where id = $1 and department = $2 and state = 'APPLIED'`, [
    deliveryId,
    department,
  ]);
  return rowCount === 1;
}

/** Working days for an answer to a correction that was opened on that day; undefined where no rule is known for it. */
export async function termOn(tx: PoolClient, day: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ days: number }>(
    'select working_days as days from correction_term where valid_from <= $1 order by valid_from desc limit 1',
    [day],
  );
  return rows[0]?.days;
}

/** A new correction. */
export interface NewCorrection {
  readonly department: Department;
  readonly owner: Department;
  readonly key: string;
  readonly digest: Buffer;
  readonly subject: Subject;
  readonly coordinate: string;
  readonly group: string;
  readonly record: string | undefined;
  readonly recordId: string | undefined;
  readonly claimed: string;
  readonly evidence: string;
  readonly caseNo: string;
  readonly client: string;
  readonly at: Date;
  readonly today: string;
  readonly termDays: number;
  readonly valueSince: Date | undefined;
}

/** Writes it, under the next number of its year. The caller holds `lockNumbers`. Undefined where that value is disputed already. */
export async function insertCorrection(tx: PoolClient, made: NewCorrection): Promise<HeldCorrection | undefined> {
  const { rows } = await tx.query<HeldCorrection>(
    `insert into correction (id, number, department, owner, parties, client_key, digest, person_id, household_id, coordinate,
       field_group, record, record_id, claimed, evidence, case_no, opened_by, opened_at, opened_on, term_days, value_since, state)
     select $1, $2 || lpad((select coalesce(max(right(number, 6)::int), 0) + 1 from correction where left(number, 8) = $2)::text, 6, '0'),
       $3, $4, array[$3, $4]::varchar[], $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 'OPEN'
     on conflict (department, person_id, household_id, coordinate, record_id) where state = 'OPEN' do nothing
     returning ${HELD}`,
    [
      newId(),
      `JH-${made.today.slice(0, 4)}-`,
      made.department,
      made.owner,
      made.key,
      made.digest,
      made.subject.kind === 'person' ? made.subject.id : null,
      made.subject.kind === 'household' ? made.subject.id : null,
      made.coordinate,
      made.group,
      made.record ?? null,
      made.recordId ?? null,
      made.claimed,
      made.evidence,
      made.caseNo,
      made.client,
      made.at,
      made.today,
      made.termDays,
      made.valueSince ?? null,
    ],
  );
  return rows[0];
}

/** Everybody who is or was of the household: its members, those counted in it, its applicants. */
export async function personsOf(tx: PoolClient, householdId: string): Promise<readonly string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select person_id as id from membership where household_id = $1
     union select person_id from recipient where household_id = $1
     union select applicant_id from enrolment where household_id = $1`,
    [householdId],
  );
  return rows.map(({ id }) => id);
}

/** How a correction ends. */
export interface Closing {
  readonly state: Exclude<CorrectionState, 'OPEN'>;
  readonly reason: string | null;
  readonly correctedRecordId: string | null;
  readonly deliveryId: string | null;
  readonly client: string;
  readonly at: Date;
}

/** Closes a correction for good. */
export async function closeCorrection(tx: PoolClient, id: string, to: Closing): Promise<void> {
  await tx.query(
    `update correction set state = $2, reason = $3, corrected_record_id = $4, delivery_id = $5, closed_by = $6, closed_at = $7
     where id = $1`,
    [id, to.state, to.reason, to.correctedRecordId, to.deliveryId, to.client, to.at],
  );
}
