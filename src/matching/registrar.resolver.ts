import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Mutation, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../access/index.ts';
import { Code, ListArgs, PageArgs, Plan, Rule, compiled } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';
import { MatchCandidate } from './match-candidate.ts';
import { MatchReview, MatchReviewConnection, ReviewState } from './match-review.ts';
import type { RegistrarDesk } from './registrar-desk.ts';
import {
  DecideConflictInput,
  DecideConflictPayload,
  DecideMatchInput,
  DecideMatchPayload,
  MergePersonsInput,
  PersonActPayload,
  SplitPersonInput,
  UndoPersonActInput,
} from './registrar.types.ts';
import { ConflictKind, ConflictState, RegistryConflict, RegistryConflictConnection } from './registry-conflict.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface RegistrarDeskContext extends HubContext, ActContext {
  readonly registrarDesk: RegistrarDesk;
}

@ArgsType()
class MatchReviewsArgs extends PageArgs {
  @Field(() => ReviewState, { nullable: true, description: '状态 · Only reviews in this state' })
  state?: ReviewState;

  @Field(() => DepartmentCode, { nullable: true, description: '报送部门 · Only what this department delivered' })
  department?: DepartmentCode;
}

@ArgsType()
class RegistryConflictsArgs extends PageArgs {
  @Field(() => ConflictState, { nullable: true, description: '状态 · Only conflicts in this state' })
  state?: ConflictState;

  @Field(() => ConflictKind, { nullable: true, description: '类别 · Only conflicts of this kind' })
  kind?: ConflictKind;
}

/** As a choice, so that the id runs the same way and one index serves it. */
const oldestFirst = (type: string) => ({ property: 'openedAt', coordinate: `${type}.openedAt` });

/** The candidates of a review. */
@Resolver(() => MatchReview)
export class MatchReviewFields {
  @FieldResolver(() => [MatchCandidate], {
    nullable: true,
    description: '候选人员 · Who may be meant, likeliest first, with the evidence of when the review was opened',
  })
  @Rule({ group: 'match-review', owner: 'CIVIL_AFFAIRS', sensitivity: 'SENSITIVE' })
  @Plan<ListArgs>((args) => ({ of: MatchCandidate, on: { reviewId: 'id' }, order: ['place'], first: args.first }))
  candidates(@Args() _args: ListArgs): never {
    return compiled();
  }
}

/** Who is who: what rules could not settle is decided by the registrars of civil affairs. */
@Resolver()
export class RegistrarActs {
  @Query(() => MatchReviewConnection, {
    description: '身份复核 · Delivered subjects that rules could not settle, beside who may be meant, oldest first',
  })
  @Plan<MatchReviewsArgs>(({ state, department, ...page }) => ({
    of: MatchReview,
    equals: { state, department },
    order: [oldestFirst('MatchReview')],
    ...page,
  }))
  matchReviews(@Args(() => MatchReviewsArgs) _args: MatchReviewsArgs): never {
    return compiled();
  }

  @Query(() => RegistryConflictConnection, {
    description: '数据冲突 · What two sources say differently of one person, oldest first',
  })
  @Plan<RegistryConflictsArgs>(({ state, kind, ...page }) => ({
    of: RegistryConflict,
    equals: { state, kind },
    order: [oldestFirst('RegistryConflict')],
    ...page,
  }))
  registryConflicts(@Args(() => RegistryConflictsArgs) _args: RegistryConflictsArgs): never {
    return compiled();
  }

  @Mutation(() => DecideMatchPayload, {
    description:
      '办理身份复核 · Says who a delivered subject is. It is kept, stands before every rule for later deliveries of the source, ' +
      'and the rows that waited are applied at once',
  })
  @Code({ open: false })
  decideMatch(
    @Arg('input', () => DecideMatchInput, { description: '结论 · The answer' }) input: DecideMatchInput,
    @Ctx() { registrarDesk, caller, ...context }: RegistrarDeskContext,
  ): Promise<DecideMatchPayload> {
    return registrarDesk.decideMatch(caller, input, context);
  }

  @Mutation(() => DecideConflictPayload, {
    description:
      '裁定数据冲突 · Decides a conflict; a date of death is set, a membership that stood ends on the day decided',
  })
  @Code({ open: false })
  decideConflict(
    @Arg('input', () => DecideConflictInput, { description: '裁定 · The answer' }) input: DecideConflictInput,
    @Ctx() { registrarDesk, caller, ...context }: RegistrarDeskContext,
  ): Promise<DecideConflictPayload> {
    return registrarDesk.decideConflict(caller, input, context);
  }

  @Mutation(() => PersonActPayload, {
    description:
      '合并人员 · Two entries become one person: everything of the absorbed one is the kept one’s, whose answers are also found ' +
      'under the absorbed id. Refused where the two have what one person cannot have twice',
  })
  @Code({ open: false })
  mergePersons(
    @Arg('input', () => MergePersonsInput, { description: '合并内容 · Who is one' }) input: MergePersonsInput,
    @Ctx() { registrarDesk, caller, ...context }: RegistrarDeskContext,
  ): Promise<PersonActPayload> {
    return registrarDesk.mergePersons(caller, input, context);
  }

  @Mutation(() => PersonActPayload, { description: '撤销合并 · Takes a merge back: every row is where it was' })
  @Code({ open: false })
  undoMerge(
    @Arg('input', () => UndoPersonActInput, { description: '撤销内容 · Which one' }) input: UndoPersonActInput,
    @Ctx() { registrarDesk, caller, ...context }: RegistrarDeskContext,
  ): Promise<PersonActPayload> {
    return registrarDesk.undoMerge(caller, input, context);
  }

  @Mutation(() => PersonActPayload, {
    description: '拆分人员 · One entry becomes two persons: the identifiers and rows named are somebody new’s',
  })
  @Code({ open: false })
  splitPerson(
    @Arg('input', () => SplitPersonInput, { description: '拆分内容 · What is the other person’s' })
    input: SplitPersonInput,
    @Ctx() { registrarDesk, caller, ...context }: RegistrarDeskContext,
  ): Promise<PersonActPayload> {
    return registrarDesk.splitPerson(caller, input, context);
  }

  @Mutation(() => PersonActPayload, { description: '撤销拆分 · Takes a split back: every row is where it was' })
  @Code({ open: false })
  undoSplit(
    @Arg('input', () => UndoPersonActInput, { description: '撤销内容 · Which one' }) input: UndoPersonActInput,
    @Ctx() { registrarDesk, caller, ...context }: RegistrarDeskContext,
  ): Promise<PersonActPayload> {
    return registrarDesk.undoSplit(caller, input, context);
  }
}
