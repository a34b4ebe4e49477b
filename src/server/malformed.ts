/** Requests that HTTP alone shows to be malformed: what is said of them, by the status that they get. */
import type { Bounds } from '../platform/bounds.ts';
import { badRequest } from '../platform/errors.ts';
import type { HubError } from '../platform/errors.ts';

/** The client takes none of the media types that an answer can have. */
export class NotAcceptable extends Error {
  readonly statusCode = 406;
}

const TOO_LARGE = 413;

const SAID: Readonly<Record<number, string>> = {
  400: 'The body is not a JSON object.',
  406: 'An answer is application/graphql-response+json or application/json; name one of them in "Accept".',
  415: 'The body must be JSON with the header "Content-Type: application/json".',
};

/** The refusal under a status of 400 to 499. */
export const malformed = (status: number, { body }: Bounds): HubError =>
  status === TOO_LARGE
    ? badRequest(`The body is larger than ${body} bytes; send less at a time.`, { bound: 'body' })
    : badRequest(SAID[status] ?? 'The request is malformed.');

/** Status of an error that fastify raises for a malformed request; undefined for any other error. */
export function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('statusCode' in thrown)) return undefined;
  const { statusCode } = thrown;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

/** The body cannot be read as JSON. */
export class NotJson extends Error {
  readonly statusCode = 400;
}
