/** What a person can learn of their own data: who looked, what for, and who relies on what they were told. */
export { AccessQueries } from './accesses-of.ts';
export { personLetter } from './letter.ts';
export type { Letter, LetterAccess } from './letter.ts';
export { PersonAccess } from './person-access.ts';
export { RelianceQueries } from './reliance.ts';
