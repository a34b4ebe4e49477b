/** What is paid a month: enrolments counted and their amounts summed, by place and programme. */
import { Args, ArgsType, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import {
  compiled,
  Counting,
  DateScalar,
  GroupedBy,
  GroupsOf,
  Plan,
  propertyList,
  RegionCodeScalar,
  Rule,
  YuanScalar,
} from '../graph/index.ts';
import { Enrolment, EnrolmentStatus, Programme, UrbanRural } from '../registry/index.ts';

const OWNER = 'CIVIL_AFFAIRS';
const STATUS = { group: 'status', owner: OWNER, sensitivity: 'PERSONAL' } as const;
const COUNTY = { group: 'region-county', owner: OWNER, sensitivity: 'INTERNAL' } as const;
const AMOUNT = { group: 'dibao-amount', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** What enrolments can be grouped by: each code stands for a field of the statistic. */
export const EnrolmentDimension = propertyList('EnrolmentDimension', '统计维度 · What enrolments are counted by', {
  PREFECTURE: ['prefectureCode', '市（州） · Prefecture'],
  COUNTY: ['countyCode', '县（市、区） · County'],
  PROGRAMME: ['programme', '救助类别 · Programme'],
  URBAN_RURAL: ['urbanRural', '城乡类别 · Urban or rural scheme'],
  STATUS: ['status', '待遇状态（现状） · State of the enrolment, as it is now'],
});
/** One of them. */
export type EnrolmentDimension = (typeof EnrolmentDimension)[keyof typeof EnrolmentDimension];

/** Enrolments of a day, counted and summed. */
@ObjectType({ description: '救助待遇统计 · Enrolments counted by what the caller groups by' })
@GroupsOf(() => Enrolment, { finest: 'countyCode', once: [] })
export class EnrolmentStatistic {
  @Field(() => RegionCodeScalar, { nullable: true, description: '市（州）代码 · Prefecture, where grouped by' })
  @Rule(COUNTY)
  @GroupedBy('prefectureCode')
  prefectureCode!: string | null;

  @Field(() => RegionCodeScalar, { nullable: true, description: '县（市、区）代码 · County, where grouped by' })
  @Rule(COUNTY)
  @GroupedBy('countyCode')
  countyCode!: string | null;

  @Field(() => Programme, { nullable: true, description: '救助类别 · Programme, where grouped by' })
  @Rule(STATUS)
  @GroupedBy('programme')
  programme!: Programme | null;

  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Urban or rural scheme, where grouped by' })
  @Rule(STATUS)
  @GroupedBy('urbanRural')
  urbanRural!: UrbanRural | null;

  @Field(() => EnrolmentStatus, { nullable: true, description: '待遇状态 · State of the enrolment, where grouped by' })
  @Rule(STATUS)
  @GroupedBy('status')
  status!: EnrolmentStatus | null;

  @Field(() => Int, { nullable: true, description: '待遇数 · Enrolments' })
  @Rule(STATUS)
  @Counting({ kind: 'rows' })
  enrolments!: number;

  @Field(() => Int, { nullable: true, description: '户数 · Households; rounded ones are sums over programmes' })
  @Rule(STATUS)
  @Counting({ kind: 'distinct', property: 'household' })
  households!: number;

  @Field(() => YuanScalar, {
    nullable: true,
    description: '月保障金额合计 · Sum of the base amounts a month. Not for callers whose counts are rounded',
  })
  @Rule(AMOUNT)
  @Counting({ kind: 'sum', property: 'amount' })
  amount!: string | null;

  @Field(() => YuanScalar, {
    nullable: true,
    description: '分类施保增发合计 · Sum of the top-ups a month. Not for callers whose counts are rounded',
  })
  @Rule(AMOUNT)
  @Counting({ kind: 'sum', property: 'topUp' })
  topUp!: string | null;
}

@ArgsType()
class EnrolmentStatisticsArgs {
  @Field(() => RegionCodeScalar, { description: '区划 · Only in this division or below it' })
  region!: string;

  @Field(() => DateScalar, { nullable: true, description: '时点 · What was valid on that day; today by default' })
  onDate?: string;

  @Field(() => Programme, { nullable: true, description: '救助类别 · Only this programme' })
  programme?: Programme;

  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Only the urban or the rural scheme' })
  urbanRural?: UrbanRural;

  @Field(() => EnrolmentStatus, { nullable: true, description: '待遇状态 · Only enrolments that are now so' })
  status?: EnrolmentStatus;

  @Field(() => [EnrolmentDimension], { description: '统计维度 · What to count by; nothing for one number of all' })
  groupBy: EnrolmentDimension[] = [];
}

/** Root field `enrolmentStatistics`. */
@Resolver()
export class EnrolmentStatistics {
  @Query(() => [EnrolmentStatistic], {
    description:
      '救助待遇统计 · Enrolments in the caller’s scope on a day, counted; in the order of what they are grouped by. A group ' +
      'of none is not listed. Where the agreement sets a smallest count, numbers are sums of cells of county, programme, ' +
      'scheme and state: a cell of fewer applicants is left out, each other number is rounded',
  })
  @Plan<EnrolmentStatisticsArgs>(({ region, onDate, programme, urbanRural, status, groupBy }, at) => ({
    of: EnrolmentStatistic,
    within: region,
    equals: { programme, urbanRural, status },
    validOn: onDate ?? at.today,
    groups: { by: groupBy },
  }))
  enrolmentStatistics(@Args() _args: EnrolmentStatisticsArgs): never {
    return compiled();
  }
}
