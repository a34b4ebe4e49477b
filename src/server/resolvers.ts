import { AccessQueries, RelianceQueries } from '../accountability/index.ts';
import { HouseholdAid, PersonAid, ReportAid } from '../aid/index.ts';
import { CorrectionOffice, HouseholdCorrections, PersonCorrections, RecallOffice } from '../corrections/index.ts';
import {
  AccessExplanations,
  AccessRequestActs,
  AccessRequestQueries,
  AgreementQueries,
  EmergencyAccesses,
  EmergencyDisclosed,
  Notices,
  PolicyChangeQueries,
  PolicyChanges,
  PolicyDryRuns,
  PolicyUsage,
  Revocations,
  SharingAgreementFields,
} from '../governance/index.ts';
import { DeliveryActs, DeliveryQueries } from '../intake/index.ts';
import { MatchReviewFields, RegistrarActs } from '../matching/index.ts';
import { AidStatistics, EnrolmentStatistics, RecipientStatistics } from '../insight/index.ts';
import {
  EnrolmentResolver,
  HouseholdResolver,
  NodeResolver,
  PersonResolver,
  RegionResolver,
} from '../registry/index.ts';
import {
  FeedDeclarations,
  FeedQueries,
  PersonAidByDepartment,
  RecipientsResolver,
  StatusCheckFields,
  StatusCheckQueries,
} from '../sharing/index.ts';
import { departments } from './department-modules.ts';

/** What the schema is built from. */
export const resolvers = [
  RegionResolver,
  PersonResolver,
  HouseholdResolver,
  EnrolmentResolver,
  NodeResolver,
  ...departments.flatMap(({ resolvers: fields }) => fields),
  PersonAid,
  HouseholdAid,
  ReportAid,
  DeliveryQueries,
  DeliveryActs,
  RegistrarActs,
  MatchReviewFields,
  RecipientsResolver,
  StatusCheckQueries,
  StatusCheckFields,
  FeedDeclarations,
  FeedQueries,
  PersonAidByDepartment,
  RecipientStatistics,
  EnrolmentStatistics,
  AidStatistics,
  AccessQueries,
  RelianceQueries,
  AccessRequestQueries,
  AccessRequestActs,
  Revocations,
  EmergencyAccesses,
  EmergencyDisclosed,
  Notices,
  AgreementQueries,
  SharingAgreementFields,
  PolicyChangeQueries,
  PolicyChanges,
  AccessExplanations,
  PolicyDryRuns,
  PolicyUsage,
  CorrectionOffice,
  PersonCorrections,
  HouseholdCorrections,
  RecallOffice,
] as const;
