import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Person } from '../../registry/index.ts';
import { MedicalSettlement } from './medical-settlement.ts';

/** What health and medical security know of a person. */
@Resolver(() => Person)
export class PersonHealth {
  @FieldResolver(() => [MedicalSettlement], {
    nullable: true,
    description: '医疗费用结算 · Medical bills, latest admission first',
  })
  @Rule({ group: 'medical-amounts', owner: 'MEDICAL_SECURITY', sensitivity: 'SENSITIVE' })
  @Plan<ListArgs>((args) => ({
    of: MedicalSettlement,
    on: { personId: 'id' },
    order: ['-admittedOn'],
    first: args.first,
  }))
  medicalSettlements(@Args() _args: ListArgs): never {
    return compiled();
  }
}
