import { Arg, Args, ArgsType, Ctx, Field, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../access/index.ts';
import { Code, PageArgs, Plan, compiled, sql } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';
import { Recall, RecallConnection, RecallProgress, RecallProgressConnection } from './recall.ts';
import { ActOnRecallInput, RecallReceipt } from './recalls.types.ts';
import type { Recalls } from './recalls.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface RecallsContext extends HubContext, ActContext {
  readonly recalls: Recalls;
}

@ArgsType()
class RecallsArgs extends PageArgs {
  @Field(() => Boolean, { nullable: true, description: '是否待处置 · Those not acted on yet, or those that were' })
  open?: boolean;
}

@ArgsType()
class RecallProgressArgs extends PageArgs {
  @Field(() => DepartmentCode, { nullable: true, description: '使用部门 · Only those to this department' })
  department?: DepartmentCode;

  @Field(() => Boolean, { nullable: true, description: '是否已签收 · Acknowledged ones, or those that are not yet' })
  acknowledged?: boolean;
}

/** As a choice, so that the id runs the same way and one index serves it. */
const NEWEST_FIRST = { property: '-recalledAt', coordinate: 'Recall.recalledAt' };

/** What departments were told that no longer holds, and what they did about it. */
@Resolver()
export class RecallOffice {
  @Query(() => RecallConnection, {
    description:
      '使用提醒 · Values that the own department was told and that no longer hold, newest first; never the values',
  })
  @Plan<RecallsArgs>(({ open, ...page }) => ({
    of: Recall,
    ...(open === undefined
      ? {}
      : {
          where: {
            uses: ['actedAt'],
            predicate: (row) => sql`(${row.column('actedAt')} is null) = ${open}`,
          },
        }),
    order: [NEWEST_FIRST],
    ...page,
  }))
  recalls(@Args() _args: RecallsArgs): never {
    return compiled();
  }

  @Query(() => RecallProgressConnection, {
    description:
      '提醒办理进度 · Which departments have acknowledged recalls and acted on them, oldest first; neither of whom nor in which case',
  })
  @Plan<RecallProgressArgs>(({ department, acknowledged, ...page }) => ({
    of: RecallProgress,
    equals: { department },
    ...(acknowledged === undefined
      ? {}
      : {
          where: {
            uses: ['acknowledgedAt'],
            predicate: (row) => sql`(${row.column('acknowledgedAt')} is not null) = ${acknowledged}`,
          },
        }),
    ...page,
  }))
  recallProgress(@Args() _args: RecallProgressArgs): never {
    return compiled();
  }

  @Mutation(() => RecallReceipt, {
    description: '签收提醒 · Says that your department has seen a recall; the first acknowledgement stands. Idempotent',
  })
  @Code({ open: false })
  acknowledgeRecall(
    @Arg('id', () => ID, { description: '提醒主键 · Identifier of the recall' }) id: string,
    @Ctx() { recalls, caller, ...context }: RecallsContext,
  ): Promise<RecallReceipt> {
    return recalls.acknowledge(caller, id, context);
  }

  @Mutation(() => RecallReceipt, {
    description: '处置提醒 · Says what your department did about a recall; once, and the same again changes nothing',
  })
  @Code({ open: false })
  actOnRecall(
    @Arg('input', () => ActOnRecallInput, { description: '处置内容 · What was done' }) input: ActOnRecallInput,
    @Ctx() { recalls, caller, ...context }: RecallsContext,
  ): Promise<RecallReceipt> {
    return recalls.act(caller, input, context);
  }
}
