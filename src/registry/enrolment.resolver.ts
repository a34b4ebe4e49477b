import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../graph/index.ts';
import { HistoryArgs } from './dated-args.ts';
import { EnrolmentEvent } from './enrolment-event.ts';
import { Enrolment } from './enrolment.ts';
import { Recipient } from './recipient.ts';

const STATUS = { group: 'status', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

/** What happened to an enrolment, and who benefits from it. */
@Resolver(() => Enrolment)
export class EnrolmentResolver {
  @FieldResolver(() => [EnrolmentEvent], { nullable: true, description: '待遇变动 · Events, oldest first' })
  @Rule(STATUS)
  @Plan<ListArgs>((args) => ({
    of: EnrolmentEvent,
    on: { enrolmentId: 'id' },
    order: ['effectiveOn'],
    first: args.first,
  }))
  events(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Recipient], {
    nullable: true,
    description: '救助对象 · Persons who benefit or benefited from the enrolment',
  })
  @Rule(STATUS)
  @Plan<HistoryArgs>((args) => ({
    of: Recipient,
    on: { enrolmentId: 'id' },
    validOn: args.validOn,
    order: ['validFrom'],
    first: args.first,
  }))
  recipients(@Args() _args: HistoryArgs): never {
    return compiled();
  }
}
