import { Field, ObjectType } from 'type-graphql';
import { closedList, DateTimeScalar, Rule } from '../graph/index.ts';
import { UnavailableReason } from './fault.ts';

export const LiveFreshness = closedList('LiveFreshness', '实时状态 · Whether the department itself answered just now', {
  LIVE: '实时：数源部门当场答复 · The department answered',
  UNAVAILABLE: '暂不可得：数源部门未答复，不等于没有 · No answer; nothing is said about the person',
});
export type LiveFreshness = keyof typeof LiveFreshness;

/** Says nothing about anybody, so whoever may ask the question is told. */
const OPEN = { group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' } as const;

/**
 * What every answer of a department begins with. A department that did not answer is never a null that looks like "nothing
 * there": `freshness` says so, and `reason` why.
 */
@ObjectType()
export abstract class LiveAnswer {
  @Field(() => LiveFreshness, { description: '实时状态 · LIVE where the department answered, otherwise UNAVAILABLE' })
  @Rule(OPEN)
  freshness!: LiveFreshness;

  @Field(() => UnavailableReason, { nullable: true, description: '未答复原因 · Why it did not; null where it did' })
  @Rule(OPEN)
  reason!: UnavailableReason | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '答复时刻 · When the hub had the answer; null without one',
  })
  @Rule(OPEN)
  answeredAt!: Date | null;
}
