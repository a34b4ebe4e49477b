/** The questions of labour and of medical security once more, for a hub without the module that asks them. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root, registerEnumType } from 'type-graphql';
import { Answered, DateScalar, MonthScalar, Rule } from '../../src/graph/index.ts';
import { Live, LiveAnswer, askDepartment, liveCode, liveDate, liveMonth, liveQuestion } from '../../src/live/index.ts';
import type { AskedPerson, LiveContext } from '../../src/live/index.ts';
import { Person } from '../../src/registry/index.ts';

const Status = { EMPLOYED: 'EMPLOYED' } as const;
type Status = keyof typeof Status;
const Scheme = { RESIDENT: 'RESIDENT' } as const;
type Scheme = keyof typeof Scheme;
registerEnumType(Status, { name: 'StandInStatus' });
registerEnumType(Scheme, { name: 'StandInScheme' });

const WORK = { group: 'live-employment', owner: 'LABOUR', sensitivity: 'PERSONAL' } as const;
const COVER = { group: 'live-insurance', owner: 'MEDICAL_SECURITY', sensitivity: 'PERSONAL' } as const;

@ObjectType('LiveEmployment', { description: 'What labour says' })
@Answered()
class Employment extends LiveAnswer {
  @Field(() => Boolean, { nullable: true })
  @Rule(WORK)
  known!: boolean | null;

  @Field(() => Status, { nullable: true })
  @Rule(WORK)
  status!: Status | null;

  @Field(() => DateScalar, { nullable: true })
  @Rule(WORK)
  registeredOn!: string | null;
}

@ObjectType('LiveInsurance', { description: 'What medical security says' })
@Answered()
class Insurance extends LiveAnswer {
  @Field(() => Boolean, { nullable: true })
  @Rule(COVER)
  known!: boolean | null;

  @Field(() => Scheme, { nullable: true })
  @Rule(COVER)
  insuredType!: Scheme | null;

  @Field(() => MonthScalar, { nullable: true })
  @Rule(COVER)
  paidThrough!: string | null;
}

const EMPLOYMENT = liveQuestion<Pick<Employment, 'status' | 'registeredOn'>>({
  name: 'employment',
  department: 'LABOUR',
  members: { status: liveCode(Status), registeredOn: liveDate },
});
const INSURANCE = liveQuestion<Pick<Insurance, 'insuredType' | 'paidThrough'>>({
  name: 'insurance',
  department: 'MEDICAL_SECURITY',
  members: { insuredType: liveCode(Scheme), paidThrough: liveMonth },
});

@Resolver(() => Person)
class AsksLabour {
  @FieldResolver(() => Employment, { nullable: true })
  @Rule(WORK)
  @Live(EMPLOYMENT)
  liveEmployment(@Root() person: AskedPerson, @Ctx() context: LiveContext): Promise<Employment> {
    return askDepartment(EMPLOYMENT, person, context);
  }
}

@Resolver(() => Person)
class AsksMedicalSecurity {
  @FieldResolver(() => Insurance, { nullable: true })
  @Rule(COVER)
  @Live(INSURANCE)
  liveInsurance(@Root() person: AskedPerson, @Ctx() context: LiveContext): Promise<Insurance> {
    return askDepartment(INSURANCE, person, context);
  }
}

/** Each with the type that it stands in for. */
export const STAND_INS = [
  ['LiveEmployment', AsksLabour],
  ['LiveInsurance', AsksMedicalSecurity],
] as const;
