/** Apollo Client against the hub. */
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import type { ObservableQuery } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { RECIPIENTS } from './documents.ts';
import type { RecipientsAnswer } from './documents.ts';
import { headersOf } from './errand.ts';
import type { Errand } from './errand.ts';

export const openClient = (uri: string, errand: Errand): ApolloClient =>
  new ApolloClient({
    link: new HttpLink({ uri, headers: headersOf(errand) }),
    cache: new InMemoryCache({
      // Lists with other filters are other lists.
      typePolicies: { Query: { fields: { recipients: relayStylePagination(['filter']) } } },
    }),
  });

/** The recipients in scope as a list that grows with every `fetchMore`. */
export const watchRecipients = (client: ApolloClient, first: number): ObservableQuery<RecipientsAnswer> =>
  client.watchQuery({ query: gql(RECIPIENTS), variables: { first } });

/** The next page, which the cache appends to the list. */
export const fetchMore = (list: ObservableQuery<RecipientsAnswer>) =>
  list.fetchMore({ variables: { after: list.getCurrentResult().data?.recipients?.pageInfo?.endCursor } });

/** Why the hub answered nothing: the code, and with FIELD_DENIED the coordinates and their owners. */
export const refusalOf = (thrown: unknown): unknown =>
  CombinedGraphQLErrors.is(thrown) ? thrown.errors[0]?.extensions : undefined;
