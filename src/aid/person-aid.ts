import { Args, ArgsType, Field, FieldResolver, Resolver } from 'type-graphql';
import { compiled, PageArgs, Plan, propertyList, Rule, sql } from '../graph/index.ts';
import type { Planned, RowsPlan } from '../graph/index.ts';
import { Household, Person } from '../registry/index.ts';
import { AidGrant, AidGrantConnection } from './aid-grant.ts';

const AID = { group: 'aid', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

/** The orders of lists of grants, beside the newest decision first. */
export const AidGrantOrder = propertyList('AidGrantOrder', '救助给付排序 · How to order grants', {
  DECIDED_ON_ASC: ['decidedOn', '审批日期，早的在前 · The first decision first'],
  REPORTED_AT_ASC: ['reportedAt', '回传时刻，早的在前 · The first report first'],
  REPORTED_AT_DESC: ['-reportedAt', '回传时刻，晚的在前 · The newest report first'],
});
export type AidGrantOrder = (typeof AidGrantOrder)[keyof typeof AidGrantOrder];

@ArgsType()
class AidGrantsArgs extends PageArgs {
  @Field(() => Boolean, {
    description: '是否包括已被更正的版本 · Whether versions that a later one corrected are listed too',
  })
  withSuperseded: boolean = false;

  @Field(() => AidGrantOrder, {
    nullable: true,
    description: '排序 · Order; the newest decision first where it is left out',
  })
  orderBy?: AidGrantOrder;
}

/** Newest first unless asked otherwise. Corrected versions only on request, so that nobody adds a grant up twice. */
const newestFirst = (on: RowsPlan['on'], { withSuperseded, orderBy, ...page }: Planned<AidGrantsArgs>): RowsPlan => ({
  of: AidGrant,
  ...(on === undefined ? {} : { on }),
  where: {
    uses: ['state'],
    predicate: (grant) => sql`(${grant.column('state')} <> 'SUPERSEDED' or ${withSuperseded})`,
  },
  order: orderBy?.choices ?? ['-decidedOn'],
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
