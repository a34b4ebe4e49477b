import { HouseholdAid, PersonAid, ReportAid } from '../aid/index.ts';
import { AidStatistics, RecipientStatistics } from '../insight/index.ts';
import { EnrolmentResolver, HouseholdResolver, PersonResolver, RegionResolver } from '../registry/index.ts';
import { FeedQueries, RecipientsResolver, StatusCheckFields, StatusCheckQueries } from '../sharing/index.ts';
import { departments } from './departments.ts';

/** What the schema is built from. */
export const resolvers = [
  RegionResolver,
  PersonResolver,
  HouseholdResolver,
  EnrolmentResolver,
  ...departments.flatMap(({ resolvers: fields }) => fields),
  PersonAid,
  HouseholdAid,
  ReportAid,
  RecipientsResolver,
  StatusCheckQueries,
  StatusCheckFields,
  FeedQueries,
  RecipientStatistics,
  AidStatistics,
] as const;
