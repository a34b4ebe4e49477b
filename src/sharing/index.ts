/** Who is a recipient: what civil affairs shares with the departments. */
export { RecipientsResolver } from './recipients.ts';
