/** One person with everything. */
import { PROVINCE } from '../../callers.ts';
import { allSubjects, coordinates, subject, subjects, validOn, yuan } from './standing.ts';
import type { Given, Statement } from './statement.ts';

/** The statement; without guard for whoever asks. */
export function person(guarded: boolean): Statement {
  const all = (column: string): string => allSubjects(guarded, column);
  const of = (...parts: readonly string[]): string => subjects(guarded, ...parts);
  const inScope = (row: string): string => (guarded ? `${row}.province_code = $3` : 'true');
  const records = (node: number, table: string, fields: string, order: string, household = false): string => `
    left join lateral (
      select coalesce(json_agg(r.j), '[]') as list, ${all('r.s')} as s
      from (
        select (select x from (select ${fields}) x) as j,
          ${of(subject(node, 'p', 'r.person_id'), ...(household ? [subject(node, 'h', 'r.household_id')] : []))} as s
        from (select * from ${table} r where r.person_id = p.id order by ${order} limit 100) r
      ) r
    ) ${table} on true`;
  return {
    name: 'person',
    text: `
      select (select row_to_json(d) from (select found.j as person) d)::text as data, found.s as subjects
      from (select) _
      left join (
        select (select x from (select p.id, p.name, number.key as "idNumber", p.birth_date as "birthDate",
            p.county_code as "countyCode", benefits.list as "recipientOf", student_record.list as "studentRecords",
            medical_settlement.list as "medicalSettlements", housing_record.list as "housingRecords",
            employment_record.list as "employmentRecords", grants.connection as "aidGrants") x) as j,
          ${of(
            subject(0, 'p', 'p.id'),
            ...[
              'benefits',
              'student_record',
              'medical_settlement',
              'housing_record',
              'employment_record',
              'grants',
            ].map((name) => `${name}.s`),
          )} as s
        from (select * from person p where p.id = $1::uuid and ${inScope('p')} limit 1) p
        left join lateral (
          select i.match_key as key from person_identifier i
          where i.person_id = p.id and i.type = 'RESIDENT_ID' and i.superseded_by_id is null
          order by i.verified desc, i.id limit 1
        ) number on true
        left join lateral (
          select coalesce(json_agg(r.j), '[]') as list, ${all('r.s')} as s
          from (
            select (select x from (select r.programme, r.valid_from as "validFrom", r.valid_to as "validTo",
                enrolment.j as enrolment) x) as j,
              ${of(subject(1, 'p', 'r.person_id'), subject(1, 'h', 'r.household_id'), 'enrolment.s')} as s
            from (
              select * from recipient r where r.person_id = p.id and ${validOn('r', '$2')} and ${inScope('r')}
              order by r.valid_from, r.id limit 100
            ) r
            left join lateral (
              select (select x from (select e.status, ${yuan('e.amount_fen')} as amount, events.list as events) x) as j,
                ${of(subject(2, 'p', 'e.applicant_id'), subject(2, 'h', 'e.household_id'), 'events.s')} as s
              from (select * from enrolment e where e.id = r.enrolment_id and ${inScope('e')} limit 1) e
              left join lateral (
                select coalesce(json_agg(v.j), '[]') as list, ${all('v.s')} as s
                from (
                  select (select x from (select v.kind, v.effective_on as "effectiveOn") x) as j,
                    ${of(subject(3, 'p', 'e.applicant_id'), subject(3, 'h', 'e.household_id'))} as s
                  from (
                    select * from enrolment_event v where v.enrolment_id = e.id order by v.effective_on, v.id limit 100
                  ) v
                ) v
              ) events on true
            ) enrolment on true
          ) r
        ) benefits on true
        ${records(4, 'student_record', `r.stage, r.grade, r.boarding, to_char(r.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "asOf"`, 'r.term desc, r.id')}
        ${records(5, 'medical_settlement', `r.admitted_on as "admittedOn", ${yuan('r.total_fen')} as total, ${yuan('r.self_fen')} as self`, 'r.admitted_on desc, r.id')}
        ${records(6, 'housing_record', `r.tenure, r.danger_grade as "dangerGrade"`, 'r.id', true)}
        ${records(7, 'employment_record', `r.status, r.registered_on as "registeredOn"`, 'r.registered_on desc, r.id')}
        left join lateral (
          select (select x from (select coalesce(json_agg(g.j), '[]') as nodes) x) as connection, ${all('g.s')} as s
          from (
            select (select x from (select g.department, g.programme, g.mode, ${yuan('g.amount_fen')} as amount,
                g.period_from as "periodFrom", g.decided_on as "decidedOn", g.state) x) as j,
              ${of(subject(8, 'p', 'g.person_id'), subject(8, 'h', 'g.household_id'))} as s
            from (
              select * from aid_grant g where g.person_id = p.id and g.state <> 'SUPERSEDED' and ${inScope('g')}
              order by g.decided_on desc, g.id limit 20
            ) g
          ) g
        ) grants on true
      ) found on true`,
    values: ({ id }: Given, { today }) => (guarded ? [id, today, PROVINCE] : [id, today]),
    coordinates: [
      coordinates(
        'Person',
        'id name idNumber birthDate countyCode recipientOf studentRecords medicalSettlements housingRecords ' +
          'employmentRecords aidGrants',
      ),
      coordinates('Recipient', 'programme validFrom validTo enrolment'),
      coordinates('Enrolment', 'status amount events'),
      coordinates('EnrolmentEvent', 'kind effectiveOn'),
      coordinates('StudentRecord', 'stage grade boarding asOf'),
      coordinates('MedicalSettlement', 'admittedOn total self'),
      coordinates('HousingRecord', 'tenure dangerGrade'),
      coordinates('EmploymentRecord', 'status registeredOn'),
      coordinates('AidGrant', 'department programme mode amount periodFrom decidedOn state'),
    ],
  };
}
