/** graphql-request against the hub. */
import { ClientError, GraphQLClient } from 'graphql-request';
import { RECIPIENTS } from './documents.ts';
import type { Recipient, RecipientsAnswer } from './documents.ts';
import { headersOf } from './errand.ts';
import type { Errand } from './errand.ts';

export const openClient = (url: string, errand: Errand): GraphQLClient =>
  new GraphQLClient(url, { headers: headersOf(errand), errorPolicy: errand.onDenied === 'null' ? 'all' : 'none' });

/** Every recipient in scope, read page by page. */
export async function* everyRecipient(client: GraphQLClient, first: number): AsyncGenerator<Recipient> {
  let after: string | null = null;
  do {
    const { recipients }: RecipientsAnswer = await client.request(RECIPIENTS, { first, after });
    for (const { node } of recipients.edges) yield node;
    after = recipients.pageInfo.hasNextPage ? recipients.pageInfo.endCursor : null;
  } while (after !== null);
}

/** Why the hub answered nothing: the code, and with FIELD_DENIED the coordinates and their owners. */
export const refusalOf = (thrown: unknown): unknown =>
  thrown instanceof ClientError ? thrown.response.errors?.[0]?.extensions : undefined;
