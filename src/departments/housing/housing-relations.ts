import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Household, Person } from '../../registry/index.ts';
import { DilapidatedHouse } from './dilapidated-house.ts';
import { HousingRecord } from './housing-record.ts';
import { PublicRental } from './public-rental.ts';
import { RentSubsidy } from './rent-subsidy.ts';

const HOUSING = { group: 'housing', owner: 'HOUSING', sensitivity: 'PERSONAL' } as const;

/** What housing knows of a person. */
@Resolver(() => Person)
export class PersonHousing {
  @FieldResolver(() => [HousingRecord], { nullable: true, description: '住房记录 · How the person is housed' })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({ of: HousingRecord, on: { personId: 'id' }, first: args.first }))
  housingRecords(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [PublicRental], {
    nullable: true,
    description: '公租房配租 · Flats of public rental housing let to the person, latest first',
  })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({ of: PublicRental, on: { personId: 'id' }, order: ['-validFrom'], first: args.first }))
  publicRentals(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [RentSubsidy], {
    nullable: true,
    description: '住房租赁补贴 · Rent subsidies of the person, latest first',
  })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({ of: RentSubsidy, on: { personId: 'id' }, order: ['-monthFrom'], first: args.first }))
  rentSubsidies(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [DilapidatedHouse], {
    nullable: true,
    description: '农村危房 · Houses in danger of the person, latest survey first',
  })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({
    of: DilapidatedHouse,
    on: { personId: 'id' },
    order: ['-surveyedOn'],
    first: args.first,
  }))
  dilapidatedHouses(@Args() _args: ListArgs): never {
    return compiled();
  }
}

/** What housing knows of a household. */
@Resolver(() => Household)
export class HouseholdHousing {
  @FieldResolver(() => [HousingRecord], { nullable: true, description: '住房记录 · How the household is housed' })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({ of: HousingRecord, on: { householdId: 'id' }, first: args.first }))
  housingRecords(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [PublicRental], {
    nullable: true,
    description: '公租房配租 · Flats of public rental housing let to the household, latest first',
  })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({ of: PublicRental, on: { householdId: 'id' }, order: ['-validFrom'], first: args.first }))
  publicRentals(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [RentSubsidy], {
    nullable: true,
    description: '住房租赁补贴 · Rent subsidies of the household, latest first',
  })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({ of: RentSubsidy, on: { householdId: 'id' }, order: ['-monthFrom'], first: args.first }))
  rentSubsidies(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [DilapidatedHouse], {
    nullable: true,
    description: '农村危房 · Houses in danger of the household, latest survey first',
  })
  @Rule(HOUSING)
  @Plan<ListArgs>((args) => ({
    of: DilapidatedHouse,
    on: { householdId: 'id' },
    order: ['-surveyedOn'],
    first: args.first,
  }))
  dilapidatedHouses(@Args() _args: ListArgs): never {
    return compiled();
  }
}
