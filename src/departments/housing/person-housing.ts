import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Person } from '../../registry/index.ts';
import { HousingRecord } from './housing-record.ts';

/** What housing knows of a person. */
@Resolver(() => Person)
export class PersonHousing {
  @FieldResolver(() => [HousingRecord], { nullable: true, description: '住房记录 · How the person is housed' })
  @Rule({ group: 'housing', owner: 'HOUSING', sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: HousingRecord, on: { personId: 'id' }, first: args.first }))
  housingRecords(@Args() _args: ListArgs): never {
    return compiled();
  }
}
