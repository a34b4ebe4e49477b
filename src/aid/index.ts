/** Aid granted, reported back by the departments. */
export { AidGrant, AidGrantConnection, AidState } from './aid-grant.ts';
export { AidCode, AidOutcome } from './aid-item.ts';
export type { AidField, AidItem, AidReceipt } from './aid-item.ts';
export { grantDigest } from './grant-digest.ts';
export type { GrantContent } from './grant-digest.ts';
export type { AidRule } from './item-rules.ts';
export { HouseholdAid, PersonAid } from './person-aid.ts';
export { AidMode, AidProgramme, OWNERS, programmesOf } from './programmes.ts';
export { createAidReporter } from './report-aid.ts';
export type { AidReporter, AidReporterParts, ReportContext } from './report-aid.ts';
export { ReportAid } from './report-aid.resolver.ts';
export type { AidContext } from './report-aid.resolver.ts';
