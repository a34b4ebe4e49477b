import { ledgerEntities } from '../access/ledger/index.ts';
import { AidGrant } from '../aid/index.ts';
import { StudentRecord } from '../departments/education/index.ts';
import { MedicalSettlement } from '../departments/health/index.ts';
import { HousingRecord } from '../departments/housing/index.ts';
import { EmploymentRecord } from '../departments/labour/index.ts';
import {
  Caseload,
  Enrolment,
  EnrolmentEvent,
  Feed,
  Household,
  Membership,
  Person,
  PersonIdentifier,
  Recipient,
  Region,
  RegionChange,
  RegionVersion,
} from '../registry/index.ts';

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
  StudentRecord,
  MedicalSettlement,
  HousingRecord,
  EmploymentRecord,
  AidGrant,
  ...ledgerEntities,
];
