import { Arg, Args, ArgsType, Ctx, Field, InputType, Mutation, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../../access/index.ts';
import { Code, PageArgs, Plan, and, compiled, sql } from '../../graph/index.ts';
import type { PlanAt, Planned, RowsPlan } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import type { Emergencies } from './emergencies.ts';
import { EmergencyPayload, ReviewEmergencyInput } from './emergencies.types.ts';
import { EmergencyAccess, EmergencyAccessConnection } from './emergency-access.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface EmergencyContext extends HubContext, ActContext {
  readonly emergencies: Emergencies;
}

@InputType({ description: '应急访问筛选条件 · Which emergency accesses to list; conditions left out do not narrow' })
class EmergencyFilter {
  @Field(() => DepartmentCode, { nullable: true, description: '开启部门 · Of this department' })
  department?: DepartmentCode;

  @Field(() => String, { nullable: true, description: '业务编号 · Of this case' })
  caseNo?: string;

  @Field(() => Boolean, { nullable: true, description: '是否已复核 · Reviewed ones, or those that still have to be' })
  reviewed?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: '是否逾期未复核 · Those whose review is overdue, or the others',
  })
  overdue?: boolean;
}

@ArgsType()
class EmergenciesArgs extends PageArgs {
  @Field(() => EmergencyFilter, { nullable: true, description: '筛选条件 · Which emergency accesses to list' })
  filter?: EmergencyFilter;
}

function chosen({ filter, ...page }: Planned<EmergenciesArgs>, at: PlanAt): RowsPlan {
  const { department, caseNo, reviewed, overdue } = filter ?? {};
  const uses = ['verdict', ...(overdue === undefined ? [] : ['reviewDueOn'])];
  return {
    of: EmergencyAccess,
    equals: { department, caseNo },
    ...(reviewed === undefined && overdue === undefined
      ? {}
      : {
          where: {
            uses,
            predicate: (row) => {
              const isOverdue = sql`${row.column('verdict')} is null and ${row.column('reviewDueOn')} < ${at.today}`;
              return and([
                ...(reviewed === undefined ? [] : [sql`(${row.column('verdict')} is not null) = ${reviewed}`]),
                ...(overdue === undefined ? [] : [sql`(${isOverdue}) = ${overdue}`]),
              ]);
            },
          },
        }),
    order: [NEWEST_FIRST],
    ...page,
  };
}

/** As a choice, so that the id runs the same way and one index serves it. */
const NEWEST_FIRST = { property: '-openedAt', coordinate: 'EmergencyAccess.openedAt' };

/** Break-glass: open, close, review, and see what was done. */
@Resolver()
export class EmergencyAccesses {
  @Query(() => EmergencyAccessConnection, {
    description:
      '应急访问 · Emergency accesses that the caller’s department was told of, newest first: its own, and those that opened ' +
      'what it owns; civil affairs and auditors were told of all',
  })
  @Plan<EmergenciesArgs>(chosen)
  emergencies(@Args(() => EmergenciesArgs) _args: EmergenciesArgs): never {
    return compiled();
  }

  @Mutation(() => EmergencyPayload, {
    description:
      '开启应急访问 · Opens emergency access for the caller’s client and the case in Hub-Case, for two hours, with the ' +
      'purpose EMERGENCY. Everyone responsible is told at once, and it is reviewed afterwards. Idempotent while it is open',
  })
  @Code({ open: false })
  openEmergency(
    @Arg('reason', () => String, {
      description: '理由 · What happened, in 10 to 500 characters, without identity numbers',
    })
    reason: string,
    @Ctx() { emergencies, caller, ...context }: EmergencyContext,
  ): Promise<EmergencyPayload> {
    return emergencies.open(caller, reason, context);
  }

  @Mutation(() => EmergencyPayload, {
    description:
      '关闭应急访问 · Ends the caller’s emergency access in the case in Hub-Case before its time. Idempotent',
  })
  @Code({ open: false })
  closeEmergency(@Ctx() { emergencies, caller, ...context }: EmergencyContext): Promise<EmergencyPayload> {
    return emergencies.close(caller, context);
  }

  @Mutation(() => EmergencyPayload, {
    description:
      '复核应急访问 · Reviews an emergency access that is over: stewards of civil affairs and of the department, auditors; ' +
      'never the client that opened it. A review stands; sent again, it changes nothing',
  })
  @Code({ open: false })
  reviewEmergency(
    @Arg('input', () => ReviewEmergencyInput, { description: '复核内容 · The review' }) input: ReviewEmergencyInput,
    @Ctx() { emergencies, caller, ...context }: EmergencyContext,
  ): Promise<EmergencyPayload> {
    return emergencies.review(caller, input, context);
  }
}
