/** Who of these people is a recipient. */
import { nameKey, normaliseResidentId } from '../../../src/registry/identity/index.ts';
import { allSubjects, coordinates, subject, subjects } from './standing.ts';
import type { Given, Statement } from './statement.ts';

/** A question, as it came. */
interface Check {
  readonly idNumber: string;
  readonly name: string;
}

/** A number that found nobody, by its ordinal. */
const MISSED = `case when q.key is not null and known.person_id is null then '0m' || lpad(q.ordinal::text, 36, '0') end`;

/** The statement. Guarded, numbers and names are read as the hub reads them; bare, they are taken as they came. */
export function checkStatus(guarded: boolean): Statement {
  return {
    name: 'check-status',
    text: `
      select (select row_to_json(d) from (select coalesce(json_agg(a.j), '[]') as "checkStatus") d)::text as data,
        ${allSubjects(guarded, 'a.s')} as subjects
      from (
        select (select x from (select
              case when q.key is null then 'MALFORMED' when held.list is not null then 'RECIPIENT'
                when overdue.stale then 'UNKNOWN' else 'NOT_RECIPIENT' end as result,
              case when held.list is not null then known.name_key = q.name end as "nameAgrees",
              null::text as problem, $3::text as "caseNo", coalesce(held.list, '[]') as programmes,
              freshness.j as freshness) x) as j,
          ${subjects(guarded, subject(0, 'p', 'known.person_id'), MISSED, 'held.s')} as s
        from unnest($1::text[], $2::text[]) with ordinality q (key, name, ordinal)
        cross join (
          select coalesce(bool_or(f.as_of + make_interval(hours => f.rhythm_hours) < $5::timestamptz), true) as stale
          from feed f where f.record = 'ENROLMENT'
        ) overdue
        left join (
          select (select x from (select f.source_system as "sourceSystem",
              to_char(f.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "asOf",
              f.as_of + make_interval(hours => f.rhythm_hours) < $5::timestamptz as stale) x) as j
          from (select * from feed f where f.record = 'ENROLMENT' order by f.as_of, f.id limit 1) f
        ) freshness on true
        left join lateral (
          select i.person_id, p.name_key from person_identifier i join person p on p.id = i.person_id
          where i.match_key = q.key order by i.superseded_by_id is not null, i.id limit 1
        ) known on true
        left join lateral (
          select json_agg(r.j) as list, ${allSubjects(guarded, 'r.s')} as s
          from (
            select (select x from (select r.programme, r.urban_rural as "urbanRural", r.valid_from as "validFrom",
                r.valid_to as "validTo") x) as j,
              ${subjects(guarded, subject(1, 'p', 'r.person_id'), subject(1, 'h', 'r.household_id'))} as s
            from recipient r join enrolment e on e.id = r.enrolment_id
            where r.person_id = known.person_id and r.valid_from <= $4::date
              and (r.valid_to is null or r.valid_to >= $4::date)
              and r.programme not in ('TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP')
              and (e.status <> 'SUSPENDED' or $4::date < (
                select max(v.effective_on) from enrolment_event v where v.enrolment_id = e.id and v.kind = 'SUSPEND'))
            order by r.valid_from, r.id limit 100
          ) r
        ) held on true
        order by q.ordinal
      ) a`,
    values: (given: Given, { today, now, caseNo }) => {
      const checks = given['checks'] as readonly Check[];
      const keys = checks.map(({ idNumber }) => (guarded ? keyOf(idNumber) : idNumber));
      const names = checks.map(({ name }) => (guarded ? nameKey(name) : name));
      return [keys, names, caseNo, today, now];
    },
    numbers: ([keys]) => keys as readonly (string | null)[],
    coordinates: [
      coordinates('StatusCheck', 'result nameAgrees problem caseNo programmes freshness'),
      coordinates('StatusProgramme', 'programme urbanRural validFrom validTo'),
      coordinates('FeedStatus', 'sourceSystem asOf stale'),
    ],
  };
}

function keyOf(raw: string): string | null {
  const number = normaliseResidentId(raw);
  return number.ok ? number.key : null;
}
