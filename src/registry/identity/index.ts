export { nameKey, nameLength } from './name-key.ts';
export { normaliseResidentId, residentIdCheckDigit } from './resident-id.ts';
export type { NormalisedResidentId, ResidentIdFault } from './resident-id.ts';
