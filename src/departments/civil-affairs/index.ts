import { CharityAid, charityAid } from './charity-aid.ts';
import { DisasterRelief, disasterRelief } from './disaster-relief.ts';
import { enrolments } from './enrolment/kind.ts';
import { EnrolmentLine } from './enrolment/line.ts';
import { LegacyCertificate, legacyCertificates } from './legacy-certificate.ts';
import { AfterDeath, HouseholdCivilAffairs, PersonCivilAffairs } from './person-civil-affairs.ts';
import { persons } from './person.ts';
import { RelatedStatus, relatedStatuses } from './related-status.ts';
import { CivilAffairsRule } from './rules.ts';
import { ShelterStay, shelterStays } from './shelter-stay.ts';
import { TemporaryAidCase, temporaryAidCases } from './temporary-aid-case.ts';

/** 民政 · Civil affairs: persons, lists of the enrolled, statuses beside them, cases, relief, shelters, charity. */
export const civilAffairs = {
  entities: [
    CivilAffairsRule,
    EnrolmentLine,
    LegacyCertificate,
    RelatedStatus,
    TemporaryAidCase,
    DisasterRelief,
    ShelterStay,
    CharityAid,
  ],
  resolvers: [PersonCivilAffairs, HouseholdCivilAffairs, AfterDeath],
  records: [
    persons,
    enrolments,
    legacyCertificates,
    relatedStatuses,
    temporaryAidCases,
    disasterRelief,
    shelterStays,
    charityAid,
  ],
} as const;
