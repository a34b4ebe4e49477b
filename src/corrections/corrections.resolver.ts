import { Arg, Args, ArgsType, Ctx, Field, Mutation, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../access/index.ts';
import { Code, PageArgs, Plan, compiled, sql } from '../graph/index.ts';
import { Correction, CorrectionConnection, isOverdue } from './correction.ts';
import type { Corrections } from './corrections.ts';
import { AnswerCorrectionInput, CorrectionReceipt, OpenCorrectionInput } from './corrections.types.ts';
import { CorrectionList } from './lists.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface CorrectionsContext extends HubContext, ActContext {
  readonly corrections: Corrections;
}

@ArgsType()
class CorrectionsArgs extends PageArgs {
  @Field(() => CorrectionList, { nullable: true, description: '校核列表 · Which corrections; all of yours by default' })
  list?: CorrectionList;

  @Field(() => String, { nullable: true, description: '校核编号 · Only the one with this number' })
  number?: string;
}

/** Disputed values, as the two departments concerned read and handle them. */
@Resolver()
export class CorrectionOffice {
  @Query(() => CorrectionConnection, {
    description: '校核 · Corrections that the own department opened or answers, oldest first',
  })
  @Plan<CorrectionsArgs>(({ list, number, ...page }, at) => ({
    of: Correction,
    equals: { number },
    ...(list === undefined
      ? {}
      : {
          where: {
            uses: ['state', 'department', 'owner'],
            predicate: (correction) => sql`case ${list}
              when 'OURS' then ${correction.column('department')} = ${at.caller('department')}
              when 'AWAITING_US' then ${correction.column('owner')} = ${at.caller('department')}
                and ${correction.column('state')} = 'OPEN'
              when 'OPEN' then ${correction.column('state')} = 'OPEN'
              when 'OVERDUE' then ${isOverdue(correction)} else false end`,
          },
        }),
    ...page,
  }))
  corrections(@Args() _args: CorrectionsArgs): never {
    return compiled();
  }

  @Mutation(() => CorrectionReceipt, {
    description:
      '提出校核 · Disputes a value that your department was told, as the ledger must show. The department that answers for it ' +
      'is told and has 10 working days (政务数据共享条例第26条). Idempotent on the key',
  })
  @Code({ open: false })
  openCorrection(
    @Arg('input', () => OpenCorrectionInput, { description: '校核申请 · What is disputed' }) input: OpenCorrectionInput,
    @Ctx() { corrections, caller, ...context }: CorrectionsContext,
  ): Promise<CorrectionReceipt> {
    return corrections.open(caller, input, context);
  }

  @Mutation(() => CorrectionReceipt, {
    description:
      '答复校核 · Answers for the department that answers for the value: it stands, or it was corrected; then everybody who was ' +
      'told it is told to look again. For registrars with the purpose DATA_QUALITY; once',
  })
  @Code({ open: false })
  answerCorrection(
    @Arg('input', () => AnswerCorrectionInput, { description: '答复内容 · The answer' }) input: AnswerCorrectionInput,
    @Ctx() { corrections, caller, ...context }: CorrectionsContext,
  ): Promise<CorrectionReceipt> {
    return corrections.answer(caller, input, context);
  }

  @Mutation(() => CorrectionReceipt, {
    description: '撤回校核 · Takes back a correction of your department that is not answered yet',
  })
  @Code({ open: false })
  withdrawCorrection(
    @Arg('number', () => String, { description: '校核编号 · Number of the correction' }) number: string,
    @Arg('reason', () => String, { description: '理由 · Why' }) reason: string,
    @Ctx() { corrections, caller, ...context }: CorrectionsContext,
  ): Promise<CorrectionReceipt> {
    return corrections.withdraw(caller, { number, reason }, context);
  }
}
