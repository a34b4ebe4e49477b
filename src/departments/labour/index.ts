import { CommunityService } from './community-service.ts';
import { EmploymentRecord } from './employment-record.ts';
import { HouseholdLabour } from './household-labour.ts';
import { PersonLabour, RefusalsToActOn } from './person-labour.ts';
import { PersonLiveEmployment } from './person-live-employment.ts';
import { PublicPost } from './public-post.ts';
import { COMMUNITY_SERVICE, EMPLOYMENT, PUBLIC_POST, TRAINING, WORK_REFUSAL } from './records.ts';
import { TrainingRecord } from './training-record.ts';
import { WorkRefusal } from './work-refusal.ts';

/** 人力资源社会保障 · Labour: registration, training, public-interest posts, refusals of work, households without work. */
export const labour = {
  entities: [EmploymentRecord, TrainingRecord, PublicPost, WorkRefusal, CommunityService],
  resolvers: [PersonLabour, RefusalsToActOn, HouseholdLabour, PersonLiveEmployment],
  records: [EMPLOYMENT, TRAINING, PUBLIC_POST, WORK_REFUSAL, COMMUNITY_SERVICE],
} as const;
