import { Args, FieldResolver, Query, Resolver } from 'type-graphql';
import { compiled, derive, ListArgs, Plan, Rule, sql } from '../graph/index.ts';
import type { Slot } from '../graph/index.ts';
import { HistoryArgs, IdArgs, OnDateArgs } from './dated-args.ts';
import { Membership } from './membership.ts';
import { DepartmentRecord } from './node.ts';
import { Person } from './person.ts';
import { Recipient } from './recipient.ts';

const OWNER = 'CIVIL_AFFAIRS';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id that a caller sent, as a UUID; null, which equals nobody, for what is none. */
const personSlot = (given: Slot<string>): Slot<string | null> =>
  derive(given, 'person', 'uuid', (text) => (UUID.test(text) ? text.toLowerCase() : null));

/** Persons, and what the registry itself knows of them. */
@Resolver(() => Person)
export class PersonResolver {
  @Query(() => Person, {
    nullable: true,
    description:
      '按主键查人员 · A person, also under the id of an entry that was merged into it; null when there is none in scope',
  })
  @Plan<IdArgs>(({ id }) => {
    const asked = personSlot(id);
    return {
      of: Person,
      where: {
        uses: [{ property: 'id', coordinate: id.coordinate ?? 'Person.id' }],
        // Who was absorbed by a merge is found as the one who stands (src/matching).
        predicate: (person) =>
          sql`${person.column('id')} = coalesce((select a.person_id from person_alias a where a.alias_id = ${asked}), ${asked})`,
      },
    };
  })
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
