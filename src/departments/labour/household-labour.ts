import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, Computed, ListArgs, Plan, raw, Rule, sql } from '../../graph/index.ts';
import { Household } from '../../registry/index.ts';
import { couldWork, householdWork, HouseholdWork } from './household-work.ts';
import { HOUSEHOLD_WORK, HouseholdWorker } from './household-worker.ts';

/** What the labour department knows of a household. */
@Resolver(() => Household)
export class HouseholdLabour {
  @FieldResolver(() => HouseholdWork, {
    nullable: true,
    description: '家庭就业状况 · Whether anybody in the household works today; ZERO_EMPLOYMENT is 零就业家庭',
  })
  @Rule(HOUSEHOLD_WORK)
  @Computed(householdWork)
  work(): never {
    return compiled();
  }

  @FieldResolver(() => [HouseholdWorker], {
    nullable: true,
    description: '法定劳动年龄内有劳动能力的成员及其就业状况 · Members who could work today: what `work` rests on',
  })
  @Rule(HOUSEHOLD_WORK)
  @Plan<ListArgs>((args, at) => ({
    of: HouseholdWorker,
    on: { householdId: 'id' },
    validOn: at.today,
    where: {
      uses: [],
      predicate: (row) =>
        sql`exists (select from person able where able.id = ${row.column('personId')} and ${couldWork(raw('able'), at)})`,
    },
    first: args.first,
  }))
  workers(@Args() _args: ListArgs): never {
    return compiled();
  }
}
