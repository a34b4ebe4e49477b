/** How much aid was granted, by month, place and programme: what the departments reported, counted and summed. */
import { Args, ArgsType, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { AidGrant, AidProgramme } from '../aid/index.ts';
import {
  compiled,
  Counting,
  GroupedBy,
  GroupsOf,
  MonthScalar,
  Plan,
  propertyList,
  RegionCodeScalar,
  Rule,
  sql,
  YuanScalar,
} from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';

const OWNER = 'CIVIL_AFFAIRS';
const AID = { group: 'aid', owner: OWNER, sensitivity: 'PERSONAL' } as const;
const COUNTY = { group: 'region-county', owner: OWNER, sensitivity: 'INTERNAL' } as const;

/** What grants can be grouped by: each code stands for a field of the statistic. */
export const AidDimension = propertyList('AidDimension', '统计维度 · What grants are counted by', {
  MONTH: ['month', '审批月份 · Month of the decision'],
  PREFECTURE: ['prefectureCode', '市（州） · Prefecture'],
  COUNTY: ['countyCode', '县（市、区） · County'],
  DEPARTMENT: ['department', '给付部门 · Department that granted it'],
  PROGRAMME: ['programme', '救助项目 · Programme'],
});
/** One of them. */
export type AidDimension = (typeof AidDimension)[keyof typeof AidDimension];

/** Grants in force, counted and summed. */
@ObjectType({ description: '救助给付统计 · Aid counted by what the caller groups by' })
@GroupsOf(() => AidGrant, { finest: 'countyCode', once: [] })
export class AidStatistic {
  @Field(() => MonthScalar, { nullable: true, description: '审批月份 · Month of the decision, where grouped by' })
  @Rule(AID)
  @GroupedBy('decidedOn', 'month')
  month!: string | null;

  @Field(() => RegionCodeScalar, { nullable: true, description: '市（州）代码 · Prefecture, where grouped by' })
  @Rule(COUNTY)
  @GroupedBy('prefectureCode')
  prefectureCode!: string | null;

  @Field(() => RegionCodeScalar, { nullable: true, description: '县（市、区）代码 · County, where grouped by' })
  @Rule(COUNTY)
  @GroupedBy('countyCode')
  countyCode!: string | null;

  @Field(() => DepartmentCode, { nullable: true, description: '给付部门 · Department, where grouped by' })
  @Rule(AID)
  @GroupedBy('department')
  department!: DepartmentCode | null;

  @Field(() => AidProgramme, { nullable: true, description: '救助项目 · Programme, where grouped by' })
  @Rule(AID)
  @GroupedBy('programme')
  programme!: AidProgramme | null;

  @Field(() => Int, { nullable: true, description: '笔数 · Grants in force' })
  @Rule(AID)
  @Counting({ kind: 'rows' })
  grants!: number;

  @Field(() => Int, {
    nullable: true,
    description: '人数 · Persons aided; rounded counts hold a person of two months or programmes twice',
  })
  @Rule(AID)
  @Counting({ kind: 'distinct', property: 'person' })
  persons!: number;

  @Field(() => YuanScalar, {
    nullable: true,
    description: '金额 · Sum of the amounts; null where nothing was in money. Not for callers whose counts are rounded',
  })
  @Rule({ group: 'aid-amount', owner: OWNER, sensitivity: 'PERSONAL' })
  @Counting({ kind: 'sum', property: 'amount' })
  amount!: string | null;
}

@ArgsType()
class AidStatisticsArgs {
  @Field(() => RegionCodeScalar, { description: '区划 · Only in this division or below it' })
  region!: string;

  @Field(() => MonthScalar, { description: '起始月份 · Decided in this month or later' })
  from!: string;

  @Field(() => MonthScalar, { description: '截止月份 · Decided in this month or earlier' })
  to!: string;

  @Field(() => AidProgramme, { nullable: true, description: '救助项目 · Only this programme' })
  programme?: AidProgramme;

  @Field(() => [AidDimension], { description: '统计维度 · What to count by; nothing for one number of all' })
  groupBy: AidDimension[] = [];
}

/** Root field `aidStatistics`. */
@Resolver()
export class AidStatistics {
  @Query(() => [AidStatistic], {
    description:
      '救助给付统计 · Grants in force in the caller’s scope, counted by the person’s home; in the order of what they are ' +
      'grouped by. A group of no grant is not listed. Where the agreement sets a smallest count, numbers are sums of cells ' +
      'of county, month, department and programme: a cell of fewer persons is left out, each other number is rounded',
  })
  @Plan<AidStatisticsArgs>(({ region, from, to, programme, groupBy }) => ({
    of: AidStatistic,
    within: region,
    equals: { programme },
    where: { uses: ['state'], predicate: (grant) => sql`${grant.column('state')} = 'CURRENT'` },
    groups: { by: groupBy, months: { of: 'month', from, to } },
  }))
  aidStatistics(@Args() _args: AidStatisticsArgs): never {
    return compiled();
  }
}
