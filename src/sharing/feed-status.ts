import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { Computed, DateTimeScalar, Over, Plan, Rule, compiled, sql } from '../graph/index.ts';
import type { Row, Sql } from '../graph/index.ts';
import { DepartmentCode, Feed } from '../registry/index.ts';

const OPEN = { group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' } as const;

/** A delivery is overdue: the last one is older than the rhythm that was agreed. `now` is the injected clock's. */
export const isStale = (feed: Row, now: Sql): Sql =>
  sql`${feed.column('asOf')} + make_interval(hours => ${feed.column('rhythmHours')}) < ${now}`;

/** How fresh what a source delivers is. No personal data: open to every authenticated caller. */
@ObjectType({ description: '数据时效 · How fresh the data of a source is' })
@Over(() => Feed, { public: true })
export class FeedStatus {
  @Field(() => String, { nullable: true, description: '来源系统 · System that delivers' })
  @Rule(OPEN)
  sourceSystem!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Department that answers for it' })
  @Rule(OPEN)
  department!: DepartmentCode;

  @Field(() => String, { nullable: true, description: '数据内容 · What is delivered, e.g. ENROLMENT (救助待遇)' })
  @Rule(OPEN)
  record!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: '数据时点 · When the data was true in its source' })
  @Rule(OPEN)
  asOf!: Date;

  @Field(() => Boolean, { nullable: true, description: '是否逾期未更新 · Whether the next delivery is overdue' })
  @Rule(OPEN)
  @Computed((feed, at) => isStale(feed, sql`${at.caller('now', 'timestamptz')}`))
  stale!: boolean;
}

/** Root field `feeds`. */
@Resolver()
export class FeedQueries {
  @Query(() => [FeedStatus], { description: '各来源数据时效 · How fresh each source is' })
  @Plan(() => ({ of: FeedStatus, order: ['record', 'sourceSystem'] }))
  feeds(): FeedStatus[] {
    return compiled();
  }
}
