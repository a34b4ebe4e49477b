/** Finds whom a delivered row is about, keeps what somebody decided, and puts what contradicts before somebody who decides. */
export { openConflicts, recordDeaths } from './conflicts.ts';
export type { NewConflict, ReportedDeath } from './conflicts.ts';
export type { ApplyHeldRows } from './decide-match.ts';
export { knownUnder } from './known-under.ts';
export { MatchCandidate } from './match-candidate.ts';
export { MatchReview } from './match-review.ts';
export { matchSubjects } from './match-subjects.ts';
export { createRegistrarDesk } from './registrar-desk.ts';
export type { RegistrarDesk } from './registrar-desk.ts';
export { MatchReviewFields, RegistrarActs } from './registrar.resolver.ts';
export { ConflictKind, RegistryConflict } from './registry-conflict.ts';
export type { MatchStep } from './step.ts';
