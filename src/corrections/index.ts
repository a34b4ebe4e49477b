/** Disputed values (校核), and the recall of what was told and no longer holds. */
export { Correction } from './correction.ts';
export { createCorrections } from './corrections.ts';
export type { Corrections } from './corrections.ts';
export { CorrectionOffice } from './corrections.resolver.ts';
export { HouseholdCorrections, OpenCorrection, OpenHouseholdCorrection, PersonCorrections } from './open-correction.ts';
export { Recall } from './recall.ts';
export { openRecaller } from './recaller.ts';
export type { Recaller } from './recaller.ts';
export { createRecalls } from './recalls.ts';
export type { Recalls } from './recalls.ts';
export { RecallOffice } from './recalls.resolver.ts';
