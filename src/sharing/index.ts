/** Who is a recipient: what civil affairs shares with the departments. */
export { RecipientsResolver } from './recipients.ts';
export { FeedQueries, FeedStatus } from './feed-status.ts';
export { StatusCheckFields, StatusCheckQueries, StatusResult } from './status-check.ts';
