import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { Answered, DateScalar, Rule } from '../../graph/index.ts';
import { Live, LiveAnswer, askDepartment, liveCode, liveDate, liveQuestion } from '../../live/index.ts';
import type { AskedPerson, LiveContext } from '../../live/index.ts';
import { Person } from '../../registry/index.ts';
import { EmploymentStatus } from './employment-record.ts';

const RULE = { group: 'live-employment', owner: 'LABOUR', sensitivity: 'PERSONAL' } as const;

/** What the labour department's own system says of a person at this moment. */
@ObjectType({ description: '实时就业状态 · What the labour department’s own system says at this moment' })
@Answered()
export class LiveEmployment extends LiveAnswer {
  @Field(() => Boolean, { nullable: true, description: '是否有登记 · Whether the department knows the person' })
  @Rule(RULE)
  known!: boolean | null;

  @Field(() => EmploymentStatus, { nullable: true, description: '就业状态 · State' })
  @Rule(RULE)
  status!: EmploymentStatus | null;

  @Field(() => DateScalar, { nullable: true, description: '登记日期 · Registered on' })
  @Rule(RULE)
  registeredOn!: string | null;
}

const EMPLOYMENT = liveQuestion<Pick<LiveEmployment, 'status' | 'registeredOn'>>({
  name: 'employment',
  department: 'LABOUR',
  members: { status: liveCode(EmploymentStatus), registeredOn: liveDate },
});

/** Asked of the department when the field is asked for: it learns whose application somebody handles. */
@Resolver(() => Person)
export class PersonLiveEmployment {
  @FieldResolver(() => LiveEmployment, {
    nullable: true,
    description:
      '实时就业状态（当场向人社部门查询） · Employment as the labour department answers now; it is told the person’s number. ' +
      'No answer is freshness UNAVAILABLE, never “not employed”',
  })
  @Rule(RULE)
  @Live(EMPLOYMENT)
  liveEmployment(@Root() person: AskedPerson, @Ctx() context: LiveContext): Promise<LiveEmployment> {
    return askDepartment(EMPLOYMENT, person, context);
  }
}
