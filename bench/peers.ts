/** What PostGraphile is given in the database: roles, a function for the status check, and row-level security. */
import { randomBytes } from 'node:crypto';
import { quoteText } from '../src/platform/database.ts';
import type { DataSet } from './data-set.ts';

/** The peers' side of the database. */
export interface Peers {
  /** As the role that PostGraphile signs in with. */
  readonly url: string;
  /**
   * Turns row-level security on or off. It is on only while its own contestant is asked, so that nobody else is measured
   * on tables that have it.
   */
  rowSecurity(on: boolean): Promise<void>;
}

/** The role that signs in, and the ones that a request takes on when row-level security is on. */
const SIGN_IN = 'bench_postgraphile';
const ROLES = ['bench_region', 'bench_caseload'] as const;

/** Tables with scopes. */
const SCOPED = [
  ...['person', 'person_identifier', 'household', 'membership', 'enrolment', 'enrolment_event', 'recipient'],
  ...['student_record', 'medical_settlement', 'housing_record', 'employment_record', 'aid_grant'],
];

// A sub-select is evaluated once for a statement; a bare current_setting() would be for every row.
const regions = `(select string_to_array(current_setting('hub.regions'), ','))::text[]`;
const department = `(select current_setting('hub.department'))`;
const today = `(select current_setting('hub.today')::date)`;
const openCase = (subject: string): string =>
  `exists (select from caseload c where ${subject} and c.department = ${department} and c.opened_on <= ${today}
    and (c.closed_on is null or c.closed_on >= ${today}))`;

/** The same scopes as the sharing policy has: by place where a row has one, else as what it belongs to. */
const POLICIES: Readonly<Record<(typeof ROLES)[number], Readonly<Record<string, string>>>> = {
  bench_region: {
    person: `province_code = any (${regions})`,
    household: `province_code = any (${regions})`,
    enrolment: `province_code = any (${regions})`,
    recipient: `province_code = any (${regions})`,
    aid_grant: `province_code = any (${regions})`,
    membership: 'exists (select from household h where h.id = household_id)',
    enrolment_event: 'exists (select from enrolment e where e.id = enrolment_id)',
    person_identifier: 'exists (select from person p where p.id = person_id)',
    student_record: 'exists (select from person p where p.id = person_id)',
    medical_settlement: 'exists (select from person p where p.id = person_id)',
    housing_record: 'exists (select from person p where p.id = person_id)',
    employment_record: 'exists (select from person p where p.id = person_id)',
  },
  bench_caseload: {
    person: openCase('c.person_id = person.id'),
    household: openCase('c.household_id = household.id'),
    membership: openCase('c.person_id = membership.person_id'),
    recipient: openCase('c.person_id = recipient.person_id'),
    aid_grant: `department = ${department}`,
  },
};

// One statement for all questions, with everything that an answer holds: what PostGraphile's manual advises for what no
// table is. It reads the whole hub, as the status check does, so it runs with its owner's rights.
const STATUS_CHECK = `
  create type bench_programme as (programme text, urban_rural text, valid_from date, valid_to date);
  create type bench_freshness as (source_system text, as_of timestamptz, stale boolean);
  create type bench_status as (result text, name_agrees boolean, problem text, case_no text, programmes bench_programme[],
    freshness bench_freshness);
  create function check_status(id_numbers text[], names text[], case_no text, on_date date) returns setof bench_status
    language sql stable rows 100 security definer set search_path = public as $$
    select case when held.list is not null then 'RECIPIENT' when overdue.stale then 'UNKNOWN' else 'NOT_RECIPIENT' end,
      case when held.list is not null then known.name_key = q.name end, null, case_no,
      coalesce(held.list, '{}'), freshness.f
    from unnest(id_numbers, names) with ordinality q (key, name, ordinal)
    cross join (
      select coalesce(bool_or(f.as_of + make_interval(hours => f.rhythm_hours) < now()), true) as stale
      from feed f where f.record = 'ENROLMENT'
    ) overdue
    left join (
      select row(f.source_system, f.as_of, f.as_of + make_interval(hours => f.rhythm_hours) < now())::bench_freshness as f
      from feed f where f.record = 'ENROLMENT' order by f.as_of, f.id limit 1
    ) freshness on true
    left join lateral (
      select i.person_id, p.name_key from person_identifier i join person p on p.id = i.person_id
      where i.match_key = q.key order by i.superseded_by_id is not null, i.id limit 1
    ) known on true
    left join lateral (
      select array_agg(row(r.programme, r.urban_rural, r.valid_from, r.valid_to)::bench_programme
        order by r.valid_from, r.id) as list
      from recipient r join enrolment e on e.id = r.enrolment_id
      where r.person_id = known.person_id and r.valid_from <= on_date and (r.valid_to is null or r.valid_to >= on_date)
        and r.programme not in ('TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP')
        and (e.status <> 'SUSPENDED' or on_date < (
          select max(v.effective_on) from enrolment_event v where v.enrolment_id = e.id and v.kind = 'SUSPEND'))
    ) held on true
    order by q.ordinal
    $$`;

/** Makes roles, function and policies anew; row-level security is off. */
export async function openPeers({ admin, serverUrl, owner }: DataSet): Promise<Peers> {
  const password = randomBytes(18).toString('base64url');
  for (const role of [SIGN_IN, ...ROLES]) {
    const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
    if (rowCount === 0) await admin.query(`create role ${role}`);
  }
  await admin.query(`alter role ${SIGN_IN} login noinherit password ${quoteText(password)}`);
  await admin.query(`grant ${ROLES.join(', ')} to ${SIGN_IN}`);
  await owner.query(`
    drop function if exists check_status;
    drop type if exists bench_status, bench_freshness, bench_programme;
    ${STATUS_CHECK};
    grant select on all tables in schema public to ${[SIGN_IN, ...ROLES].join(', ')}`);
  for (const [role, policies] of Object.entries(POLICIES)) {
    for (const [table, predicate] of Object.entries(policies)) {
      await owner.query(`drop policy if exists ${role} on ${table}`);
      await owner.query(`create policy ${role} on ${table} for select to ${role} using (${predicate})`);
    }
  }
  const url = new URL(serverUrl);
  url.username = SIGN_IN;
  url.password = password;
  const rowSecurity = async (on: boolean): Promise<void> => {
    const change = (table: string): string => `alter table ${table} ${on ? 'enable' : 'disable'} row level security`;
    await owner.query(SCOPED.map(change).join('; '));
  };
  await rowSecurity(false);
  return { url: url.href, rowSecurity };
}
