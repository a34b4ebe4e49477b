/** Resolvers of the usual kind: one for each field that is not a column. */
import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Brackets } from 'typeorm';
import type { DataSource } from 'typeorm';
import { cursor, idIn } from '../../cursor.ts';
import { Enrolment, EnrolmentEvent, Household, Membership, Person, Recipient } from './entities.ts';
import type { Loaders } from './loaders.ts';
import { AidGrant, EmploymentRecord, HousingRecord, MedicalSettlement, StudentRecord } from './records.ts';

/** What every resolver is handed. */
export interface Context {
  readonly source: DataSource;
  readonly loaders: Loaders;
  readonly role: string;
  readonly regions: readonly string[];
  readonly caseNo: string;
  readonly today: string;
}

@InputType()
class RecipientFilter {
  @Field(() => String, { nullable: true })
  programme?: string;

  @Field(() => String, { nullable: true })
  region?: string;
}

@ObjectType()
class PageInfo {
  @Field()
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@ObjectType()
class RecipientConnection {
  @Field(() => [Recipient])
  nodes!: Recipient[];

  @Field()
  pageInfo!: PageInfo;
}

@ObjectType()
class AidGrantConnection {
  @Field(() => [AidGrant])
  nodes!: readonly AidGrant[];
}

@Resolver(() => Recipient)
export class RecipientFields {
  @Query(() => RecipientConnection)
  @Authorized('SYSTEM')
  async recipients(
    @Arg('filter', () => RecipientFilter, { nullable: true }) filter: RecipientFilter | null,
    @Arg('first', () => Int) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { source, regions, today }: Context,
  ): Promise<RecipientConnection> {
    const query = source
      .getRepository(Recipient)
      .createQueryBuilder('row')
      .where('row.provinceCode in (:...regions)', { regions: [...regions] })
      .andWhere('row.validFrom <= :today', { today })
      .andWhere(
        new Brackets((either) => either.where('row.validTo is null').orWhere('row.validTo >= :today', { today })),
      );
    if (filter?.programme !== undefined) query.andWhere('row.programme = :programme', { programme: filter.programme });
    if (filter?.region !== undefined) {
      const level = filter.region.endsWith('0'.repeat(10)) ? 'provinceCode' : 'prefectureCode';
      query.andWhere(`row.${level} = :region`, { region: filter.region });
    }
    if (after !== null) query.andWhere('row.id > :after', { after: idIn(after) });
    const rows = await query
      .orderBy('row.id')
      .limit(first + 1)
      .getMany();
    const nodes = rows.slice(0, first);
    const last = nodes.at(-1);
    return {
      nodes,
      pageInfo: { hasNextPage: rows.length > first, endCursor: last === undefined ? null : cursor(last.id) },
    };
  }

  @FieldResolver(() => Person, { nullable: true })
  @Authorized('SYSTEM')
  person(@Root() { personId }: Recipient, @Ctx() { loaders }: Context): Promise<Person | null> {
    return loaders.person.load(personId);
  }

  @FieldResolver(() => Household, { nullable: true })
  @Authorized('SYSTEM')
  household(@Root() { householdId }: Recipient, @Ctx() { loaders }: Context): Promise<Household | null> {
    return loaders.household.load(householdId);
  }

  @FieldResolver(() => Enrolment, { nullable: true })
  @Authorized('SYSTEM')
  enrolment(@Root() { enrolmentId }: Recipient, @Ctx() { loaders }: Context): Promise<Enrolment | null> {
    return loaders.enrolment.load(enrolmentId);
  }
}

@Resolver(() => Household)
export class HouseholdFields {
  @FieldResolver(() => [Membership], { nullable: true })
  @Authorized('SYSTEM')
  members(@Root() { id }: Household, @Ctx() { loaders }: Context): Promise<readonly Membership[]> {
    return loaders.members.load(id);
  }

  @FieldResolver(() => AidGrantConnection, { nullable: true })
  @Authorized('SYSTEM')
  async aidGrants(
    @Root() { id }: Household,
    @Arg('first', () => Int) first: number,
    @Ctx() { loaders }: Context,
  ): Promise<AidGrantConnection> {
    return { nodes: (await loaders.grantsOfHousehold.load(id)).slice(0, first) };
  }
}

@Resolver(() => Membership)
export class MembershipFields {
  @FieldResolver(() => Person, { nullable: true })
  @Authorized('SYSTEM')
  person(@Root() { personId }: Membership, @Ctx() { loaders }: Context): Promise<Person | null> {
    return loaders.person.load(personId);
  }
}

@Resolver(() => Enrolment)
export class EnrolmentFields {
  @FieldResolver(() => [EnrolmentEvent], { nullable: true })
  @Authorized('SYSTEM')
  events(@Root() { id }: Enrolment, @Ctx() { loaders }: Context): Promise<readonly EnrolmentEvent[]> {
    return loaders.events.load(id);
  }
}

@Resolver(() => Person)
export class PersonFields {
  @Query(() => Person, { nullable: true })
  @Authorized('SYSTEM')
  async person(@Arg('id', () => ID) id: string, @Ctx() { loaders, regions }: Context): Promise<Person | null> {
    const found = await loaders.person.load(id);
    return found !== null && regions.includes(found.provinceCode) ? found : null;
  }

  @FieldResolver(() => String, { nullable: true })
  @Authorized('SYSTEM')
  async idNumber(@Root() { id }: Person, @Ctx() { loaders }: Context): Promise<string | null> {
    const numbers = await loaders.numbers.load(id);
    return numbers.find(({ supersededById }) => supersededById === null)?.matchKey ?? null;
  }

  @FieldResolver(() => [Recipient], { nullable: true })
  @Authorized('SYSTEM')
  recipientOf(@Root() { id }: Person, @Ctx() { loaders }: Context): Promise<readonly Recipient[]> {
    return loaders.benefits.load(id);
  }

  @FieldResolver(() => [StudentRecord], { nullable: true })
  @Authorized('SYSTEM')
  studentRecords(@Root() { id }: Person, @Ctx() { loaders }: Context): Promise<readonly StudentRecord[]> {
    return loaders.studentRecords.load(id);
  }

  @FieldResolver(() => [MedicalSettlement], { nullable: true })
  @Authorized('SYSTEM')
  medicalSettlements(@Root() { id }: Person, @Ctx() { loaders }: Context): Promise<readonly MedicalSettlement[]> {
    return loaders.medicalSettlements.load(id);
  }

  @FieldResolver(() => [HousingRecord], { nullable: true })
  @Authorized('SYSTEM')
  housingRecords(@Root() { id }: Person, @Ctx() { loaders }: Context): Promise<readonly HousingRecord[]> {
    return loaders.housingRecords.load(id);
  }

  @FieldResolver(() => [EmploymentRecord], { nullable: true })
  @Authorized('SYSTEM')
  employmentRecords(@Root() { id }: Person, @Ctx() { loaders }: Context): Promise<readonly EmploymentRecord[]> {
    return loaders.employmentRecords.load(id);
  }

  @FieldResolver(() => AidGrantConnection, { nullable: true })
  @Authorized('SYSTEM')
  async aidGrants(
    @Root() { id }: Person,
    @Arg('first', () => Int) first: number,
    @Ctx() { loaders }: Context,
  ): Promise<AidGrantConnection> {
    return { nodes: (await loaders.grantsOfPerson.load(id)).slice(0, first) };
  }
}
