/** What is counted of live sources. Labels are names from the settings and codes of closed lists. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { BreakerState } from './breaker.ts';
import { UnavailableReason } from './fault.ts';
import type { OnBatch } from './source.ts';

/** Counts batches and shows them. */
export interface LiveMetrics {
  readonly onBatch: OnBatch;
  register(registry: Registry, stateOf: (source: string) => BreakerState): void;
}

const STATES: readonly BreakerState[] = ['CLOSED', 'HALF_OPEN', 'OPEN'];

/** Counters for these sources, in no registry yet. */
export function openLiveMetrics(sources: readonly string[]): LiveMetrics {
  const requests = new Counter({
    name: 'hub_live_requests_total',
    help: 'Batches of questions to a live source by what came of them (docs/live-sources.md)',
    labelNames: ['source', 'outcome'],
    registers: [],
  });
  // An alarm needs the zero from which it counts.
  for (const source of sources)
    for (const outcome of ['OK', ...Object.keys(UnavailableReason)]) requests.inc({ source, outcome }, 0);
  const seconds = new Histogram({
    name: 'hub_live_seconds',
    help: 'Time from a batch of questions to its outcome, waiting for a place included',
    labelNames: ['source'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [],
  });
  return {
    onBatch(source, outcome, took) {
      requests.inc({ source, outcome });
      seconds.observe({ source }, took);
    },
    register(registry, stateOf) {
      registry.registerMetric(requests);
      registry.registerMetric(seconds);
      registry.registerMetric(
        new Gauge({
          name: 'hub_live_breaker',
          help: 'Breaker of a live source: 0 closed, 1 half open, 2 open',
          labelNames: ['source'],
          registers: [],
          collect() {
            for (const source of sources) this.set({ source }, STATES.indexOf(stateOf(source)));
          },
        }),
      );
    },
  };
}
