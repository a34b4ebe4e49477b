export { askDepartment } from './desk.ts';
export type { AskedPerson, LiveContext, LiveDesk } from './desk.ts';
export { UnavailableReason } from './fault.ts';
export { LiveAnswer, LiveFreshness } from './live-answer.ts';
export { openLive } from './open-live.ts';
export { liveCode, liveDate, liveMonth, liveQuestion } from './question.ts';
export type { LiveQuestion } from './question.ts';
export { Live } from './questions.ts';
