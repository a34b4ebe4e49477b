import { expect, test } from '@jest/globals';
import { GRAPHQL_JSON, PLAIN_JSON, mediaTypeFor } from './media-type.ts';

test.each([
  // Older clients, and tools that do not say.
  [undefined, PLAIN_JSON],
  ['', PLAIN_JSON],
  ['*/*', PLAIN_JSON],
  ['application/*', PLAIN_JSON],
  ['application/json', PLAIN_JSON],
  ['application/json; charset=utf-8', PLAIN_JSON],
  ['application/graphql-response+json', GRAPHQL_JSON],
  ['Application/GraphQL-Response+JSON;Charset="UTF-8"', GRAPHQL_JSON],
  // Of equals the first, but a narrow range before a wide one.
  ['application/graphql-response+json, application/json', GRAPHQL_JSON],
  ['application/json, application/graphql-response+json', PLAIN_JSON],
  ['*/*, application/graphql-response+json', GRAPHQL_JSON],
  // Quality decides before order.
  ['application/json;q=0.9, application/graphql-response+json', GRAPHQL_JSON],
  ['application/graphql-response+json;q=0.2, application/json;q=0.3', PLAIN_JSON],
  ['text/html, application/*;q=0.5, application/json;q=0.1', GRAPHQL_JSON],
  ['application/json;q=0, */*', GRAPHQL_JSON],
  // Forms that no answer has.
  ['text/html', undefined],
  ['application/json;q=0', undefined],
  ['application/json;q=2', undefined],
  ['application/json; charset=gbk', undefined],
  ['application/json; callbackSpec=1.0', undefined],
  ['multipart/mixed;deferSpec=20220824, application/json', PLAIN_JSON],
  ['*/*;q=0', undefined],
])('Accept: %s', (accept, media) => {
  // Once read, once remembered.
  expect([mediaTypeFor(accept), mediaTypeFor(accept)]).toEqual([media, media]);
});
