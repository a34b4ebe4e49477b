import { ledgerEntities } from '../access/ledger/index.ts';
import { PersonAccess } from '../accountability/index.ts';
import { AidGrant } from '../aid/index.ts';
import { Correction, Recall } from '../corrections/index.ts';
import {
  AccessRequest,
  AccessRequestAnswer,
  AccessRequestGroup,
  EmergencyAccess,
  Notice,
  Revocation,
} from '../governance/index.ts';
import { Delivery, DeliveryFinding } from '../intake/index.ts';
import { MatchCandidate, MatchReview, RegistryConflict } from '../matching/index.ts';
import {
  Caseload,
  Enrolment,
  EnrolmentEvent,
  Feed,
  Household,
  Membership,
  Person,
  PersonIdentifier,
  RecallOrder,
  Recipient,
  Region,
  RegionChange,
  RegionVersion,
} from '../registry/index.ts';
import { departments } from './department-modules.ts';

/** The class of every table that TypeORM describes; the policy's tables are their own module's alone. */
export const entities: readonly (new () => object)[] = [
  Region,
  RegionVersion,
  RegionChange,
  Person,
  PersonIdentifier,
  Household,
  Membership,
  Enrolment,
  EnrolmentEvent,
  Recipient,
  Caseload,
  Feed,
  ...departments.flatMap(({ entities: records }) => records),
  MatchReview,
  MatchCandidate,
  RegistryConflict,
  AidGrant,
  Delivery,
  DeliveryFinding,
  Notice,
  EmergencyAccess,
  AccessRequest,
  AccessRequestGroup,
  AccessRequestAnswer,
  Revocation,
  Correction,
  RecallOrder,
  Recall,
  ...ledgerEntities,
  PersonAccess,
];
