import { Args, ArgsType, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import {
  Computed,
  DateTimeScalar,
  DecimalScalar,
  Over,
  Plan,
  RegionCodeScalar,
  Rule,
  callerSlot,
  compiled,
  sql,
} from '../graph/index.ts';
import type { Row, Sql } from '../graph/index.ts';
import { DepartmentCode, Feed, hoursLate, isOverdueFeed } from '../registry/index.ts';
import { errorRateOf, lastDelivery } from './delivery-counts.ts';
import { DisputeCounts, disputesOf } from './dispute-counts.ts';

const OPEN = { group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' } as const;

const now: Sql = sql`${callerSlot('now', 'timestamptz')}`;
const columnsOf = (feed: Row) => ({ asOf: feed.column('asOf'), rhythmHours: feed.column('rhythmHours') });

/** How fresh what a source delivers of a region is. No personal data: open to every authenticated caller. */
@ObjectType({ description: '数据时效 · How fresh the data of a source is, by kind of record and region' })
@Over(() => Feed, { public: true })
export class FeedStatus {
  @Field(() => String, {
    nullable: true,
    description: '来源系统 · System that delivers; “HOUSING:*”: whichever of the department’s, as it was declared',
  })
  @Rule(OPEN)
  sourceSystem!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Department that answers for it' })
  @Rule(OPEN)
  department!: DepartmentCode;

  @Field(() => String, { nullable: true, description: '数据内容 · What is delivered, e.g. ENROLMENT (救助待遇)' })
  @Rule(OPEN)
  record!: string;

  @Field(() => RegionCodeScalar, {
    nullable: true,
    description: '覆盖区划 · Division covered, with all below it; null: everywhere',
  })
  @Rule(OPEN)
  regionCode!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '数据时点 · When the data was true in its source; null: expected, and never delivered',
  })
  @Rule(OPEN)
  asOf!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: '约定更新周期（小时） · Expected time between deliveries, in hours',
  })
  @Rule(OPEN)
  rhythmHours!: number;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '是否逾期未更新 · Whether the next delivery is overdue; then what is not there is unknown, and not "no"',
  })
  @Rule(OPEN)
  @Computed((feed) => isOverdueFeed(columnsOf(feed), now))
  stale!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: '逾期小时数 · Whole hours beyond the rhythm; 0 while in time, null where nothing was ever delivered',
  })
  @Rule(OPEN)
  @Computed((feed) => hoursLate(columnsOf(feed), now))
  hoursLate!: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: '逾期周期数 · The same in rhythms, to a tenth: 3.0 is three deliveries that did not come',
  })
  @Rule(OPEN)
  @Computed(
    (feed) => sql`round((${hoursLate(columnsOf(feed), now)})::numeric / ${feed.column('rhythmHours')}, 1)::text`,
  )
  rhythmsLate!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: '最近批次行数 · Rows of the last delivery of that region; null: none',
  })
  @Rule(OPEN)
  @Computed((feed) => lastDelivery(feed, 'rows'))
  lastRows!: number | null;

  @Field(() => Int, { nullable: true, description: '最近批次入库行数 · Rows of it that were new or had changed' })
  @Rule(OPEN)
  @Computed((feed) => lastDelivery(feed, 'recorded'))
  lastRecorded!: number | null;

  @Field(() => Int, { nullable: true, description: '最近批次退回行数 · Rows of it that were sent back with a reason' })
  @Rule(OPEN)
  @Computed((feed) => lastDelivery(feed, 'rejected'))
  lastRejected!: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      '近30日差错率 · Rows sent back as a share of all rows delivered in the last 30 days, to a ten-thousandth',
  })
  @Rule(OPEN)
  @Computed((feed) => errorRateOf(feed, now))
  errorRate!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: '待答复校核 · Corrections of this kind of record that await the department’s answer, in all regions',
  })
  @Rule(OPEN)
  @Computed((feed) => disputesOf(feed, DisputeCounts.open))
  openCorrections!: number;

  @Field(() => Int, {
    nullable: true,
    description: '逾期未答复校核 · Those of them whose term is over (政务数据共享条例第26条)',
  })
  @Rule(OPEN)
  @Computed((feed) => disputesOf(feed, DisputeCounts.overdue))
  overdueCorrections!: number;
}

@ArgsType()
class FeedStatusArgs {
  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Only feeds of this department' })
  department?: DepartmentCode;

  @Field(() => String, { nullable: true, description: '数据内容 · Only this kind of record, e.g. ENROLMENT' })
  record?: string;

  @Field(() => Boolean, { nullable: true, description: '仅逾期 · Only feeds that are overdue' })
  staleOnly?: boolean;
}

/** Root field `feedStatus`. */
@Resolver()
export class FeedQueries {
  @Query(() => [FeedStatus], {
    description: '各来源数据时效 · How fresh each source is, by kind of record and region, and how accurate',
  })
  @Plan<FeedStatusArgs>(({ department, record, staleOnly }) => ({
    of: FeedStatus,
    equals: { department, record },
    where:
      staleOnly === undefined
        ? { uses: [], predicate: (feed) => sql`${feed.column('endedAt')} is null` }
        : {
            uses: ['asOf', 'rhythmHours'],
            predicate: (feed) =>
              sql`(${feed.column('endedAt')} is null and (not ${staleOnly} or ${isOverdueFeed(columnsOf(feed), now)}))`,
          },
    order: ['record', 'sourceSystem', 'regionCode'],
    first: MOST_FEEDS,
  }))
  feedStatus(@Args(() => FeedStatusArgs) _args: FeedStatusArgs): FeedStatus[] {
    return compiled();
  }
}

/** Six departments, a few kinds of record, a hundred counties: more is no list to read. */
const MOST_FEEDS = 5_000;
