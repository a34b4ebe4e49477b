import { Args, FieldResolver, Query, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Person } from '../../registry/index.ts';
import { CommunityService } from './community-service.ts';
import { EmploymentRecord, JOB_STATUS, REFUSALS } from './employment-record.ts';
import { PublicPost } from './public-post.ts';
import { isActionDue } from './refusal-rule.ts';
import { TrainingRecord } from './training-record.ts';
import { WorkRefusal } from './work-refusal.ts';

/** What the labour department knows of a person. */
@Resolver(() => Person)
export class PersonLabour {
  @FieldResolver(() => [EmploymentRecord], {
    nullable: true,
    description: '就业登记 · Registrations with the employment service, latest first',
  })
  @Rule(JOB_STATUS)
  @Plan<ListArgs>((args) => ({
    of: EmploymentRecord,
    on: { personId: 'id' },
    order: ['-registeredOn'],
    first: args.first,
  }))
  employmentRecords(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [TrainingRecord], { nullable: true, description: '职业培训 · Courses, latest first' })
  @Rule(JOB_STATUS)
  @Plan<ListArgs>((args) => ({ of: TrainingRecord, on: { personId: 'id' }, order: ['-fromOn'], first: args.first }))
  trainings(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [PublicPost], {
    nullable: true,
    description: '公益性岗位 · Public-interest posts, latest first',
  })
  @Rule(JOB_STATUS)
  @Plan<ListArgs>((args) => ({ of: PublicPost, on: { personId: 'id' }, order: ['-validFrom'], first: args.first }))
  publicPosts(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [WorkRefusal], { nullable: true, description: '拒绝就业记录 · Refusals of work, latest first' })
  @Rule(REFUSALS)
  @Plan<ListArgs>((args) => ({ of: WorkRefusal, on: { personId: 'id' }, order: ['-refusedOn'], first: args.first }))
  workRefusals(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [CommunityService], {
    nullable: true,
    description: '公益性社区服务劳动 · Days of community service, latest first',
  })
  @Rule(JOB_STATUS)
  @Plan<ListArgs>((args) => ({ of: CommunityService, on: { personId: 'id' }, order: ['-servedOn'], first: args.first }))
  communityService(@Args() _args: ListArgs): never {
    return compiled();
  }

  @Query(() => [WorkRefusal], {
    description:
      '达到减发次数的拒绝就业记录 · Refusals with which the number was reached from which on civil affairs may cut the ' +
      'person’s own share, latest first: what civil affairs is notified of (社会救助暂行办法 art. 45)',
  })
  @Plan<ListArgs>((args) => ({
    of: WorkRefusal,
    where: { uses: ['ownShareAtRisk'], predicate: isActionDue },
    order: ['-refusedOn'],
    first: args.first,
  }))
  refusalsToActOn(@Args() _args: ListArgs): never {
    return compiled();
  }
}
