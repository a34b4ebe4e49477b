import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../../access/index.ts';
import { Code, ListArgs, PageArgs, Plan, Rule, compiled, raw, sql } from '../../graph/index.ts';
import { AccessRequest, AccessRequestConnection, REQUESTS, hasOverdueAnswer } from './access-request.ts';
import { AccessRequestAnswer } from './access-request-answer.ts';
import { AccessRequestGroup } from './access-request-group.ts';
import type { AccessRequests } from './access-requests.ts';
import { AccessRequestReceipt, AnswerAccessRequestInput, RequestAccessInput } from './access-requests.types.ts';
import { AccessRequestList } from './lists.ts';
import { isOverdue } from './terms.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface AccessRequestsContext extends HubContext, ActContext {
  readonly accessRequests: AccessRequests;
}

@ArgsType()
class AccessRequestsArgs extends PageArgs {
  @Field(() => AccessRequestList, { nullable: true, description: '哪些申请 · Which requests; all by default' })
  list?: AccessRequestList;
}

@ArgsType()
class AccessRequestArgs {
  @Field(() => ID, { nullable: true, description: '申请主键 · Identifier' })
  id?: string;

  @Field(() => String, { nullable: true, description: '申请编号 · Number, e.g. RQ-2026-000001' })
  number?: string;
}

const answersOf = 'select from access_request_answer asked where asked.request_id =';

/** Requests as the departments concerned read them. */
@Resolver(() => AccessRequest)
export class AccessRequestQueries {
  @Query(() => AccessRequestConnection, {
    description:
      '共享申请列表 · Requests that the own department made or answers, oldest first; civil affairs sees all',
  })
  @Plan<AccessRequestsArgs>(({ list, ...page }, at) => ({
    of: AccessRequest,
    ...(list === undefined
      ? {}
      : {
          where: {
            uses: ['state', 'department'],
            predicate: (request) => sql`case ${list}
              when 'OURS' then ${request.column('department')} = ${at.caller('department')}
              when 'OPEN' then ${request.column('state')} = 'OPEN'
              when 'AWAITING_US' then exists (${raw(answersOf)} ${request.column('id')}
                and asked.owner = ${at.caller('department')} and asked.verdict = 'PENDING')
              when 'OVERDUE' then ${hasOverdueAnswer(request)} else false end`,
          },
        }),
    ...page,
  }))
  accessRequests(@Args() _args: AccessRequestsArgs): never {
    return compiled();
  }

  @Query(() => AccessRequest, {
    nullable: true,
    description: '共享申请 · One request, by its number or identifier; null when there is none in scope',
  })
  @Plan<AccessRequestArgs>(({ id, number }) => ({
    of: AccessRequest,
    equals: { id, number },
    // Asked for nothing, it is nothing: the first request of all is no answer.
    ...(id === undefined && number === undefined ? { where: { uses: [], predicate: () => raw('false') } } : {}),
  }))
  accessRequest(@Args() _args: AccessRequestArgs): never {
    return compiled();
  }

  @Query(() => [AccessRequestAnswer], {
    description:
      '逾期答复 · Answers that are awaited and late, the oldest first; civil affairs sees those of all departments',
  })
  @Plan<ListArgs>(({ first }) => ({
    of: AccessRequestAnswer,
    where: { uses: ['state'], predicate: (answer) => isOverdue(answer) },
    order: ['receivedOn'],
    first,
  }))
  overdueAnswers(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [AccessRequestGroup], { nullable: true, description: '信息项 · Groups of fields, by name' })
  @Rule(REQUESTS)
  @Plan<ListArgs>(({ first }) => ({ of: AccessRequestGroup, on: { requestId: 'id' }, order: ['name'], first }))
  groups(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [AccessRequestAnswer], { nullable: true, description: '答复 · The owners’ answers, by owner' })
  @Rule(REQUESTS)
  @Plan<ListArgs>(({ first }) => ({ of: AccessRequestAnswer, on: { requestId: 'id' }, order: ['owner'], first }))
  answers(@Args() _args: ListArgs): never {
    return compiled();
  }
}

/** The acts of stewards on requests. */
@Resolver()
export class AccessRequestActs {
  @Mutation(() => AccessRequestReceipt, {
    description:
      '提出共享申请 · Asks the owners of groups of fields for access, for a role of the own department. Idempotent on the ' +
      'key. Each owner answers within 1 working day what it shares unconditionally, within 10 what it shares on conditions',
  })
  @Code({ open: false })
  requestAccess(
    @Arg('input', () => RequestAccessInput, { description: '申请内容 · The request' }) input: RequestAccessInput,
    @Ctx() { accessRequests, caller, ...context }: AccessRequestsContext,
  ): Promise<AccessRequestReceipt> {
    return accessRequests.ask(caller, input, context);
  }

  @Mutation(() => AccessRequestReceipt, {
    description:
      '答复共享申请 · Answers for the own department: grants as much as was asked or less, or refuses with reason and legal ' +
      'basis. With the last answer, what was granted becomes the draft of a change, which another steward publishes',
  })
  @Code({ open: false })
  answerAccessRequest(
    @Arg('input', () => AnswerAccessRequestInput, { description: '答复内容 · The answer' })
    input: AnswerAccessRequestInput,
    @Ctx() { accessRequests, caller, ...context }: AccessRequestsContext,
  ): Promise<AccessRequestReceipt> {
    return accessRequests.answer(caller, input, context);
  }

  @Mutation(() => AccessRequestReceipt, {
    description: '延长答复期限 · Extends the term of the own department by 10 working days, once, while it lasts',
  })
  @Code({ open: false })
  extendAnswer(
    @Arg('request', () => String, { description: '申请编号 · Number of the request' }) request: string,
    @Arg('reason', () => String, { description: '理由 · Why; the department that asks is told' }) reason: string,
    @Ctx() { accessRequests, caller, ...context }: AccessRequestsContext,
  ): Promise<AccessRequestReceipt> {
    return accessRequests.extend(caller, { request, reason }, context);
  }

  @Mutation(() => AccessRequestReceipt, {
    description: '撤回共享申请 · Withdraws a request of the own department that is not closed',
  })
  @Code({ open: false })
  withdrawAccessRequest(
    @Arg('request', () => String, { description: '申请编号 · Number of the request' }) request: string,
    @Ctx() { accessRequests, caller, ...context }: AccessRequestsContext,
  ): Promise<AccessRequestReceipt> {
    return accessRequests.withdraw(caller, { request }, context);
  }
}
