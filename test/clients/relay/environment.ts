/** Relay against the hub. */
import { Environment, Network, RecordSource, Store } from 'relay-runtime';
import type { FetchFunction, GraphQLResponse } from 'relay-runtime';
import { headersOf } from '../errand.ts';
import type { Errand } from '../errand.ts';

export const openEnvironment = (url: string, errand: Errand): Environment =>
  new Environment({ network: Network.create(fetchFrom(url, errand)), store: new Store(new RecordSource()) });

const fetchFrom =
  (url: string, errand: Errand): FetchFunction =>
  async ({ id, text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
        ...headersOf(errand),
      },
      // A document that was persisted has an id and no text.
      body: JSON.stringify({ ...(text == null ? { documentId: `sha256:${id}` } : { query: text }), variables }),
    });
    return (await response.json()) as GraphQLResponse;
  };

/** Why the hub answered nothing: the code, and with FIELD_DENIED the coordinates and their owners. */
export const refusalOf = (thrown: unknown): unknown =>
  (thrown as { readonly source?: { readonly errors?: readonly { readonly extensions?: unknown }[] } }).source
    ?.errors?.[0]?.extensions;
