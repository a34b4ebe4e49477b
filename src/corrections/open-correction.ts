import { Args, Field, FieldResolver, ObjectType, Resolver } from 'type-graphql';
import { DateTimeScalar, ListArgs, Over, Plan, Rule, compiled, sql } from '../graph/index.ts';
import type { PlanAt, Planned, RowsPlan } from '../graph/index.ts';
import { Household, Person } from '../registry/index.ts';
import { Correction } from './correction.ts';
import { CorrectionState } from './lists.ts';
import { seesField } from './sees-group.ts';

const DISPUTE = { group: 'dispute', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

/** That a value is disputed, for whoever may read the value: neither by whom nor what they believe. */
@ObjectType()
abstract class Disputed {
  @Field(() => String, { nullable: true, description: '字段 · Schema coordinate of the disputed value' })
  @Rule(DISPUTE)
  coordinate!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: '提出时间 · Since when' })
  @Rule(DISPUTE)
  openedAt!: Date;

  @Field(() => CorrectionState, { nullable: true, description: '状态 · Where it stands' })
  @Rule(DISPUTE)
  state!: CorrectionState;
}

/** Of a person. */
@ObjectType({ description: '校核标识 · That a value of the person is disputed and not answered yet' })
@Over(() => Correction, { person: 'personId', via: 'person' })
export class OpenCorrection extends Disputed {}

/** Of a household: rows of its own scope, which is the household's. */
@ObjectType({ description: '校核标识 · That a value of the household is disputed and not answered yet' })
@Over(() => Correction, { household: 'householdId', via: 'household' })
export class OpenHouseholdCorrection extends Disputed {}

const openOnes = ({ first }: Planned<ListArgs>, at: PlanAt): Omit<RowsPlan, 'of' | 'on'> => ({
  where: {
    uses: ['state'],
    predicate: (row) => sql`${row.column('state')} = 'OPEN' and ${seesField(row, at)}`,
  },
  order: ['openedAt'],
  first,
});

/** What stands on a person. */
@Resolver(() => Person)
export class PersonCorrections {
  @FieldResolver(() => [OpenCorrection], {
    nullable: true,
    description:
      '在校核的字段 · Disputed values of the person that are not answered yet, of fields that are open to you',
  })
  @Rule(DISPUTE)
  @Plan<ListArgs>((args, at) => ({
    of: OpenCorrection,
    on: { personId: 'id' },
    ...openOnes(args, at),
  }))
  openCorrections(@Args() _args: ListArgs): never {
    return compiled();
  }
}

/** What stands on a household. */
@Resolver(() => Household)
export class HouseholdCorrections {
  @FieldResolver(() => [OpenHouseholdCorrection], {
    nullable: true,
    description:
      '在校核的字段 · Disputed values of the household that are not answered yet, of fields that are open to you',
  })
  @Rule(DISPUTE)
  @Plan<ListArgs>((args, at) => ({
    of: OpenHouseholdCorrection,
    on: { householdId: 'id' },
    ...openOnes(args, at),
  }))
  openCorrections(@Args() _args: ListArgs): never {
    return compiled();
  }
}
