/** What education refuses of its own items of aid. */
import type { AidRule } from '../../aid/index.ts';

// The term of the aid is that of its first month, or of the decision: autumn from August, January still belongs to it.
const DAY = `coalesce(to_date(asked.period_from, 'YYYY-MM'), asked.decided_on)`;
const TERM = `case when extract(month from ${DAY}) between 2 and 7 then extract(year from ${DAY}) || '-1'
  when extract(month from ${DAY}) = 1 then (extract(year from ${DAY}) - 1) || '-2'
  else extract(year from ${DAY}) || '-2' end`;

/** 两免一补: the one subsidy is for boarders. Somebody without a record of that term may be one. */
export const aidRules: readonly AidRule[] = [
  {
    item: 'BOARDING_SUBSIDY',
    code: 'NOT_A_BOARDER',
    refuses: `(select not bool_or(student.boarding) from student_record student
      where student.person_id = asked.person_id and student.term = ${TERM}) is true`,
  },
];
