/** Who is a recipient: what civil affairs shares with the departments, and how fresh it is. */
export { RecipientsResolver } from './recipients.ts';
export { AidAnswer, DepartmentAid, PersonAidByDepartment } from './aid-by-department.ts';
export { createFeedExpectations } from './expect-feed.ts';
export type { FeedExpectations } from './expect-feed.ts';
export { FeedDeclarations } from './expect-feed.resolver.ts';
export { FeedQueries, FeedStatus } from './feed-status.ts';
export { openFreshness } from './freshness.ts';
export type { AnswerFreshness, TellFreshness } from './freshness.ts';
export { StatusCheckFields, StatusCheckQueries, StatusResult } from './status-check.ts';
