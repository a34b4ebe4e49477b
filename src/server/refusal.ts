/** The answer to a request that failed before or beside its operation. */
import type { Bounds } from '../platform/bounds.ts';
import { HubError, internal } from '../platform/errors.ts';
import type { Noted } from './exchange.ts';
import { extensionsOf, headOf } from './graphql-errors.ts';
import type { GraphqlAnswer } from './graphql-route.ts';
import { malformed, statusOf } from './malformed.ts';
import { PLAIN_JSON, mediaTypeFor } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import { encode } from './operations.ts';

/** An answer to a request that failed, and its media type. */
export interface Refusal extends GraphqlAnswer {
  readonly media: MediaType;
}

/** The refusal, noted; `status` where it is not that of the error's code. */
export function refusalOf(error: HubError, noted: Noted, accept: string | undefined, status?: number): Refusal {
  noted.code = error.code;
  noted.bound = error.extensions['bound'];
  if (noted.context !== undefined) noted.context.seen.outcome = error.code;
  const media = mediaTypeFor(accept) ?? PLAIN_JSON;
  const extensions = extensionsOf(error);
  const head = headOf(extensions, media);
  const body = encode({ errors: [{ message: error.message, extensions }] });
  return { ...head, status: status ?? head.status, body, media };
}

/** Anything thrown as an error that may be told; INTERNAL for what nobody foresaw. */
export function errorOf(thrown: unknown, { id }: Noted, bounds: Bounds): HubError {
  if (thrown instanceof HubError) return thrown;
  const status = statusOf(thrown);
  return status === undefined ? internal(thrown, id) : malformed(status, bounds);
}
