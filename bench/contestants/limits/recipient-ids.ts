/** A page of recipients with id and status only. */
import { PROVINCE } from '../../callers.ts';
import { idIn } from '../../cursor.ts';
import { allSubjects, coordinates, cursorOf, subject, subjects, validOn } from './standing.ts';
import type { Given, Statement } from './statement.ts';

/** The statement; without guard for whoever asks. */
export function recipientIds(guarded: boolean): Statement {
  return {
    name: 'recipient-ids',
    text: `
      select (select row_to_json(d) from (select page.connection as recipients) d)::text as data, page.s as subjects
      from (
        select (select c from (select n.nodes, (select i from (select n.more as "hasNextPage",
            ${cursorOf('n.last')} as "endCursor") i) as "pageInfo") c) as connection, n.s
        from (
          select coalesce(json_agg(n.j), '[]') as nodes, coalesce(bool_and(n.more), false) as more,
            (array_agg(n.id))[count(*)] as last, ${allSubjects(guarded, 'n.s')} as s
          from (
            select r.id, r.more, (select x from (select r.id, r.programme, r.valid_from as "validFrom",
                r.valid_to as "validTo") x) as j,
              ${subjects(guarded, subject(0, 'p', 'r.person_id'), subject(0, 'h', 'r.household_id'))} as s
            from (
              select found.*, lead(1) over () is not null as more
              from (
                select * from recipient r
                where ${validOn('r', '$1')} and r.province_code = $2 and r.id > $3::uuid
                  and ${guarded ? 'r.province_code = $5' : 'true'}
                order by r.id limit $4::int + 1
              ) found limit $4::int
            ) r
          ) n
        ) n
      ) page`,
    values: (given: Given, { today }) => {
      const { filter, first, after } = given as { filter: Record<string, string>; first: number; after: string };
      const asked = [today, filter['region'], idIn(after), first];
      return guarded ? [...asked, PROVINCE] : asked;
    },
    coordinates: [coordinates('Recipient', 'id programme validFrom validTo')],
  };
}
