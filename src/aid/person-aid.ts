import { Args, ArgsType, Field, FieldResolver, Resolver } from 'type-graphql';
import { compiled, PageArgs, Plan, Rule, sql } from '../graph/index.ts';
import type { Planned, RowsPlan } from '../graph/index.ts';
import { Household, Person } from '../registry/index.ts';
import { AidGrant, AidGrantConnection } from './aid-grant.ts';

const AID = { group: 'aid', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

@ArgsType()
class AidGrantsArgs extends PageArgs {
  @Field(() => Boolean, {
    description: '是否包括已被更正的版本 · Whether versions that a later one corrected are listed too',
  })
  withSuperseded: boolean = false;
}

/** Newest first. Corrected versions only on request, so that nobody adds a grant up twice. */
const newestFirst = (on: RowsPlan['on'], { withSuperseded, ...page }: Planned<AidGrantsArgs>): RowsPlan => ({
  of: AidGrant,
  ...(on === undefined ? {} : { on }),
  where: {
    uses: ['state'],
    predicate: (grant) => sql`(${grant.column('state')} <> 'SUPERSEDED' or ${withSuperseded})`,
  },
  order: ['-decidedOn'],
  ...page,
});

/** The aid that a person has been granted (一人一条救助链), by all departments. */
@Resolver(() => Person)
export class PersonAid {
  @FieldResolver(() => AidGrantConnection, {
    nullable: true,
    description: '已获救助 · Aid granted to the person by all departments, newest first',
  })
  @Rule(AID)
  @Plan<AidGrantsArgs>((args) => newestFirst({ personId: 'id' }, args))
  aidGrants(@Args() _args: AidGrantsArgs): never {
    return compiled();
  }
}

/** The aid that a household has been granted (一户一条救助链), by all departments. */
@Resolver(() => Household)
export class HouseholdAid {
  @FieldResolver(() => AidGrantConnection, {
    nullable: true,
    description: '已获救助 · Aid granted to the household by all departments, newest first',
  })
  @Rule(AID)
  @Plan<AidGrantsArgs>((args) => newestFirst({ householdId: 'id' }, args))
  aidGrants(@Args() _args: AidGrantsArgs): never {
    return compiled();
  }
}
