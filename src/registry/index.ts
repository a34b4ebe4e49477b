/** The shared spine: regions, persons, households, enrolments and who benefits from them. */
export { Caseload } from './caseload.ts';
export { Enrolment } from './enrolment.ts';
export { EnrolmentEvent } from './enrolment-event.ts';
export { EnrolmentResolver } from './enrolment.resolver.ts';
export { Feed } from './feed.ts';
export { Household } from './household.ts';
export { HouseholdResolver } from './household.resolver.ts';
export * from './identity/index.ts';
export * from './lists.ts';
export { Membership } from './membership.ts';
export { Person } from './person.ts';
export { PersonIdentifier } from './person-identifier.ts';
export { PersonResolver } from './person.resolver.ts';
export { Recipient, RecipientConnection } from './recipient.ts';
export { recordedBy, REGION_CODE_CHECK, VALIDITY_CHECK } from './recorded.ts';
export { Region, RegionChange, RegionVersion } from './region.ts';
export { RegionResolver } from './region.resolver.ts';
