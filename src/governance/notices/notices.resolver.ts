import { Arg, Args, ArgsType, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../../access/index.ts';
import { Code, DateTimeScalar, PageArgs, Plan, compiled, sql } from '../../graph/index.ts';
import { Notice, NoticeConnection, NoticeKind } from './notice.ts';
import type { NoticeBoard } from './notice-board.ts';

/** What the mutation finds in its context, beside what every operation has. */
export interface NoticeContext extends HubContext, ActContext {
  readonly noticeBoard: NoticeBoard;
}

@ArgsType()
class NoticesArgs extends PageArgs {
  @Field(() => Boolean, { nullable: true, description: '是否已签收 · Acknowledged ones, or those that are not yet' })
  acknowledged?: boolean;

  @Field(() => NoticeKind, { nullable: true, description: '类别 · Only notices of this kind' })
  kind?: NoticeKind;
}

/** Answer to an acknowledgement. */
@ObjectType({ description: '签收结果 · Who acknowledged a notice, and when' })
export class NoticePayload {
  @Field(() => ID, { description: '通知主键 · Identifier of the notice' })
  id!: string;

  @Field(() => String, { description: '签收人 · Client that acknowledged it first' })
  acknowledgedBy!: string;

  @Field(() => DateTimeScalar, { description: '签收时间 · When it did' })
  acknowledgedAt!: Date;

  @Field(() => Boolean, { description: '是否已签收过 · Whether it was acknowledged before' })
  unchanged!: boolean;
}

/** As a choice, so that the id runs the same way and one index serves it. */
const NEWEST_FIRST = { property: '-createdAt', coordinate: 'Notice.createdAt' };

/** What a department is told, and that it has seen it. */
@Resolver()
export class Notices {
  @Query(() => NoticeConnection, { description: '通知 · Notices to the caller’s department, newest first' })
  @Plan<NoticesArgs>(({ acknowledged, kind, ...page }) => ({
    of: Notice,
    equals: { kind },
    ...(acknowledged === undefined
      ? {}
      : {
          where: {
            uses: ['acknowledgedAt'],
            predicate: (row) => sql`(${row.column('acknowledgedAt')} is not null) = ${acknowledged}`,
          },
        }),
    order: [NEWEST_FIRST],
    ...page,
  }))
  notices(@Args(() => NoticesArgs) _args: NoticesArgs): never {
    return compiled();
  }

  @Mutation(() => NoticePayload, {
    description:
      '签收通知 · Acknowledges a notice to the caller’s department; the first acknowledgement stands. Idempotent',
  })
  @Code({ open: false })
  acknowledgeNotice(
    @Arg('id', () => ID, { description: '通知主键 · Identifier of the notice' }) id: string,
    @Ctx() { noticeBoard, caller, ...context }: NoticeContext,
  ): Promise<NoticePayload> {
    return noticeBoard.acknowledge(caller, id, context);
  }
}
