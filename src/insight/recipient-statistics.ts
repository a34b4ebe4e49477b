/**
 * How many benefit, by place and programme (S3 三(七) 绩效考核): counts of nobody in particular, under the same policy as
 * the rows that are counted. What they get a month is told by `enrolmentStatistics`: a household has one amount.
 */
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
} from '../graph/index.ts';
import { Programme, Recipient, UrbanRural } from '../registry/index.ts';

const OWNER = 'CIVIL_AFFAIRS';
const STATUS = { group: 'status', owner: OWNER, sensitivity: 'PERSONAL' } as const;
const COUNTY = { group: 'region-county', owner: OWNER, sensitivity: 'INTERNAL' } as const;

/** What recipients can be grouped by: each code stands for a field of the statistic. */
export const RecipientDimension = propertyList('RecipientDimension', '统计维度 · What recipients are counted by', {
  PREFECTURE: ['prefectureCode', '市（州） · Prefecture'],
  COUNTY: ['countyCode', '县（市、区） · County'],
  TOWNSHIP: [
    'townshipCode',
    '乡镇（街道）；计数取整的调用方不可用 · Township; not for callers whose counts are rounded',
  ],
  PROGRAMME: ['programme', '救助类别 · Programme'],
  URBAN_RURAL: ['urbanRural', '城乡类别 · Urban or rural scheme'],
  CATEGORY: ['category', '类别 · Class within the programme'],
});
/** One of them. */
export type RecipientDimension = (typeof RecipientDimension)[keyof typeof RecipientDimension];

/** A count of recipients. A person has one row a day and programme (`ex_recipient__one_programme_at_a_time`). */
@ObjectType({ description: '救助对象统计 · Recipients counted by what the caller groups by' })
@GroupsOf(() => Recipient, { finest: 'countyCode', once: ['programme'], neverEmpty: 'programme' })
export class RecipientStatistic {
  @Field(() => RegionCodeScalar, { nullable: true, description: '市（州）代码 · Prefecture, where grouped by' })
  @Rule(COUNTY)
  @GroupedBy('prefectureCode')
  prefectureCode!: string | null;

  @Field(() => RegionCodeScalar, { nullable: true, description: '县（市、区）代码 · County, where grouped by' })
  @Rule(COUNTY)
  @GroupedBy('countyCode')
  countyCode!: string | null;

  @Field(() => RegionCodeScalar, {
    nullable: true,
    description: '乡镇（街道）代码 · Township, where grouped by; null also where none is known',
  })
  @Rule({ group: 'region-township', owner: OWNER, sensitivity: 'INTERNAL' })
  @GroupedBy('townshipCode')
  townshipCode!: string | null;

  @Field(() => Programme, { nullable: true, description: '救助类别 · Programme, where grouped by' })
  @Rule(STATUS)
  @GroupedBy('programme')
  programme!: Programme | null;

  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Urban or rural scheme, where grouped by' })
  @Rule(STATUS)
  @GroupedBy('urbanRural')
  urbanRural!: UrbanRural | null;

  @Field(() => String, {
    nullable: true,
    description: '类别 · Class, where grouped by; null also where a programme has none',
  })
  @Rule(STATUS)
  @GroupedBy('category')
  category!: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '人数 · Persons. Rounded counts are sums over programmes, so they hold a person of two programmes twice; exact ones never',
  })
  @Rule(STATUS)
  @Counting({ kind: 'distinct', property: 'person' })
  persons!: number;

  @Field(() => Int, { nullable: true, description: '户数 · Households; rounded ones are sums like persons' })
  @Rule(STATUS)
  @Counting({ kind: 'distinct', property: 'household' })
  households!: number;
}

@ArgsType()
class RecipientStatisticsArgs {
  @Field(() => RegionCodeScalar, { description: '区划 · Only in this division or below it' })
  region!: string;

  @Field(() => DateScalar, { nullable: true, description: '时点 · Who benefited on that day; today by default' })
  onDate?: string;

  @Field(() => Programme, { nullable: true, description: '救助类别 · Only this programme' })
  programme?: Programme;

  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Only the urban or the rural scheme' })
  urbanRural?: UrbanRural;

  @Field(() => String, { nullable: true, description: '类别 · Only this class, e.g. A' })
  category?: string;

  @Field(() => [RecipientDimension], {
    description: '统计维度 · What to count by; nothing for one number of all',
  })
  groupBy: RecipientDimension[] = [];
}

/** Root field `recipientStatistics`. */
@Resolver()
export class RecipientStatistics {
  @Query(() => [RecipientStatistic], {
    description:
      '救助对象统计 · Recipients in the caller’s scope on a day, counted; in the order of what they are grouped by. ' +
      'A group of nobody is not listed. Where the agreement sets a smallest count (10 for analysts), numbers are sums of ' +
      'cells of county, programme, scheme and class: a cell of fewer persons is left out, each other one is rounded to a ' +
      'multiple of it; an empty list then means that no cell is large enough',
  })
  @Plan<RecipientStatisticsArgs>(({ region, onDate, programme, urbanRural, category, groupBy }, at) => ({
    of: RecipientStatistic,
    within: region,
    equals: { programme, urbanRural, category },
    validOn: onDate ?? at.today,
    groups: { by: groupBy },
  }))
  recipientStatistics(@Args() _args: RecipientStatisticsArgs): never {
    return compiled();
  }
}
