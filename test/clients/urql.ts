/** urql against the hub. */
import { createClient, fetchExchange } from '@urql/core';
import type { Client, CombinedError } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { headersOf } from './errand.ts';
import type { Errand } from './errand.ts';

export const openClient = (url: string, errand: Errand): Client =>
  createClient({
    url,
    fetchOptions: { headers: headersOf(errand) },
    // Else urql puts queries into addresses, where proxies log them and the hub refuses them.
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        resolvers: { Query: { recipients: relayPagination() } },
        // Receipts stand for themselves.
        keys: { ReportAidPayload: () => null, AidReceipt: () => null },
      }),
      fetchExchange,
    ],
  });

/** Why the hub answered nothing, or what it left out: the code, and with FIELD_DENIED the coordinates and their owners. */
export const refusalOf = (error: CombinedError | undefined): unknown => error?.graphQLErrors[0]?.extensions;
