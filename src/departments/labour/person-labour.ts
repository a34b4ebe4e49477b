import { Args, Query, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan } from '../../graph/index.ts';
import { Person, recordLists } from '../../registry/index.ts';
import { CommunityService } from './community-service.ts';
import { EmploymentRecord, JOB_STATUS, REFUSALS } from './employment-record.ts';
import { PublicPost } from './public-post.ts';
import { isActionDue } from './refusal-rule.ts';
import { TrainingRecord } from './training-record.ts';
import { WorkRefusal } from './work-refusal.ts';

/** What the labour department knows of a person. */
export const PersonLabour = recordLists(Person, 'personId', {
  employmentRecords: {
    of: EmploymentRecord,
    description: '就业登记 · Registrations with the employment service, latest first',
    rule: JOB_STATUS,
    order: '-registeredOn',
  },
  trainings: {
    of: TrainingRecord,
    description: '职业培训 · Courses, latest first',
    rule: JOB_STATUS,
    order: '-fromOn',
  },
  publicPosts: {
    of: PublicPost,
    description: '公益性岗位 · Public-interest posts, latest first',
    rule: JOB_STATUS,
    order: '-validFrom',
  },
  workRefusals: {
    of: WorkRefusal,
    description: '拒绝就业记录 · Refusals of work, latest first',
    rule: REFUSALS,
    order: '-refusedOn',
  },
  communityService: {
    of: CommunityService,
    description: '公益性社区服务劳动 · Days of community service, latest first',
    rule: JOB_STATUS,
    order: '-servedOn',
  },
});

/** What civil affairs is notified of. */
@Resolver()
export class RefusalsToActOn {
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
