/** A page of recipients with household, members and grants. */
import { CALLERS, PROVINCE } from '../../callers.ts';
import type { CallerName } from '../../callers.ts';
import { idIn } from '../../cursor.ts';
import { allSubjects, coordinates, cursorOf, inCaseload, subject, subjects, validOn, yuan } from './standing.ts';
import type { Given, Statement } from './statement.ts';

/** What a caller may see at each level. */
interface Scope {
  readonly recipient: string;
  readonly person: string;
  readonly household: string;
  readonly membership: string;
  readonly grant: string;
  readonly birthDate: string;
}

const everything: Scope = {
  recipient: 'true',
  person: 'true',
  household: 'true',
  membership: 'true',
  grant: 'true',
  birthDate: 'p.birth_date',
};

const province: Scope = {
  ...everything,
  recipient: 'r.province_code = $6',
  person: 'p.province_code = $6',
  household: 'h.province_code = $6',
  grant: 'g.province_code = $6',
};

// A case that is not the department's opens nothing.
const caseload: Scope = {
  recipient: `${inCaseload('c.person_id = r.person_id', '$5', '$2')} and ${inCaseload('c.case_no = $6', '$5', '$2')}`,
  person: inCaseload('c.person_id = p.id', '$5', '$2'),
  household: inCaseload('c.household_id = h.id', '$5', '$2'),
  membership: inCaseload('c.person_id = m.person_id', '$5', '$2'),
  grant: 'g.department = $5',
  birthDate: `date_trunc('decade', p.birth_date)::date`,
};

/** The statement for a caller; without guard it shows whatever is asked for. */
export function recipients(caller: CallerName, guarded: boolean): Statement {
  const scope = !guarded ? everything : caller === 'housing' ? caseload : province;
  const inRegion = caller === 'housing' ? 'true' : 'r.prefecture_code = $5';
  const all = (column: string): string => allSubjects(guarded, column);
  const of = (...parts: readonly string[]): string => subjects(guarded, ...parts);
  return {
    name: `recipients-${caller}`,
    text: `
      select (select row_to_json(d) from (select page.connection as recipients) d)::text as data, page.s as subjects
      from (
        select (select c from (select n.nodes, (select i from (select n.more as "hasNextPage",
            ${cursorOf('n.last')} as "endCursor") i) as "pageInfo") c) as connection, n.s
        from (
          select coalesce(json_agg(n.j), '[]') as nodes, coalesce(bool_and(n.more), false) as more,
            (array_agg(n.id))[count(*)] as last, ${all('n.s')} as s
          from (
            select r.id, r.more, (select x from (select r.id, r.programme, r.category, r.valid_from as "validFrom",
                r.valid_to as "validTo", person.j as person, household.j as household) x) as j,
              ${of(subject(0, 'p', 'r.person_id'), subject(0, 'h', 'r.household_id'), 'person.s', 'household.s')} as s
            from (
              select found.*, lead(1) over () is not null as more
              from (
                select * from recipient r
                where r.programme = $1 and ${validOn('r', '$2')} and ${inRegion} and r.id > $3::uuid
                  and ${scope.recipient}
                order by r.id limit $4::int + 1
              ) found limit $4::int
            ) r
            left join lateral (
              select (select x from (select p.id, p.name, ${scope.birthDate} as "birthDate") x) as j,
                ${of(subject(1, 'p', 'p.id'))} as s
              from person p where p.id = r.person_id and ${scope.person} limit 1
            ) person on true
            left join lateral (
              select (select x from (select h.id, h.member_count as "memberCount", members.list as members,
                  grants.connection as "aidGrants") x) as j,
                ${of(subject(2, 'h', 'h.id'), 'members.s', 'grants.s')} as s
              from (select * from household h where h.id = r.household_id and ${scope.household} limit 1) h
              left join lateral (
                select coalesce(json_agg(m.j), '[]') as list, ${all('m.s')} as s
                from (
                  select (select x from (select m.relation, m.role, person.j as person) x) as j,
                    ${of(subject(3, 'p', 'm.person_id'), subject(3, 'h', 'm.household_id'), 'person.s')} as s
                  from (
                    select * from membership m
                    where m.household_id = h.id and ${validOn('m', '$2')} and ${scope.membership}
                    order by m.valid_from, m.id limit 100
                  ) m
                  left join lateral (
                    select (select x from (select p.id, p.name) x) as j, ${of(subject(4, 'p', 'p.id'))} as s
                    from person p where p.id = m.person_id and ${scope.person} limit 1
                  ) person on true
                ) m
              ) members on true
              left join lateral (
                select (select x from (select coalesce(json_agg(g.j), '[]') as nodes) x) as connection, ${all('g.s')} as s
                from (
                  select (select x from (select g.department, g.programme, g.mode, ${yuan('g.amount_fen')} as amount,
                      g.decided_on as "decidedOn", g.state) x) as j,
                    ${of(subject(5, 'p', 'g.person_id'), subject(5, 'h', 'g.household_id'))} as s
                  from (
                    select * from aid_grant g
                    where g.household_id = h.id and g.state <> 'SUPERSEDED' and ${scope.grant}
                    order by g.decided_on desc, g.id limit 10
                  ) g
                ) g
              ) grants on true
            ) household on true
          ) n
        ) n
      ) page`,
    values: (given: Given, { today, caseNo }) => {
      const { filter, first, after } = given as { filter: Record<string, string>; first: number; after: string };
      const asked = [filter['programme'], today, idIn(after), first];
      if (caller === 'housing') return guarded ? [...asked, CALLERS.housing.department, caseNo] : asked;
      return guarded ? [...asked, filter['region'], PROVINCE] : [...asked, filter['region']];
    },
    coordinates: [
      coordinates('Recipient', 'id programme category validFrom validTo person household'),
      coordinates('Person', 'id name birthDate'),
      coordinates('Household', 'id memberCount members aidGrants'),
      coordinates('Membership', 'relation role person'),
      coordinates('Person', 'id name'),
      coordinates('AidGrant', 'department programme mode amount decidedOn state'),
    ],
  };
}
