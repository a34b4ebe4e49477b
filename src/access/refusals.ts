/** The forms that refusals take: as the engine finds them and as callers get them. */
import { GraphQLError } from 'graphql';
import type { DeniedCoordinate } from '../graph/index.ts';
import { HubError, fieldDenied, operationDenied } from '../platform/errors.ts';

/** Codes of the refusals that the policy decides. */
export const BY_POLICY: ReadonlySet<string> = new Set(['FIELD_DENIED', 'OPERATION_DENIED', 'PURPOSE_NOT_ALLOWED']);

/** The budget refused an answer; the numbers that found nobody go on record all the same. */
export class Overspent extends Error {
  readonly refusal: unknown;
  readonly misses: readonly Buffer[];
  constructor(refusal: unknown, misses: readonly Buffer[]) {
    super('The budget of misses is spent');
    this.refusal = refusal;
    this.misses = misses;
  }
}

/** Whether a service found the policy outdated. */
export const isPolicyChange = (thrown: unknown): boolean =>
  thrown instanceof HubError && thrown.code === 'POLICY_CHANGED';

/** Denied coordinates as one refusal of the operation. */
export function asHubError(denials: readonly DeniedCoordinate[]): HubError {
  const denied = denials.map(({ coordinate, reason, owner }) => ({ coordinate, reason, owner }));
  const operations = denied.filter(({ coordinate }) => /^(Query|Mutation)\.\w+$/.test(coordinate));
  const [first] = operations;
  if (first === undefined) return fieldDenied(denied);
  const { code, message } = operationDenied(first.coordinate, first.reason, first.owner);
  return new HubError(code, message, { denied: operations });
}

/** A denied field that is null: the error beside the data. */
export const asNullError = ({ coordinate, reason, owner }: DeniedCoordinate): GraphQLError =>
  new GraphQLError(`${coordinate} is not open to you: ${reason}`, {
    extensions: { code: 'FIELD_DENIED', denied: [{ coordinate, reason, owner }] },
  });

/** What graphql-js says of variables. */
export const asBadInput = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    originalError: error,
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    extensions: { code: 'BAD_USER_INPUT' },
  });
