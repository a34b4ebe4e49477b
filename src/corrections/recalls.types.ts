/** What the mutations of recalls take and give. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../graph/index.ts';
import { RecallOutcome } from './lists.ts';

/** What a department did about a recall. */
@InputType({ description: '提醒处置 · What your department did about a recall' })
export class ActOnRecallInput {
  @Field(() => ID, { description: '提醒主键 · Identifier of the recall' })
  id!: string;

  @Field(() => RecallOutcome, { description: '处置结果 · What was done' })
  outcome!: RecallOutcome;

  @Field(() => String, {
    nullable: true,
    description: '处置说明 · A note, at most 1,000 characters; what was adjusted needs one',
  })
  note?: string | null;
}

/** Where a recall stands after an act. */
@ObjectType({ description: '提醒回执 · Where a recall stands after the act' })
export class RecallReceipt {
  @Field(() => ID, { description: '提醒主键 · Identifier of the recall' })
  id!: string;

  @Field(() => String, { description: '签收人 · Client that acknowledged it first' })
  acknowledgedBy!: string;

  @Field(() => DateTimeScalar, { description: '签收时间 · When it did' })
  acknowledgedAt!: Date;

  @Field(() => RecallOutcome, { nullable: true, description: '处置结果 · What was done; null: nothing yet' })
  outcome!: RecallOutcome | null;

  @Field(() => Boolean, { description: '是否未变 · Whether the act had been done before, so that nothing changed' })
  unchanged!: boolean;
}
