/**
 * The closed list of errors that the hub may answer with. Business outcomes (an unknown number, a rejected item) are
 * data and never come this way. No message holds a value that a caller sent or that a row holds.
 */
import { newId } from './id.ts';

/** Every code that may stand in an answer. A new one is added here, with its status and its factory. */
export type ErrorCode = keyof typeof STATUS;

const STATUS = {
  BAD_REQUEST: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  OPERATION_RESOLUTION_FAILURE: 400,
  BAD_USER_INPUT: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  DOCUMENT_NOT_TRUSTED: 403,
  UNAUTHENTICATED: 401,
  PURPOSE_REQUIRED: 403,
  CASE_REQUIRED: 403,
  PURPOSE_NOT_ALLOWED: 403,
  CASE_NOT_IN_CASELOAD: 403,
  EMERGENCY_REQUIRED: 403,
  FIELD_DENIED: 403,
  OPERATION_DENIED: 403,
  TOO_COSTLY: 400,
  TOO_LARGE: 400,
  TOO_MANY_MISSES: 429,
  TOO_MANY_REQUESTS: 429,
  TOO_SLOW: 504,
  CANCELLED: 499,
  LEDGER_UNAVAILABLE: 503,
  POLICY_CHANGED: 503,
  OVERLOADED: 503,
  INTERNAL: 500,
} as const;

/** HTTP status of an answer that consists of an error with this code. */
export const statusOf = (code: ErrorCode): number => STATUS[code];

/** All codes, in the order of the documentation. */
export const ERROR_CODES = Object.keys(STATUS) as readonly ErrorCode[];

/** An error that may be shown to the caller as it is: code, HTTP status, and extensions without personal data. */
export class HubError extends Error {
  readonly code: ErrorCode;
  /** HTTP status of an answer that consists of this error. */
  readonly status: number;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    extensions: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HubError';
    this.code = code;
    this.status = STATUS[code];
    this.extensions = extensions;
  }
}

/** One schema coordinate that the caller wrote and may not have, e.g. `MedicalSettlement.diagnosis`. */
export interface DeniedField {
  readonly coordinate: string;
  readonly reason: string;
  /** Department that answers for the field and can be asked for it. */
  readonly owner: string;
}

/** No token, or one that is not valid. `reason` says what is wrong with it and never repeats it. */
export function unauthenticated(reason: string): HubError {
  return new HubError('UNAUTHENTICATED', `Sign in first: ${reason}. Send "Authorization: Bearer <token>".`);
}

/** Personal data was asked for without saying what for. `allowed` are the purposes in the caller's token. */
export function purposeRequired(allowed: readonly string[]): HubError {
  return new HubError(
    'PURPOSE_REQUIRED',
    `Say what the data is for: send the header "Hub-Purpose" with one of ${listed(allowed)}.`,
    { header: 'Hub-Purpose', allowed },
  );
}

/** Personal data was asked for without a case number. */
export function caseRequired(): HubError {
  return new HubError(
    'CASE_REQUIRED',
    'Say which case the data is for: send the header "Hub-Case" with the number of your own case.',
    { header: 'Hub-Case' },
  );
}

/** The purpose is known but is not in the caller's token, or does not open this operation. */
export function purposeNotAllowed(purpose: string, allowed: readonly string[]): HubError {
  return new HubError('PURPOSE_NOT_ALLOWED', `The purpose ${purpose} is not open to you here.`, { purpose, allowed });
}

/** The case number is not in the caseload of the caller's department. */
export function caseNotInCaseload(): HubError {
  return new HubError(
    'CASE_NOT_IN_CASELOAD',
    'The case in "Hub-Case" is not in the caseload of your department; it opens the status check only. ' +
      'Register the application first.',
  );
}

/** The agreement is for emergencies, and none is open for the caller's client and case now. Nothing was read. */
export function emergencyRequired(): HubError {
  return new HubError(
    'EMERGENCY_REQUIRED',
    'No emergency access is open for your client and the case in "Hub-Case": it was never opened, is over after two ' +
      'hours, or was closed. Open it with the mutation openEmergency and a reason; everyone responsible is told at once.',
    { mutation: 'openEmergency' },
  );
}

/** At least one field that the caller wrote is denied; nothing was read. */
export function fieldDenied(denied: readonly DeniedField[]): HubError {
  const first = denied[0];
  const which = first === undefined ? 'A field' : first.coordinate;
  const more = denied.length > 1 ? ` (and ${denied.length - 1} more)` : '';
  return new HubError(
    'FIELD_DENIED',
    `${which}${more} is not open to you; nothing was read. ` +
      'Leave the fields out, or send "Hub-On-Denied: null" to get null in their place.',
    { denied },
  );
}

/** The operation as a whole is not open to the caller. */
export function operationDenied(coordinate: string, reason: string, owner: string): HubError {
  return new HubError('OPERATION_DENIED', `${coordinate} is not open to you: ${reason}.`, {
    denied: [{ coordinate, reason, owner }],
  });
}

/** The request is no GraphQL request as it stands. `message` names the header or member and the form, never the value. */
export function badRequest(message: string, extensions: Readonly<Record<string, unknown>> = {}): HubError {
  return new HubError('BAD_REQUEST', message, extensions);
}

/** A variable or argument is not accepted. `message` names it and the form expected, never the value received. */
export function badUserInput(message: string, extensions: Readonly<Record<string, unknown>> = {}): HubError {
  return new HubError('BAD_USER_INPUT', message, extensions);
}

const MOST_NAMED = 100;

/** Faults of a document or of the choice of its operation, under the codes that Apollo Server gives them. */
export type DocumentFault = Extract<
  ErrorCode,
  `GRAPHQL_${string}` | `PERSISTED_${string}` | 'OPERATION_RESOLUTION_FAILURE'
>;

/** The document cannot be run; nothing of it was. */
export function documentFault(
  code: DocumentFault,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): HubError {
  return new HubError(code, message, extensions);
}

/** Only trusted documents are answered, and this is none. `documents` are those that would be. */
export function documentNotTrusted(documents: readonly { readonly id: string; readonly name: string }[]): HubError {
  return new HubError(
    'DOCUMENT_NOT_TRUSTED',
    'Only trusted documents are answered here: send the "documentId" of one of them in place of "query". ' +
      'To have yours added, give its .graphql file to those who run the hub; it goes into the folder HUB_DOCUMENTS_DIR.',
    { documents: documents.slice(0, MOST_NAMED).map(({ id, name }) => ({ id, name })) },
  );
}

/** The budget of status checks that find no recipient is used up. `retryAfter` is in seconds. */
export function tooManyMisses(retryAfter: number): HubError {
  return new HubError(
    'TOO_MANY_MISSES',
    'Too many status checks found no recipient. Check your numbers, or ask civil affairs to raise the budget.',
    { retryAfter },
  );
}

/** Before anything ran: an answer could have `cost` rows. `coordinate` is the list that costs most. */
export function tooCostly(cost: number, limit: number, coordinate: string): HubError {
  return new HubError(
    'TOO_COSTLY',
    `The operation could cost ${cost}, and at most ${limit} is open; ${coordinate} costs most. ` +
      'Ask for fewer at a time ("first"), or page.',
    { bound: 'cost', cost, limit, coordinate },
  );
}

/** An answer turned out larger than the hub tells at a time; nothing of it left. `bound` is `rows` or `answer`. */
export function tooLarge(bound: 'rows' | 'answer', limit: number): HubError {
  return new HubError(
    'TOO_LARGE',
    `The answer is larger than ${limit} ${bound === 'rows' ? 'rows' : 'bytes'}. Ask for fewer at a time, or page.`,
    { bound, limit },
  );
}

/** PostgreSQL cut a statement off when its time was up. */
export function tooSlow(cause?: unknown): HubError {
  return new HubError(
    'TOO_SLOW',
    'The answer took too long and was given up. Ask for fewer at a time, or filter by more; what was asked for costs too much as it stands.',
    { bound: 'time' },
    { cause },
  );
}

/** The client has more operations waiting than it may. `retryAfter` is in seconds. */
export function tooManyRequests(retryAfter = 1): HubError {
  return new HubError(
    'TOO_MANY_REQUESTS',
    'Too many of your operations wait for their turn. Send fewer at a time, and retry shortly.',
    { bound: 'waitingPerClient', retryAfter },
  );
}

/** The client sends more requests in a time than it may. `retryAfter` is in seconds. */
export function tooOften(retryAfter: number): HubError {
  return new HubError('TOO_MANY_REQUESTS', 'You ask too often. Send fewer requests a second, and retry shortly.', {
    bound: 'rate',
    retryAfter,
  });
}

/** Whoever asked has gone away, so nothing was told. Nobody receives this; it stands in the ledger and the metrics. */
export function cancelled(): HubError {
  return new HubError('CANCELLED', 'The client went away before it was answered.');
}

/** The access record could not be made durable, so there is no answer. */
export function ledgerUnavailable(cause?: unknown): HubError {
  return new HubError(
    'LEDGER_UNAVAILABLE',
    'The access record could not be written, so nothing is answered. Retry.',
    {},
    { cause },
  );
}

/** The sharing policy changed under the request more than once. */
export function policyChanged(): HubError {
  return new HubError('POLICY_CHANGED', 'The sharing policy changed while your request ran. Retry.');
}

/** More work is waiting than the hub admits, or it waited too long. `retryAfter` is in seconds. */
export function overloaded(retryAfter = 1, bound?: 'waiting' | 'wait'): HubError {
  return new HubError('OVERLOADED', 'The hub is busy. Retry shortly.', {
    retryAfter,
    ...(bound === undefined ? {} : { bound }),
  });
}

/** Anything unforeseen. The caller gets the correlation id and nothing else; the log gets the cause under the same id. */
export function internal(cause: unknown, correlationId: string = newId()): HubError {
  return new HubError(
    'INTERNAL',
    `Something failed in the hub. Report it with the number ${correlationId}.`,
    { correlationId },
    { cause },
  );
}

/** Any thrown thing as an error of the closed list; what is not one already becomes INTERNAL. */
export function toHubError(thrown: unknown): HubError {
  return thrown instanceof HubError ? thrown : internal(thrown);
}

function listed(words: readonly string[]): string {
  return words.length === 0 ? 'the purposes in your token (it has none)' : words.join(', ');
}
