import { HouseholdAid, PersonAid, ReportAid } from '../aid/index.ts';
import { PersonEducation } from '../departments/education/index.ts';
import { PersonHealth } from '../departments/health/index.ts';
import { PersonHousing } from '../departments/housing/index.ts';
import { PersonLabour } from '../departments/labour/index.ts';
import { EnrolmentResolver, HouseholdResolver, PersonResolver, RegionResolver } from '../registry/index.ts';
import { FeedQueries, RecipientsResolver, StatusCheckFields, StatusCheckQueries } from '../sharing/index.ts';

/** What the schema is built from: a new department is one line here. */
export const resolvers = [
  RegionResolver,
  PersonResolver,
  HouseholdResolver,
  EnrolmentResolver,
  PersonEducation,
  PersonHealth,
  PersonHousing,
  PersonLabour,
  PersonAid,
  HouseholdAid,
  ReportAid,
  RecipientsResolver,
  StatusCheckQueries,
  StatusCheckFields,
  FeedQueries,
] as const;
