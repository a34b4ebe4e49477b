/** Sends a batch to the hub and waits out what passes by itself: a lost connection, a busy or restarting hub. */
import { setTimeout as sleep } from 'node:timers/promises';
import { operationHeaders, parsed, retryAfter, unreachable } from '../hub-http.ts';
import type { Item } from './rows.ts';

/** One receipt, as the mutation gives it. */
export interface Receipt {
  readonly index: number;
  readonly outcome: 'RECORDED' | 'UNCHANGED' | 'SUPERSEDED' | 'PENDING' | 'REJECTED';
  readonly code: string | null;
  readonly field: string | null;
  readonly remedy: string | null;
}

/** Where and as whom to report. */
export interface Destination {
  readonly url: string;
  /** Asked before each attempt, since a token may be renewed meanwhile. */
  readonly token: () => string;
  readonly purpose: string;
  readonly caseNo: string | undefined;
  readonly dryRun: boolean;
  /** How long to go on trying after the first failure, in ms. */
  readonly patience: number;
  /** Told before each wait. */
  readonly onRetry: (reason: string, waitMs: number) => void;
  /** Stop: the answer under way is still awaited, nothing is tried again. */
  readonly stop: AbortSignal;
  /** Stop now: the answer under way is not awaited either. */
  readonly abort: AbortSignal;
}

/** Why the report had to stop; what was acknowledged before is recorded. */
export class StoppedError extends Error {}

const DOCUMENT = `mutation ReportAid($input: ReportAidInput!) {
  reportAid(input: $input) { results { index outcome code field remedy } }
}`;

const TIMEOUT = 120_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const MOST_TRIES_INTERNAL = 5;
const PASSING = new Set([408, 429, 502, 503, 504]);

/** What an attempt came to. */
type Attempt =
  | { readonly results: readonly Receipt[] }
  | { readonly passing: string; readonly waitMs?: number | undefined; readonly mostTries?: number }
  | { readonly fatal: string };

/** The receipts of a batch, in its order. Safe to repeat: the hub knows each grant by its key. Throws StoppedError. */
export async function sendBatch(items: readonly Item[], to: Destination): Promise<readonly Receipt[]> {
  const body = JSON.stringify({ query: DOCUMENT, variables: { input: { items, dryRun: to.dryRun } } });
  const until = Date.now() + to.patience;
  for (let wait = FIRST_WAIT, tries = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT), tries += 1) {
    const attempt = await post(body, to);
    if ('results' in attempt) {
      if (attempt.results.length === items.length) return attempt.results;
      throw new StoppedError('The hub answered with another number of results than items.');
    }
    if ('fatal' in attempt) throw new StoppedError(attempt.fatal);
    const waitMs = attempt.waitMs ?? wait * (0.75 + Math.random() / 2);
    if (Date.now() + waitMs > until || tries === attempt.mostTries) throw new StoppedError(attempt.passing);
    to.onRetry(attempt.passing, waitMs);
    try {
      await sleep(waitMs, undefined, { signal: AbortSignal.any([to.stop, to.abort]) });
    } catch {
      throw new StoppedError(attempt.passing);
    }
  }
}

async function post(body: string, { url, token, purpose, caseNo, abort }: Destination): Promise<Attempt> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: operationHeaders({ token: token(), purpose, caseNo }),
      body,
      signal: AbortSignal.any([abort, AbortSignal.timeout(TIMEOUT)]),
    });
    text = await response.text();
  } catch (error) {
    return { passing: unreachable(url, error) };
  }
  return judge(response, text);
}

function judge(response: Response, text: string): Attempt {
  const { status } = response;
  const answer = parsed(text) as Answer | null | undefined;
  const results = answer?.data?.reportAid?.results;
  if (results !== undefined) return { results };
  const [error] = answer?.errors ?? [];
  const code = error?.extensions?.code ?? `HTTP ${status}`;
  const told = `${code}: ${error?.message ?? 'no answer of the hub'}`;
  const waitMs = retryAfter(response, error?.extensions?.retryAfter);
  // A database that restarts shows as an internal error; one that comes back for the same batch is another matter.
  if (code === 'INTERNAL') return { passing: told, waitMs, mostTries: MOST_TRIES_INTERNAL };
  // The budget of misses lasts until midnight: nobody should wait for it here.
  const passing = code !== 'TOO_MANY_MISSES' && (PASSING.has(status) || PASSING_CODES.has(code));
  return passing ? { passing: told, waitMs } : { fatal: told };
}

const PASSING_CODES = new Set(['OVERLOADED', 'LEDGER_UNAVAILABLE', 'POLICY_CHANGED']);

interface Answer {
  readonly data?: { readonly reportAid?: { readonly results?: readonly Receipt[] } | null } | null;
  readonly errors?: readonly {
    readonly message?: string;
    readonly extensions?: { readonly code?: string; readonly retryAfter?: number };
  }[];
}
