/** Who belonged to a household and who benefited, from when until when: as of an earlier month it stays that month's list. */
import type { PoolClient } from '../../../platform/database.ts';
import type { Step, TableRight } from '../../../intake/index.ts';
import { recall } from '../../../registry/index.ts';
import { keepOld } from '../keep-old.ts';
import { FRESH_ID } from './fresh-id.ts';

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];
/** What a status check tells of a recipient; a change of it begins a new span. */
const TOLD = ['programme', 'urban_rural', 'category', ...PLACE];

/** What writing them takes. */
export const SPAN_RIGHTS: Readonly<Record<string, TableRight>> = {
  membership: { insert: true, update: ['relation', 'role', 'valid_to', 'as_of', 'recorded_at'] },
  recipient: { insert: true, update: [...TOLD, 'valid_to', 'as_of', 'recorded_at'] },
};

// A line a person: where a certificate names somebody twice, the live line. `span` is the recipient row that holds in the
// list's month or later, `due` says that there should be one, `alike` that it tells what is true now.
const SPANNING = `
  create temp table spanning on commit drop as
  with line as (
    select distinct on (l.certificate_no, l.person_id) s.*, l.person_id, l.source_key as line_key, l.relation, l.role,
      l.valid_from as line_from, l.valid_to as line_to,
      l.live as on_list, l.status as line_status, l.benefits
    from settling s join settling_line l using (certificate_no)
    order by l.certificate_no, l.person_id, l.live desc, l.source_key
  )
  select line.*, span.id as span, span.valid_from as span_from,
    line.on_list and line.line_status = 'ACTIVE' and line.benefits as due,
    (${TOLD.map((column) => `span.${column}`).join(', ')}) is not distinct from (${TOLD.map((column) => `line.${column}`).join(', ')}) as alike,
    earlier.valid_to as earlier_to, member.id as member, member.valid_to as member_to
  from line
  left join lateral (
    select t.* from recipient t
    where t.enrolment_id = line.enrolment_id and t.person_id = line.person_id and coalesce(t.valid_to >= $1::date, true)
    order by t.valid_from desc limit 1) span on true
  left join lateral (
    select max(t.valid_to) as valid_to from recipient t
    where t.enrolment_id = line.enrolment_id and t.person_id = line.person_id and t.valid_to < $1::date) earlier on true
  left join lateral (
    select m.* from membership m where m.household_id = line.household_id and m.person_id = line.person_id
    order by m.valid_from desc limit 1) member on true`;

// Whoever leaves a certificate that goes on has left the household; who is left without aid lives on together.
const MEMBER_TO = `case when not n.on_list and n.live then n.line_to end`;
const MEMBERS_OPEN = `
  insert into membership (id, household_id, person_id, relation, role, valid_from, valid_to, source_system, source_key, as_of, recorded_at)
  select distinct on (n.household_id, n.person_id) ${FRESH_ID}, n.household_id, n.person_id, n.relation, n.role,
    case when n.member is null then n.line_from else greatest($2::date, n.member_to + 1) end, ${MEMBER_TO}, $1, n.line_key, $3, $4
  from spanning n
  where n.member is null or (n.on_list and n.member_to < $2::date)
  order by n.household_id, n.person_id, n.on_list desc, n.certificate_no`;
const MEMBERS_CHANGED = `
  select now.* from (
    select n.member, n.on_list, n.relation, n.role, m.valid_from, m.valid_to as held_to,
      case when ${MEMBER_TO} is not null then greatest(m.valid_from, ${MEMBER_TO}) end as valid_to,
      (m.relation, m.role) is distinct from (n.relation, n.role) as other
    from spanning n join membership m on m.id = n.member) now
  where case when now.on_list then coalesce(now.held_to >= $1::date, true) and (now.other or now.held_to is not null)
    else now.valid_to is not null and (now.other or now.valid_to is distinct from now.held_to) end`;

// Why a span ends: the line says when, or it is suspended, or something else is true from this month on.
const ENDING = `
  select n.span as id, greatest(n.span_from, case when not n.on_list and n.line_to is not null then n.line_to else $1::date - 1 end) as valid_to
  from spanning n where n.span is not null and (not n.due or (not n.alike and n.span_from < $1::date))
  union all
  -- The line is somebody else's now: the number was corrected.
  select t.id, greatest(t.valid_from, $1::date - 1)
  from settling s join recipient t on t.enrolment_id = s.enrolment_id and coalesce(t.valid_to >= $1::date, true)
  where t.source_key like s.certificate_no || '/%'
    and not exists (select from spanning n where n.certificate_no = s.certificate_no and n.person_id = t.person_id)`;
const ENDED = `
  update recipient t set valid_to = ending.valid_to, as_of = $2, recorded_at = $3
  from (${ENDING}) ending where t.id = ending.id and t.valid_to is distinct from ending.valid_to
  returning t.id`;

// Of the spans that ended, those after which nothing holds: who only changed category or county goes on.
const OVER = `
  select distinct t.person_id as "personId", t.enrolment_id as "enrolmentId" from recipient t
  where t.id = any($2::uuid[]) and not exists (
    select from recipient now where now.person_id = t.person_id and now.enrolment_id = t.enrolment_id
      and now.id <> all($2::uuid[]) and coalesce(now.valid_to >= $1::date, true))`;

const CHANGING = `n.span is not null and n.due and (n.alike or n.span_from >= $1::date)`;
const CHANGED = `
  update recipient t set ${TOLD.map((column) => `${column} = n.${column}`).join(', ')}, valid_to = n.line_to, as_of = $2, recorded_at = $3
  from spanning n where t.id = n.span and ${CHANGING} and (not n.alike or t.valid_to is distinct from n.line_to)`;

/**
 * A new span begins with the line, or with this month where the person had one before. What they had from another
 * certificate until then comes first: a family that moved stops in one county and begins in the other the month after.
 */
const BEGIN = `
  with due as (
    select n.*, case
        when n.span is not null then $1::date
        when n.earlier_to is not null then greatest($1::date, n.earlier_to + 1)
        else greatest(n.line_from, (
          select max(t.valid_to) + 1 from recipient t where t.person_id = n.person_id and t.programme = n.programme
            and t.enrolment_id <> n.enrolment_id and t.valid_to >= n.line_from and t.valid_to < $1::date)) end as since,
      n.line_to as until
    from spanning n where n.due and (n.span is null or (not n.alike and n.span_from < $1::date))
    union all
    -- What was over, or suspended, before anybody told of it.
    select n.*, n.line_from, coalesce(n.line_to, $1::date - 1)
    from spanning n where not n.due and n.benefits and n.span is null and n.earlier_to is null
  )
  insert into recipient (id, enrolment_id, person_id, household_id, valid_from, valid_to, ${TOLD.join(', ')},
    source_system, source_key, as_of, recorded_at)
  select ${FRESH_ID}, due.enrolment_id, due.person_id, due.household_id, due.since, due.until, ${TOLD.map((column) => `due.${column}`).join(', ')},
    $2, due.certificate_no || '/' || due.line_key || '/' || due.since, $3, $4
  from due
  where coalesce(due.until >= due.since, true) and not exists (
    select from recipient t where t.person_id = due.person_id and t.programme = due.programme
      and daterange(t.valid_from, t.valid_to, '[]') && daterange(due.since, due.until, '[]'))
  order by due.person_id`;

/** Brings memberships and recipients of the certificates that are being settled up to date. */
export async function writeSpans(tx: PoolClient, step: Pick<Step, 'delivery' | 'at'>, month: string): Promise<void> {
  const { delivery, at } = step;
  const { sourceSystem: source, asOf } = delivery;
  await tx.query('drop table if exists pg_temp.spanning');
  await tx.query(SPANNING, [month]);
  await tx.query('analyze spanning (certificate_no, person_id, enrolment_id, span, member)');

  const members = await tx.query<{ member: string }>(MEMBERS_CHANGED, [month]);
  const changed = members.rows.map(({ member }) => member);
  await keepOld(tx, step, 'membership', 't.id = any($4::uuid[])', [changed]);
  await tx.query(
    `update membership t set relation = now.relation, role = now.role, valid_to = now.valid_to,
       as_of = $2, recorded_at = $3
     from (${MEMBERS_CHANGED}) now where t.id = now.member`,
    [month, asOf, at],
  );
  await tx.query(MEMBERS_OPEN, [source, month, asOf, at]);

  const ending = await tx.query<{ id: string }>(
    `select id from (${ENDING}) ending union select n.span from spanning n where ${CHANGING} and not n.alike`,
    [month],
  );
  await keepOld(tx, step, 'recipient', 't.id = any($4::uuid[])', [ending.rows.map(({ id }) => id)]);
  const ended = await tx.query<{ id: string }>(ENDED, [month, asOf, at]);
  await tx.query(CHANGED, [month, asOf, at]);
  await tx.query(BEGIN, [month, source, asOf, at]);

  // Whoever was told of a status that is over is told so; it ends once in a delivery, and may end again in a later one.
  if (ended.rows.length === 0) return;
  const over = await tx.query<{ personId: string; enrolmentId: string }>(OVER, [month, ended.rows.map(({ id }) => id)]);
  await recall(
    tx,
    over.rows.map(({ personId, enrolmentId }) => {
      const reference = `${enrolmentId}@${delivery.id}`;
      return { personId, told: ['status'], cause: 'STATUS_ENDED', reference, at } as const;
    }),
  );
}
