/**
 * 零就业家庭 (REF 11; S3 二(八) "至少有一人就业"): a household of whose members of working age and able to work nobody has
 * work, and somebody looks for it. What is not known is told as unknown, never as "no worker".
 */
import { closedList, raw, sql } from '../../graph/index.ts';
import type { PlanAt, Row, Sql } from '../../graph/index.ts';
import { coveringFeed } from '../../registry/index.ts';
import { ruleOn } from './labour-rules.ts';

export const HouseholdWork = closedList('HouseholdWork', '家庭就业状况 · Whether anybody in a household works', {
  HAS_WORKER: '至少一人就业 · Somebody works',
  ZERO_EMPLOYMENT: '零就业家庭 · Nobody works, and somebody looks for work',
  NOBODY_AVAILABLE: '无法定劳动年龄内有劳动能力且有就业愿望的成员 · Nobody who could work looks for it',
  UNKNOWN: '暂无法确认：就业数据逾期未更新或成员未登记 · Cannot be said: data overdue, or a member not registered',
});
export type HouseholdWork = keyof typeof HouseholdWork;

export const WorkerState = closedList('WorkerState', '成员就业状况 · Whether a member of a household works', {
  WORKING: '就业（含公益性岗位） · Works, be it in a public-interest post',
  JOBLESS: '失业或就业困难 · Registered jobless or hard to employ',
  NOT_SEEKING: '无就业愿望 · Registered as not in the labour force',
  UNKNOWN: '未登记 · Not registered with the employment service, or it is not known whether the person can work',
});
export type WorkerState = keyof typeof WorkerState;

const day = (at: PlanAt): Sql => sql`${at.today}`;

/** Of working age on the day and not known to be unable to work, by the alias of a person. */
export function couldWork(person: Sql, at: PlanAt): Sql {
  const months = sql`(extract(year from age(${day(at)}, ${person}.birth_date)) * 12
    + extract(month from age(${day(at)}, ${person}.birth_date)))`;
  const rule = (name: Parameters<typeof ruleOn>[0]): Sql => ruleOn(name, day(at), person);
  const last = sql`case ${person}.sex when '2' then ${rule('WORKING_AGE_TO_WOMEN')} else ${rule('WORKING_AGE_TO_MEN')} end`;
  return sql`(${person}.died_on is null and coalesce(${person}.labour_ability in ('ABLE', 'PARTIAL'), true)
    and coalesce(${months} >= ${rule('WORKING_AGE_FROM')} and ${months} < ${last}, false))`;
}

/** The newest registration of a person that its source still reports. */
const registration = (personId: Sql, column: string): Sql =>
  sql`(select ${raw(`registered.${column}`)} from employment_record registered
    where registered.person_id = ${personId} and registered.ended_on is null
    order by registered.registered_on desc, registered.id desc limit 1)`;

/** Since when the person holds a public-interest post on the day. */
const postSince = (personId: Sql, at: PlanAt): Sql =>
  sql`(select max(post.valid_from) from public_post post where post.person_id = ${personId} and post.ended_on is null
    and post.valid_from <= ${day(at)} and (post.valid_to is null or post.valid_to >= ${day(at)}))`;

/** A `WorkerState` of somebody who could work. */
export const stateOf = (personId: Sql, ability: Sql, at: PlanAt): Sql =>
  sql`(case when ${postSince(personId, at)} is not null then 'WORKING'
    else case ${registration(personId, 'status')}
      when 'EMPLOYED' then 'WORKING'
      when 'NOT_IN_LABOUR_FORCE' then 'NOT_SEEKING'
      when 'REGISTERED_JOBLESS' then case when ${ability} is null then 'UNKNOWN' else 'JOBLESS' end
      when 'HARD_TO_EMPLOY' then case when ${ability} is null then 'UNKNOWN' else 'JOBLESS' end
      else 'UNKNOWN' end end)`;

/** The day on which that state began. */
export const stateSince = (personId: Sql, at: PlanAt): Sql =>
  sql`coalesce(${postSince(personId, at)}, ${registration(personId, 'registered_on')})`;

const CHAIN = ['regionCode', 'townshipCode', 'countyCode', 'prefectureCode', 'provinceCode'] as const;

/** The delivery of registrations that covers where the household lives is overdue, or there never was one. */
function isOverdue(household: Row, at: PlanAt): Sql {
  const chain = CHAIN.map((property) => household.column(property));
  const feed = coveringFeed(sql`'LABOUR'`, 'EMPLOYMENT', chain, sql`${at.caller('now', 'timestamptz')}`);
  return sql`coalesce((select covering.stale from (${feed}) covering), true)`;
}

/** A `HouseholdWork` of the household. */
export const householdWork = (household: Row, at: PlanAt): Sql =>
  sql`(select case
      when count(*) = 0 then 'NOBODY_AVAILABLE'
      when ${isOverdue(household, at)} then 'UNKNOWN'
      when bool_or(member.state = 'WORKING') then 'HAS_WORKER'
      when bool_or(member.state = 'UNKNOWN') then 'UNKNOWN'
      when bool_or(member.state = 'JOBLESS') then 'ZERO_EMPLOYMENT'
      else 'NOBODY_AVAILABLE' end
    from (select ${stateOf(raw('able.id'), raw('able.labour_ability'), at)} as state
      from membership belongs join person able on able.id = belongs.person_id
      where belongs.household_id = ${household.column('id')} and belongs.valid_from <= ${day(at)}
        and (belongs.valid_to is null or belongs.valid_to >= ${day(at)}) and ${couldWork(raw('able'), at)}) member)`;
