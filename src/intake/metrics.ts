/** What the metrics tell of deliveries: kinds of records and outcomes, both from closed lists; no source, key or name. */
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { StepCounts } from './step.ts';

/** Counts rows that were applied, once a registry is there. */
export interface RowMeter {
  register(registry: Registry): void;
  count(record: string, counts: StepCounts): void;
}

const OUTCOMES = ['recorded', 'changed', 'unchanged', 'rejected', 'held', 'conflicts'] as const;

/** A meter that counts nothing until it is registered. */
export function openRowMeter(): RowMeter {
  let rows: Counter<'record' | 'outcome'> | undefined;
  return {
    register: (registry) => {
      rows = new Counter({
        name: 'hub_delivered_rows_total',
        help: 'Rows of deliveries that were applied, by kind of record and outcome',
        labelNames: ['record', 'outcome'],
        registers: [registry],
      });
    },
    count: (record, counts) => {
      for (const outcome of OUTCOMES) if (counts[outcome] > 0) rows?.inc({ record, outcome }, counts[outcome]);
    },
  };
}
