/**
 * 社会救助暂行办法 art. 45: who refuses suitable work three times in a row without good reason, has the own share of the
 * allowance cut or stopped by civil affairs: the own, never that of the family. Work that was taken up ends the row.
 */
import { raw, sql } from '../../graph/index.ts';
import type { Row, Sql } from '../../graph/index.ts';
import { ruleOn } from './labour-rules.ts';

/** The last day before this refusal on which the person took up work. */
const lastWork = (row: Row): Sql =>
  sql`(select coalesce(max(work.day), '-infinity'::date) from (
      select taken.registered_on as day from employment_record taken
        where taken.person_id = ${row.column('personId')} and taken.status = 'EMPLOYED'
      union all
      select post.valid_from from public_post post where post.person_id = ${row.column('personId')}) work
    where work.day < ${row.column('refusedOn')})`;

/** Which unjustified refusal in a row a refusal is; null where it was justified, or its source took it back. */
export const unjustifiedInARow = (row: Row): Sql =>
  sql`(case when not ${row.column('justified')} and ${row.column('endedOn')} is null then (select count(*)::int from work_refusal earlier
    where earlier.person_id = ${row.column('personId')} and not earlier.justified and earlier.ended_on is null
      and (earlier.refused_on, earlier.id) <= (${row.column('refusedOn')}, ${row.column('id')})
      and earlier.refused_on > ${lastWork(row)}) end)`;

/** Whether the number is reached with this very refusal: what civil affairs is told of, once. */
export const isActionDue = (row: Row): Sql =>
  sql`coalesce(${unjustifiedInARow(row)} = (select ${ruleOn('REFUSALS_IN_A_ROW', row.column('refusedOn'), raw('home'))}
    from person home where home.id = ${row.column('personId')}), false)`;
