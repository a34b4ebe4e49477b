/** A request from its beginning to the end of its answer: what is noted meanwhile, and what the log and the metrics get. */
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../access/index.ts';
import { BOUND_NAMES } from '../platform/bounds.ts';
import { leave } from '../platform/cancel.ts';
import { withoutNet } from '../platform/log.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from './metrics.ts';
import type { RequestContext, Seen } from './operations.ts';
import type { Taken } from './rate-limit.ts';
import { shownName } from './safe-message.ts';

/** What is known of a request while it is answered. */
export interface Noted {
  /** Stands in the log, in the header `X-Request-Id` and in the answer to an unforeseen error. */
  readonly id: string;
  /** Of the clock of this process, in ms. */
  readonly begun: number;
  caller?: Caller;
  context?: RequestContext;
  code?: string;
  bound?: unknown;
  /** Header fields that say how often the caller may ask; none for whoever has not signed in. */
  rate: Taken['headers'];
}

/** The requests that a process answers. */
export interface Exchanges {
  /** From here to the end of the response the request is open. `route` is the pattern, undefined where none matched. */
  begin(id: string, method: string, route: string | undefined, response: ServerResponse): Noted;
  /** Resolves once no request is open, or after `patience` milliseconds. */
  quiet(patience: number): Promise<void>;
}

/** Tells the log and the metrics of each request when it ends; those to `operations` are also counted as operations. */
export function openExchanges({
  operations,
  metrics,
  log,
}: {
  readonly operations: string;
  readonly metrics: Metrics;
  readonly log: Logger;
}): Exchanges {
  const requests = withoutNet(log);
  const ends = new EventEmitter();
  let open = 0;

  function finish(known: Noted, method: string, route: string | undefined, response: ServerResponse): void {
    const seconds = (performance.now() - known.begun) / 1_000;
    const status = response.statusCode;
    metrics.httpDone({ method, route, status, seconds });
    const beyond = known.bound ?? known.context?.seen.bound;
    const bound = BOUND_NAMES.find((name) => name === beyond);
    if (bound !== undefined) metrics.refused(bound);
    const seen = known.context?.seen ?? (known.code === undefined ? undefined : { outcome: known.code });
    if (seen !== undefined && route === operations && (method === 'POST' || known.context !== undefined))
      metrics.operationDone(known.caller, seen);
    const routine = route === '/healthz' || route === '/readyz' || route === '/metrics';
    requests[routine ? 'debug' : 'info'](
      {
        requestId: known.id,
        method,
        // The pattern, not the address: somebody will send personal data in a query string.
        path: route ?? 'unknown',
        status,
        ...(response.writableFinished ? {} : { aborted: true }),
        ms: Math.round(seconds * 10_000) / 10,
        ...told(known.caller, seen),
      },
      'answered',
    );
  }

  return {
    begin(id, method, route, response) {
      const noted: Noted = { id, begun: performance.now(), rate: [] };
      open += 1;
      // Not `finish`, which a client that goes away never brings about.
      response.once('close', () => {
        if (!response.writableFinished) giveUp(noted);
        finish(noted, method, route, response);
        open -= 1;
        if (open === 0) ends.emit('quiet');
      });
      return noted;
    },
    async quiet(patience) {
      if (open > 0) await Promise.race([once(ends, 'quiet'), sleep(patience, undefined, { ref: false })]);
    },
  };
}

/** The client is gone: what only reads for it ends, and is known as such. */
function giveUp({ context }: Noted): void {
  if (context === undefined) return;
  leave(context.asker);
  if (context.seen.kind !== 'mutation') context.seen.outcome = 'CANCELLED';
}

const told = (caller: Caller | undefined, seen: Seen | undefined): Record<string, unknown> => ({
  ...(caller === undefined ? {} : { client: caller.client, department: caller.department }),
  ...(seen === undefined ? {} : { outcome: seen.outcome }),
  ...(seen?.kind === undefined ? {} : { kind: seen.kind }),
  ...(seen?.operation === undefined ? {} : { operation: shownName(seen.operation) }),
});
