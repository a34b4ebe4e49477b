import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { Answered, MonthScalar, Rule } from '../../graph/index.ts';
import { Live, LiveAnswer, askDepartment, liveCode, liveMonth, liveQuestion } from '../../live/index.ts';
import type { AskedPerson, LiveContext } from '../../live/index.ts';
import { Person } from '../../registry/index.ts';
import { InsuredType } from './insured-record.ts';

const RULE = { group: 'live-insurance', owner: 'MEDICAL_SECURITY', sensitivity: 'PERSONAL' } as const;

/** What medical security's own system says of a person at this moment. */
@ObjectType({ description: '实时参保状态 · What medical security’s own system says at this moment' })
@Answered()
export class LiveInsurance extends LiveAnswer {
  @Field(() => Boolean, { nullable: true, description: '是否参保 · Whether the person is insured' })
  @Rule(RULE)
  known!: boolean | null;

  @Field(() => InsuredType, { nullable: true, description: '参保类型 · Insurance scheme' })
  @Rule(RULE)
  insuredType!: InsuredType | null;

  @Field(() => MonthScalar, { nullable: true, description: '缴费至 · Last month that is paid for' })
  @Rule(RULE)
  paidThrough!: string | null;
}

const INSURANCE = liveQuestion<Pick<LiveInsurance, 'insuredType' | 'paidThrough'>>({
  name: 'insurance',
  department: 'MEDICAL_SECURITY',
  members: { insuredType: liveCode(InsuredType), paidThrough: liveMonth },
});

/** Asked of the department when the field is asked for: it learns whose application somebody handles. */
@Resolver(() => Person)
export class PersonLiveInsurance {
  @FieldResolver(() => LiveInsurance, {
    nullable: true,
    description:
      '实时参保状态（当场向医保部门查询） · Insurance as medical security answers now; it is told the person’s number. ' +
      'No answer is freshness UNAVAILABLE, never “not insured”',
  })
  @Rule(RULE)
  @Live(INSURANCE)
  liveInsurance(@Root() person: AskedPerson, @Ctx() context: LiveContext): Promise<LiveInsurance> {
    return askDepartment(INSURANCE, person, context);
  }
}
