import { Args, FieldResolver, Query, Resolver } from 'type-graphql';
import { compiled, Plan, Rule } from '../graph/index.ts';
import { HistoryArgs, IdArgs, OnDateArgs } from './dated-args.ts';
import { Enrolment } from './enrolment.ts';
import { Household } from './household.ts';
import { Membership } from './membership.ts';

const OWNER = 'CIVIL_AFFAIRS';

/** Households, their members and their enrolments. */
@Resolver(() => Household)
export class HouseholdResolver {
  @Query(() => Household, {
    nullable: true,
    description: '按主键查家庭 · A household; null when there is none in scope',
  })
  @Plan<IdArgs>((args) => ({ of: Household, equals: { id: args.id } }))
  household(@Args() _args: IdArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Membership], { nullable: true, description: '家庭成员 · Members on a day' })
  @Rule({ group: 'household-members', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<OnDateArgs>((args, at) => ({
    of: Membership,
    on: { householdId: 'id' },
    validOn: args.onDate ?? at.today,
    order: ['validFrom'],
    first: args.first,
  }))
  members(@Args() _args: OnDateArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Enrolment], {
    nullable: true,
    description: '救助待遇 · Enrolments of the household, latest first, ended ones included',
  })
  @Rule({ group: 'status', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<HistoryArgs>((args) => ({
    of: Enrolment,
    on: { householdId: 'id' },
    validOn: args.validOn,
    order: ['-validFrom'],
    first: args.first,
  }))
  enrolments(@Args() _args: HistoryArgs): never {
    return compiled();
  }
}
