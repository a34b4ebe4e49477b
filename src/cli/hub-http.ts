/** What all commands that ask a hub over HTTP have in common: how they say who asks, and what they make of an answer. */

/** As whom, what for and in which case. */
export interface Credentials {
  readonly token: string;
  readonly purpose: string | undefined;
  readonly caseNo: string | undefined;
}

/** Headers of the caller. */
export const callerHeaders = ({ token, purpose, caseNo }: Credentials): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
  ...(purpose === undefined ? {} : { 'hub-purpose': purpose }),
  // Case numbers may be Chinese, headers may not.
  ...(caseNo === undefined ? {} : { 'hub-case': encodeURIComponent(caseNo) }),
});

/** Headers of an operation of GraphQL. */
export const operationHeaders = (credentials: Credentials): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
  ...callerHeaders(credentials),
});

/** What a body says; undefined where it is no JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** How long the hub asks to be left alone, in ms, where it says so: in a header, or `told` in the body, in s. */
export function retryAfter({ headers }: Pick<Response, 'headers'>, told?: number): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? told ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** That no answer came, and what the system says of it, e.g. ECONNREFUSED. */
export const unreachable = (url: string, error: unknown): string =>
  `无法连接 The hub cannot be reached at ${url} (${reasonOf(error)}).`;

function reasonOf(error: unknown): string {
  const cause = property(error, 'cause') ?? error;
  return [property(cause, 'code'), property(cause, 'name')].find((text) => typeof text === 'string') ?? 'no answer';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
