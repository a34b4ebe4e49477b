import { Args, FieldResolver, Query, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../graph/index.ts';
import { HistoryArgs, IdArgs, OnDateArgs } from './dated-args.ts';
import { Membership } from './membership.ts';
import { DepartmentRecord } from './node.ts';
import { Person } from './person.ts';
import { Recipient } from './recipient.ts';

const OWNER = 'CIVIL_AFFAIRS';

/** Persons, and what the registry itself knows of them. */
@Resolver(() => Person)
export class PersonResolver {
  @Query(() => Person, { nullable: true, description: '按主键查人员 · A person; null when there is none in scope' })
  @Plan<IdArgs>((args) => ({ of: Person, equals: { id: args.id } }))
  person(@Args() _args: IdArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Membership], {
    nullable: true,
    description: '所属家庭 · Households that the person is or was a member of, latest first',
  })
  @Rule({ group: 'household-members', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<HistoryArgs>((args) => ({
    of: Membership,
    on: { personId: 'id' },
    validOn: args.validOn,
    order: ['-validFrom'],
    first: args.first,
  }))
  memberships(@Args() _args: HistoryArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Recipient], {
    nullable: true,
    description: '享受的救助 · What the person benefits from on a day: the status that departments rely on',
  })
  @Rule({ group: 'status', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<OnDateArgs>((args, at) => ({
    of: Recipient,
    on: { personId: 'id' },
    validOn: args.onDate ?? at.today,
    order: ['validFrom'],
    first: args.first,
  }))
  recipientOf(@Args() _args: OnDateArgs): never {
    return compiled();
  }

  @FieldResolver(() => [DepartmentRecord], {
    nullable: true,
    description: '部门记录 · What the departments recorded about the person, as far as it is open to you, newest first',
  })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ on: { personId: 'id' }, order: ['-asOf'], first: args.first }))
  records(@Args() _args: ListArgs): never {
    return compiled();
  }
}
