import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Person } from '../../registry/index.ts';
import { EmploymentRecord } from './employment-record.ts';

/** What the labour department knows of a person. */
@Resolver(() => Person)
export class PersonLabour {
  @FieldResolver(() => [EmploymentRecord], {
    nullable: true,
    description: '就业登记 · Registrations with the employment service, latest first',
  })
  @Rule({ group: 'employment', owner: 'LABOUR', sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({
    of: EmploymentRecord,
    on: { personId: 'id' },
    order: ['-registeredOn'],
    first: args.first,
  }))
  employmentRecords(@Args() _args: ListArgs): never {
    return compiled();
  }
}
