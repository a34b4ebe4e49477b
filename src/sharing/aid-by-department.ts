/**
 * Who granted a person aid, department by department: what is not there is "no" only where the department's reports are
 * fresh, and else unknown (S3 三(五)).
 */
import { Args, ArgsType, Field, FieldResolver, ObjectType, Resolver } from 'type-graphql';
import {
  DateScalar,
  DateTimeScalar,
  Derived,
  Plan,
  RegionCodeScalar,
  Rule,
  callerSlot,
  closedList,
  compiled,
  raw,
  sql,
} from '../graph/index.ts';
import type { PlanAt, Planned, RowsPlan, Sql } from '../graph/index.ts';
import { OWNERS } from '../aid/index.ts';
import { DepartmentCode, Person, coveringFeed } from '../registry/index.ts';

const AID = { group: 'aid', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

export const AidAnswer = closedList('AidAnswer', '是否给予救助 · Whether a department granted aid', {
  HAS_AID: '有 · A grant of the department is in force',
  NO_AID: '无 · None, and what the department reports is up to date',
  UNKNOWN: '暂无法确认：数据逾期未更新或未报送 · Cannot be said: its reports are overdue, or nobody delivers them',
});
export type AidAnswer = keyof typeof AidAnswer;

/** One department's answer about a person. */
@ObjectType({ description: '部门救助情况 · Whether one department granted the person aid, and how fresh that is' })
@Derived({ person: 'personId', department: 'department', place: true })
export class DepartmentAid {
  @Field(() => DepartmentCode, { nullable: true, description: '部门 · Department that grants aid' })
  @Rule(AID)
  department!: DepartmentCode;

  @Field(() => AidAnswer, { nullable: true, description: '是否给予救助 · Whether it granted any' })
  @Rule(AID)
  answer!: AidAnswer;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '数据时点 · When its reports were complete; null: never delivered for that place',
  })
  @Rule(AID)
  asOf!: Date | null;

  @Field(() => Boolean, { nullable: true, description: '是否逾期未更新 · Whether its reports are overdue or missing' })
  @Rule(AID)
  stale!: boolean;

  @Field(() => RegionCodeScalar, {
    nullable: true,
    description: '覆盖区划 · Division of the feed that the answer rests on; null: everywhere, or none',
  })
  @Rule(AID)
  feedRegion!: string | null;
}

@ArgsType()
class AidByDepartmentArgs {
  @Field(() => DateScalar, { nullable: true, description: '起始日期 · Only grants decided on that day or later' })
  since?: string;
}

/** Departments that grant aid, in the order of their codes. */
const GRANTING = [...new Set(Object.values(OWNERS))].sort();

const ISO = raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);
const PLACE = ['regionCode', 'townshipCode', 'countyCode', 'prefectureCode', 'provinceCode'] as const;

function byDepartment({ since }: Planned<AidByDepartmentArgs>, { parent }: PlanAt): RowsPlan {
  if (parent === undefined) throw new Error('aidByDepartment stands on a person');
  const place = PLACE.map((property) => parent.column(property));
  const now: Sql = sql`${callerSlot('now', 'timestamptz')}`;
  const [region, township, county, prefecture, province] = place as [Sql, Sql, Sql, Sql, Sql];
  const source = sql`
    select granting.ordinal, null::bigint as missed, null::bigint as fruitless, ${parent.column('id')} as person_id,
      granting.department, ${region} as region_code, ${township} as township_code, ${county} as county_code,
      ${prefecture} as prefecture_code, ${province} as province_code,
      case when held.found then 'HAS_AID' when coalesce(fresh.stale, true) then 'UNKNOWN' else 'NO_AID' end as answer,
      to_char(fresh.as_of at time zone 'UTC', ${ISO}) as as_of, coalesce(fresh.stale, true) as stale,
      fresh.region_code as feed_region
    from unnest(array[${raw(GRANTING.map((code) => `'${code}'`).join(', '))}]::varchar[]) with ordinality
      as granting (department, ordinal)
    left join lateral (select true as found from aid_grant where aid_grant.person_id = ${parent.column('id')}
      and aid_grant.department = granting.department and aid_grant.state = 'CURRENT'
      ${since === undefined ? raw('') : sql`and aid_grant.decided_on >= ${since}`} limit 1) held on true
    left join lateral (${coveringFeed(raw('granting.department'), 'AID_GRANT', place, now)}) fresh on true`;
  return { of: DepartmentAid, from: { source } };
}

/** What stands on a person. */
@Resolver(() => Person)
export class PersonAidByDepartment {
  @FieldResolver(() => [DepartmentAid], {
    nullable: true,
    description:
      '各部门救助情况 · For each department that grants aid: granted, not granted, or unknown because its reports are overdue',
  })
  @Rule(AID)
  @Plan<AidByDepartmentArgs>(byDepartment)
  aidByDepartment(@Args(() => AidByDepartmentArgs) _args: AidByDepartmentArgs): DepartmentAid[] {
    return compiled();
  }
}
