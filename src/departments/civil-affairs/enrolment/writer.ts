/**
 * The lists of enrolled households. Each line is kept as delivered; then all that follows from the lines of a certificate
 * is settled at once (settle.ts), with the last of its lines (pending.ts): so any order of lines, and any chunks, end in the
 * same state.
 */
import type { PoolClient } from '../../../platform/database.ts';
import { dateInChina } from '../../../platform/dates.ts';
import { ENDED, tableWriter } from '../../../intake/index.ts';
import type { RecordWriter, SnapshotScope, Step, StepDelivery } from '../../../intake/index.ts';
import { openConflicts } from '../../../matching/index.ts';
import { FRESH_ID } from './fresh-id.ts';
import { CERTIFICATE, END, LINE, LINE_COLUMNS, LIST_MONTH, MONTH, PROGRAMME, ROLE, START, STATUS } from './lines.ts';
import { dueCertificates, notePending } from './pending.ts';
import { settle, SETTLE_RIGHTS } from './settle.ts';

const lines = tableWriter({ table: 'enrolment_line', columns: LINE });

// Who would benefit, from this list's month on; beside each line what all lines of the chunk say of the person.
const COMING = `
  select line.*, array_agg(line.certificate_no) over mine as certificates, array_agg(line.since) over mine as sinces,
    array_agg(line.span) over mine as spans
  from (
    select i.row_no, i.person_id, ${CERTIFICATE} as certificate_no, ${PROGRAMME} as programme,
      coalesce(${START}, ${MONTH}) as since, daterange(greatest(${START}, ${MONTH}), ${END}, '[]') as span
    from intake_row i
    where i.verdict in ('NEW', 'CHANGED') and ${STATUS} = 'ACTIVE' and ${ROLE} <> 'COUNTED_NOT_BENEFICIARY'
      and coalesce(${END} >= greatest(${START}, ${MONTH}), true)) line
  window mine as (partition by line.person_id, line.programme)`;

// Looked up by the person, whatever the planner believes of a source that nobody has counted yet.
const LINES_OF = (person: string): string =>
  `(select l.* from enrolment_line l where l.person_id = ${person} offset 0) line`;

// Lines on record that this chunk changes: looked up one by one below, so that a chunk is not read again for each of its lines.
const CHANGING = [
  `create temporary table if not exists enrolment_changing
   (id uuid primary key, certificate_no varchar not null, status varchar not null) on commit delete rows`,
  'truncate enrolment_changing',
  `insert into enrolment_changing
   select i.id, ${CERTIFICATE}, ${STATUS} from intake_row i where i.verdict = 'CHANGED' order by i.id`,
];

/**
 * What stands against a line: the person benefits from another certificate of the same programme at the same time. What
 * this very chunk ends, or moves to another certificate, does not. Of two lines of one chunk the one that began earlier stands.
 */
const CONFLICT = `
  with coming as materialized (${COMING}), against as (
    select coming.row_no from coming
    where exists (
      select from (select r.* from recipient r where r.person_id = coming.person_id offset 0) t
      join enrolment e on e.id = t.enrolment_id
      where t.programme = coming.programme
        and (e.source_system, e.certificate_no) is distinct from ($1::varchar, coming.certificate_no)
        and daterange(t.valid_from, t.valid_to, '[]') && coming.span
        and not exists (
          select from ${LINES_OF('t.person_id')} join enrolment_changing changing using (id)
          where line.source_system = $1 and e.source_system = $1 and line.certificate_no = e.certificate_no
            and (changing.certificate_no <> line.certificate_no or changing.status <> 'ACTIVE')))
      or exists (
        select from ${LINES_OF('coming.person_id')}
        where line.programme = coming.programme and line.delivery_id = $2
          and line.source_system = $1 and line.certificate_no <> coming.certificate_no and line.ended_on is null
          and line.status = 'ACTIVE' and line.role <> 'COUNTED_NOT_BENEFICIARY'
          and daterange(line.valid_from, line.valid_to, '[]') && coming.span
          and not exists (select from enrolment_changing changing where changing.id = line.id))
      or exists (
        select from unnest(coming.certificates, coming.sinces, coming.spans) other (certificate_no, since, span)
        where other.certificate_no <> coming.certificate_no and other.span && coming.span
          and (other.since, other.certificate_no) < (coming.since, coming.certificate_no)))
  update intake_row i set verdict = 'CONFLICT', code = 'CONFLICT', field = 'certificateNo'
  from against where i.row_no = against.row_no`;

// What stands: the household of which the person benefits, or a line of this delivery whose household is not settled yet.
const DOUBLE = `
  select i.row_no as "rowNo", i.source_key as "sourceKey", i.person_id as "personId", standing.household_id as "householdId",
    standing.certificate_no as registered, ${CERTIFICATE} as delivered
  from intake_row i
  cross join lateral (
    select t.household_id, e.certificate_no
    from recipient t join enrolment e on e.id = t.enrolment_id
    where t.person_id = i.person_id and t.programme = ${PROGRAMME} and coalesce(t.valid_to >= ${MONTH}, true)
      and (e.source_system, e.certificate_no) is distinct from ($1::varchar, ${CERTIFICATE})
    union all
    select null, line.certificate_no from ${LINES_OF('i.person_id')}
    where line.programme = ${PROGRAMME} and line.delivery_id = $2
      and line.certificate_no <> ${CERTIFICATE}
    order by 1 nulls last limit 1) standing
  where i.verdict = 'CONFLICT'
  order by i.row_no`;

// A line that moves to another certificate leaves an ended one behind, so that the former household learns of it.
const MOVED: Readonly<Record<string, string>> = {
  valid_to: `greatest(l.valid_from, least(l.valid_to, ${MONTH} - 1))`,
  ended_on: `${MONTH} - 1`,
  as_of: '$2',
  recorded_at: '$3',
  delivery_id: '$4',
};
const LEFT_BEHIND = `
  insert into enrolment_line (id, source_system, source_key, ${LINE_COLUMNS.join(', ')})
  select ${FRESH_ID}, l.source_system, l.source_key || '#' || l.certificate_no,
    ${LINE_COLUMNS.map((column) => MOVED[column] ?? `l.${column}`).join(', ')}
  from intake_row i cross join lateral (select held.* from enrolment_line held where held.id = i.id offset 0) l
  where i.verdict = 'CHANGED' and l.source_system = $1 and l.certificate_no <> ${CERTIFICATE}
  order by l.source_key
  on conflict (source_system, source_key) do update set
    ${LINE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}
  returning id`;

/** One writer at a time decides who benefits: two lists of two counties may name the same person in the same second. */
const ONE_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('civil-affairs/enrolment', 0))`;

/** Tells the statements which month the list is of. @returns its first day */
async function openList(tx: PoolClient, { asOf }: StepDelivery): Promise<string> {
  const month = `${dateInChina(asOf).slice(0, 7)}-01`;
  await tx.query(LIST_MONTH);
  await tx.query('truncate enrolment_list');
  await tx.query('insert into enrolment_list (month) values ($1)', [month]);
  return month;
}

async function judge(tx: PoolClient, step: Step): Promise<void> {
  if (!step.preview) await tx.query(ONE_AT_A_TIME);
  const { delivery, preview } = step;
  const month = await openList(tx, delivery);
  if (!preview) await notePending(tx, delivery);
  await lines.judge(tx, step);
  for (const statement of CHANGING) await tx.query(statement);
  const { rowCount } = await tx.query(CONFLICT, [delivery.sourceSystem, delivery.id]);
  if (preview) return;
  // A chunk of conflicts alone has nothing to write, so they are opened here; nor has one that only ends a certificate.
  if ((rowCount ?? 0) > 0) await openDoubles(tx, step);
  const { rows } = await tx.query<{ idle: boolean }>(
    `select not exists (select from intake_row where verdict in ('NEW', 'CHANGED')) as idle`,
  );
  if (rows[0]?.idle === true) await settle(tx, step, month, await dueCertificates(tx, delivery));
}

async function write(tx: PoolClient, step: Step): Promise<void> {
  const { delivery, at } = step;
  const month = await openList(tx, delivery);
  const left = await tx.query<{ id: string }>(LEFT_BEHIND, [delivery.sourceSystem, delivery.asOf, at, delivery.id]);
  await lines.write(tx, step);
  const due = await dueCertificates(
    tx,
    delivery,
    left.rows.map(({ id }) => id),
  );
  await settle(tx, step, month, due);
  // Once more for those against a line of this very chunk, which stands only now; what is open is not opened twice.
  await openDoubles(tx, step);
}

async function openDoubles(tx: PoolClient, { delivery, at }: Step): Promise<void> {
  const { department, sourceSystem, asOf, id: deliveryId } = delivery;
  const { rows } = await tx.query<{
    rowNo: number;
    sourceKey: string;
    personId: string;
    householdId: string | null;
    registered: string | null;
    delivered: string;
  }>(DOUBLE, [sourceSystem, deliveryId]);
  const told = { kind: 'DOUBLE_HOUSEHOLD', department, sourceSystem, asOf, deliveryId } as const;
  await openConflicts(
    tx,
    at,
    rows.map(({ householdId, ...row }) => ({ ...row, ...told, householdId: householdId ?? undefined })),
  );
}

/** Lines that stopped before are not missed. */
const absentLine = ({ absent }: SnapshotScope): string => `${absent} and t.status <> 'STOPPED'`;

/** Who is no longer on the list had the last benefit in the month before it. */
async function end(tx: PoolClient, scope: SnapshotScope): Promise<number> {
  await tx.query(ONE_AT_A_TIME);
  const month = await openList(tx, scope.delivery);
  const ended = (await lines.end?.(tx, { ...scope, absent: absentLine(scope) })) ?? 0;
  const { rows } = await tx.query<{ certificate: string }>(
    `update enrolment_line t set ended_on = $1::date - 1, valid_to = greatest(t.valid_from, least(t.valid_to, $1::date - 1)),
       reason = '全量名册中不再列出'
     from ${ENDED} ended where t.id = ended.id
     returning t.certificate_no as certificate`,
    [month],
  );
  await settle(tx, scope, month, [...new Set(rows.map(({ certificate }) => certificate))].sort());
  return ended;
}

/** The writer of ENROLMENT. */
export const enrolmentWriter: RecordWriter = {
  rights: (kind) => ({ ...lines.rights?.(kind), enrolment_pending: { insert: true }, ...SETTLE_RIGHTS }),
  ...(lines.keyed && { keyed: lines.keyed }),
  judge,
  write,
  missing: async (tx, scope) => (await lines.missing?.(tx, { ...scope, absent: absentLine(scope) })) ?? 0,
  end,
};
