/** Asks a hub over HTTP, and waits out what passes by itself: a lost connection, a busy or restarting hub. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { operationHeaders, parsed, retryAfter, unreachable } from '../hub-http.ts';
import type { Credentials } from '../hub-http.ts';

/** Whom to ask, and as whom. */
export interface Asking extends Credentials {
  readonly url: string;
  /** Denied fields become null in place of a refusal. */
  readonly nullDenied: boolean;
  /** Stops at once. */
  readonly signal: AbortSignal;
  /** How long to go on trying after a failure, in ms. */
  readonly patience: number;
}

/** The hub refused, and asking again would not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** The hub does not answer. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.looseObject({
          code: z.string(),
          allowed: z.array(z.string()).optional(),
          denied: z.array(z.object({ coordinate: z.string(), reason: z.string(), owner: z.string() })).optional(),
        }),
      }),
    )
    .optional(),
});

/** An answer with data; `errors` stand beside it, one a denied coordinate. */
export interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}

const TIMEOUT = 120_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const PASSING = new Set([408, 502, 503, 504]);

/** Runs one operation. Throws RefusedError or UnreachableError. */
export async function ask(
  operation: { query: string; operationName?: string | undefined; variables?: Readonly<Record<string, unknown>> },
  asking: Asking,
): Promise<Answer> {
  const body = JSON.stringify(operation);
  const until = Date.now() + asking.patience;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const attempt = await post(body, asking);
    if ('data' in attempt) return attempt;
    const waitMs = attempt.waitMs ?? wait;
    if (Date.now() + waitMs > until) throw new UnreachableError(attempt.passing);
    await sleep(waitMs, undefined, { signal: asking.signal });
  }
}

type Attempt = Answer | { readonly passing: string; readonly waitMs?: number | undefined };

async function post(body: string, asking: Asking): Promise<Attempt> {
  const { url, nullDenied, signal } = asking;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { ...operationHeaders(asking), ...(nullDenied ? { 'hub-on-denied': 'null' } : {}) },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    return { passing: unreachable(url, error) };
  }
  return judge(response, text);
}

function judge(response: Response, text: string): Attempt {
  const { status } = response;
  const read = answer.safeParse(parsed(text)).data;
  const errors = (read?.errors ?? []).map(({ message, extensions: { code, allowed = [], denied = [] } }) =>
    [
      `${code}: ${message}`,
      ...(allowed.length === 0 ? [] : [`  可用 allowed: ${allowed.join(', ')}`]),
      ...denied.map((field) => `  ${field.coordinate} (${field.owner}): ${field.reason}`),
    ].join('\n'),
  );
  if (read?.data) return { data: read.data, errors };
  const told = errors.length === 0 ? `HTTP ${String(status)}: this is no answer of a hub` : errors.join('\n');
  if (!PASSING.has(status)) throw new RefusedError(told);
  return { passing: told, waitMs: retryAfter(response) };
}
