export { LONGEST_LIFETIME, keptUntil, revocationsOf, storedRevocation } from './revocations.ts';
export type { Revocations } from './revocations.ts';
