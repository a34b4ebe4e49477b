/**
 * What follows from the lines of certificates: household, enrolment and its events; memberships and recipients are in
 * spans.ts. All of it is derived from all lines of a certificate, and compared with what is held: what is equal is not
 * written. The event of a delivery is told from the enrolment as it stood before that delivery, so that a household whose
 * lines came in two chunks has one event.
 */
import type { PoolClient } from '../../../platform/database.ts';
import type { Step, TableRight } from '../../../intake/index.ts';
import { keepOld } from '../keep-old.ts';
import { FRESH_ID } from './fresh-id.ts';
import { SPAN_RIGHTS, writeSpans } from './spans.ts';

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];
const HOUSEHOLD = ['head_person_id', 'urban_rural', 'address', 'member_count', ...PLACE];
const ENROLMENT = [
  ...[
    'applicant_id',
    'programme',
    'urban_rural',
    'category',
    'amount_fen',
    'top_up_fen',
    'payee_account',
    'support_mode',
  ],
  ...['causes', 'status', 'valid_from', 'valid_to', ...PLACE],
];
const EVENT = ['kind', 'effective_on', 'amount_fen', 'reason'];
const VERSION = ['as_of', 'recorded_at'];

/** What settling writes, beside the lines. */
export const SETTLE_RIGHTS: Readonly<Record<string, TableRight>> = {
  household: { insert: true, update: [...HOUSEHOLD, ...VERSION] },
  enrolment: { insert: true, update: [...ENROLMENT, ...VERSION] },
  enrolment_event: { insert: true, update: [...EVENT, ...VERSION] },
  ...SPAN_RIGHTS,
};

// What is held is looked up certificate by certificate in the index (each lateral part has its limit or offset, which
// keeps it from being joined to the whole table of the source), and what the chunk brings is counted before it is joined:
// a month's lists come on tables that nobody has analysed yet.

// $1 source, $2 certificates, $3 first day of the list's month. A line is live that is on the list, not stopped, and whose
// last month is not over.
const LINES = `
  create temp table settling_line on commit drop as
  select line.*, line.ended_on is null and line.status <> 'STOPPED' and coalesce(line.valid_to >= $3::date, true) as live,
    line.role <> 'COUNTED_NOT_BENEFICIARY' as benefits
  from (select distinct unnest($2::varchar[]) as no) certificate
  cross join lateral (
    select l.* from enrolment_line l where l.source_system = $1 and l.certificate_no = certificate.no offset 0) line`;

// $1 source, $2 first day of the list's month, $3 delivery. The head is the live line of the head of the household.
const SETTLING = `
  create temp table settling on commit drop as
  with head as (
    select distinct on (certificate_no) * from settling_line
    order by certificate_no, live desc, relation in ('01', '02') desc, role = 'APPLICANT' desc, source_key
  ), whole as (
    select certificate_no, bool_or(live) as live, bool_or(live and status = 'ACTIVE') as active,
      coalesce(max(amount_fen) filter (where live), sum(person_amount_fen) filter (where live and benefits)) as amount_fen,
      coalesce(max(top_up_fen) filter (where live), sum(person_top_up_fen) filter (where live and benefits)) as top_up_fen,
      max(payee_account) filter (where live) as payee_account, max(category) filter (where live) as category,
      max(support_mode) filter (where live) as support_mode, max(address) filter (where live) as address,
      max(reason) as reason, max(household_no) as household_no, min(valid_from) as valid_from, max(valid_to) as valid_to,
      bool_and(valid_to is not null) filter (where live) as limited, count(distinct person_id) filter (where live) as members
    from settling_line group by certificate_no
  ), causes as (
    select certificate_no, array_agg(distinct cause order by cause) as causes
    from settling_line line cross join unnest(line.causes) as cause where live group by certificate_no
  ), made as materialized (
    select family, ${FRESH_ID} as id from (select distinct coalesce(household_no, certificate_no) as family from whole) families
  ), fresh as materialized (
    select certificate_no, ${FRESH_ID} as id from whole
  )
  select $2::date as month, head.certificate_no, head.source_key, head.person_id as head_person_id, head.programme, head.urban_rural,
    head.region_code, head.township_code, head.county_code, head.prefecture_code, head.province_code,
    coalesce(held.household_id, lived.household_id, made.id) as household_id,
    coalesce(held.household_id, lived.household_id) is null as new_household,
    coalesce(held.id, fresh.id) as enrolment_id, held.id is null as new_enrolment,
    whole.live, whole.address, whole.reason, whole.members::int as members,
    case when whole.live then whole.category else coalesce(held.category, head.category) end as category,
    coalesce(whole.amount_fen, held.amount_fen, head.amount_fen, 0)::bigint as amount_fen,
    coalesce(whole.top_up_fen, case when whole.live then 0 else held.top_up_fen end, 0)::bigint as top_up_fen,
    coalesce(whole.payee_account, held.payee_account) as payee_account,
    case when head.programme = 'TEKUN' then coalesce(whole.support_mode, held.support_mode) end as support_mode,
    coalesce(causes.causes, held.causes, '{}') as causes,
    case when whole.active then 'ACTIVE' when whole.live then 'SUSPENDED' else 'STOPPED' end as status,
    least(held.valid_from, whole.valid_from) as valid_from,
    case when not whole.live or whole.limited
      then greatest(coalesce(whole.valid_to, $2::date - 1), least(held.valid_from, whole.valid_from)) end as valid_to,
    coalesce(before.content->>'status', held.status) as was_status,
    coalesce((before.content->>'amount_fen')::bigint, held.amount_fen) as was_amount_fen,
    coalesce((before.content->>'top_up_fen')::bigint, held.top_up_fen) as was_top_up_fen,
    held.id is null or told.begun is not null as begun
  from head
  join whole using (certificate_no)
  join made on made.family = coalesce(whole.household_no, whole.certificate_no)
  join fresh using (certificate_no)
  left join causes using (certificate_no)
  left join lateral (
    select e.* from enrolment e where e.source_system = $1 and e.certificate_no = head.certificate_no
    order by e.id limit 1) held on true
  -- The household of another certificate of the same family.
  left join lateral (
    select e.household_id
    from enrolment_line l join enrolment e on e.source_system = $1 and e.certificate_no = l.certificate_no
    where l.source_system = $1 and l.household_no = whole.household_no
    order by e.id limit 1) lived on true
  left join lateral (
    select known.content from record_history known where known.row_id = held.id and known.delivery_id = $3::uuid
    order by known.superseded_at limit 1) before on true
  left join lateral (
    select true as begun from enrolment_event event where event.enrolment_id = held.id and event.kind = 'NEW'
      and event.source_key = head.certificate_no || '@' || $3::text
    limit 1) told on true`;

const NEW_HOUSEHOLDS = `
  insert into household (id, ${HOUSEHOLD.join(', ')}, source_system, source_key, as_of, recorded_at)
  select distinct on (s.household_id) s.household_id, s.head_person_id, s.urban_rural, s.address, s.members,
    s.region_code, s.township_code, s.county_code, s.prefecture_code, s.province_code, $1, s.certificate_no, $2, $3
  from settling s where s.new_household
  order by s.household_id, s.members desc, s.certificate_no`;

// Of two certificates of one family, the one with more persons describes it. Who gets no aid any more lives on with them.
const HOUSEHOLDS_NOW = `
  select distinct on (s.household_id) s.household_id, s.head_person_id, s.urban_rural, coalesce(s.address, h.address) as address,
    (select count(distinct m.person_id)::int from membership m
      where m.household_id = h.id and coalesce(m.valid_to >= s.month, true)) as member_count,
    s.region_code, s.township_code, s.county_code, s.prefecture_code, s.province_code
  from settling s join household h on h.id = s.household_id
  where s.live
  order by s.household_id, s.members desc, s.certificate_no`;

const differs = (columns: readonly string[], now: string): string =>
  `(${columns.map((column) => `t.${column}`).join(', ')}) is distinct from (${columns.map((column) => `${now}.${column}`).join(', ')})`;
const set = (columns: readonly string[], now: string): string =>
  columns.map((column) => `${column} = ${now}.${column}`).join(', ');

const NEW_ENROLMENTS = `
  insert into enrolment (id, household_id, certificate_no, ${ENROLMENT.join(', ')}, source_system, source_key, as_of, recorded_at)
  select s.enrolment_id, s.household_id, s.certificate_no, s.head_person_id, s.programme, s.urban_rural, s.category, s.amount_fen,
    s.top_up_fen, s.payee_account, s.support_mode, s.causes, s.status, s.valid_from, s.valid_to,
    s.region_code, s.township_code, s.county_code, s.prefecture_code, s.province_code, $1, s.certificate_no, $2, $3
  from settling s where s.new_enrolment order by s.certificate_no`;

const ENROLMENTS_NOW = `select s.*, s.head_person_id as applicant_id from settling s where not s.new_enrolment`;

// NEW stays NEW for the delivery that brought it. What ends without reason is said to have left the list.
const EVENTS = `
  select s.certificate_no || '@' || $1::text as source_key, s.enrolment_id, event.*
  from settling s
  cross join lateral (select case
      when s.begun then 'NEW'
      when s.status <> s.was_status then case s.status when 'STOPPED' then 'STOP' when 'SUSPENDED' then 'SUSPEND' else 'RESTORE' end
      when s.status = 'STOPPED' then null
      when (s.amount_fen, s.top_up_fen) is not distinct from (s.was_amount_fen, s.was_top_up_fen) then null
      when s.amount_fen + s.top_up_fen >= s.was_amount_fen + s.was_top_up_fen then 'ADJUST_UP' else 'ADJUST_DOWN' end as kind) told
  cross join lateral (select told.kind,
      case told.kind when 'NEW' then s.valid_from when 'STOP' then s.valid_to else $2::date end as effective_on,
      case when told.kind in ('STOP', 'SUSPEND') then null else s.amount_fen end as amount_fen, s.reason) event
  where told.kind is not null
  union all
  -- A certificate that was over before anybody told of it.
  select s.certificate_no || '!' || $1::text, s.enrolment_id, 'STOP', s.valid_to, null, s.reason
  from settling s where s.begun and s.status = 'STOPPED'`;

const CHANGED_EVENTS = `
  update enrolment_event t set ${set(EVENT, 'now')}, as_of = $3, recorded_at = $4
  from (${EVENTS}) now
  where t.enrolment_id = now.enrolment_id and t.source_key = now.source_key and ${differs(EVENT, 'now')}`;
const NEW_EVENTS = `
  insert into enrolment_event (id, enrolment_id, ${EVENT.join(', ')}, source_system, source_key, as_of, recorded_at)
  select ${FRESH_ID}, now.enrolment_id, ${EVENT.map((column) => `now.${column}`).join(', ')}, $5, now.source_key, $3, $4
  from (${EVENTS}) now
  where not exists (select from enrolment_event t where t.enrolment_id = now.enrolment_id and t.source_key = now.source_key)
  order by now.source_key`;

/**
 * Settles the certificates of the delivery's source.
 * @param month first day of the month that the list is of
 */
export async function settle(
  tx: PoolClient,
  step: Pick<Step, 'delivery' | 'at'>,
  month: string,
  certificates: readonly string[],
): Promise<void> {
  if (certificates.length === 0) return;
  const { delivery, at } = step;
  const { sourceSystem: source, asOf } = delivery;
  await tx.query('drop table if exists pg_temp.settling_line, pg_temp.settling');
  await tx.query(LINES, [source, certificates, month]);
  await tx.query('analyze settling_line (certificate_no, household_no)');
  await tx.query(SETTLING, [source, month, delivery.id]);
  await tx.query('analyze settling (certificate_no, household_id, enrolment_id)');
  await tx.query(NEW_HOUSEHOLDS, [source, asOf, at]);
  await tx.query(NEW_ENROLMENTS, [source, asOf, at]);
  await change(tx, step, {
    table: 'enrolment',
    columns: ENROLMENT,
    now: ENROLMENTS_NOW,
    key: 'enrolment_id',
    person: 'applicant_id',
  });
  await tx.query(CHANGED_EVENTS, [delivery.id, month, asOf, at]);
  await tx.query(NEW_EVENTS, [delivery.id, month, asOf, at, source]);
  await writeSpans(tx, step, month);
  await change(tx, step, {
    table: 'household',
    columns: HOUSEHOLD,
    now: HOUSEHOLDS_NOW,
    key: 'household_id',
    person: 'head_person_id',
  });
}

interface Change {
  readonly table: string;
  readonly columns: readonly string[];
  /** A query of the rows as they are now. */
  readonly now: string;
  readonly key: string;
  readonly person: string;
}

/** Brings rows up to date that differ, and keeps what they were. */
async function change(
  tx: PoolClient,
  step: Pick<Step, 'delivery' | 'at'>,
  { table, columns, now, key, person }: Change,
): Promise<void> {
  const { delivery, at } = step;
  const { rows } = await tx.query<{ id: string }>(
    `select t.id from (${now}) now join ${table} t on t.id = now.${key}
     where ${differs(columns, 'now')} order by t.id`,
  );
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await keepOld(tx, step, table, 't.id = any($4::uuid[])', [ids], person);
  await tx.query(
    `update ${table} t set ${set(columns, 'now')}, as_of = $1, recorded_at = $2
     from (${now}) now where t.id = now.${key} and t.id = any($3::uuid[])`,
    [delivery.asOf, at, ids],
  );
}
