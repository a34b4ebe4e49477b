/** What declaring a feed takes and gives. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, RegionCodeScalar } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';

/** What a department says it will deliver. */
@InputType({ description: '数据约定 · What your department delivers, of which division, and how often' })
export class ExpectFeedInput {
  @Field(() => DepartmentCode, { description: '数源部门 · Your own department' })
  department!: DepartmentCode;

  @Field(() => String, { description: '数据内容 · Kind of record, e.g. STUDENT, AID_GRANT' })
  record!: string;

  @Field(() => RegionCodeScalar, { description: '覆盖区划 · Division covered, with all below it; one of yours' })
  region!: string;

  @Field(() => Int, { description: '约定更新周期（小时） · Expected time between deliveries, 1 to 8,784 hours' })
  rhythmHours!: number;

  @Field(() => String, {
    nullable: true,
    description: '来源系统 · The one system that it comes from; left out: whichever of your department’s',
  })
  sourceSystem?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: '是否终止 · true: it is expected no longer; declared again or delivered, it begins anew',
  })
  ends?: boolean | null;
}

/** The feed after the declaration. */
@ObjectType({ description: '数据约定回执 · The feed as it is expected now' })
export class FeedReceipt {
  @Field(() => String, { description: '来源系统 · System; “HOUSING:*”: whichever of the department’s' })
  sourceSystem!: string;

  @Field(() => String, { description: '数据内容 · Kind of record' })
  record!: string;

  @Field(() => RegionCodeScalar, { description: '覆盖区划 · Division covered' })
  regionCode!: string;

  @Field(() => Int, { description: '约定更新周期（小时） · In hours' })
  rhythmHours!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: '数据时点 · Last delivery; null: it never came' })
  asOf!: Date | null;

  @Field(() => Boolean, { description: '是否已终止 · Whether it is expected no longer' })
  ended!: boolean;
}
