/** What is counted. Every label has a short closed list of values; no client, name, number or path is among them. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Department, Role } from '../access/index.ts';
import { BOUND_NAMES } from '../platform/bounds.ts';
import type { BoundName } from '../platform/bounds.ts';
import { ERROR_CODES } from '../platform/errors.ts';
import type { Seen } from './operations.ts';

/** One answered HTTP request. */
export interface HttpDone {
  readonly method: string;
  /** Pattern of the route; undefined where none matched. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** The metrics of one hub process. */
export interface Metrics {
  readonly contentType: string;
  httpDone(done: HttpDone): void;
  /** `caller` is undefined where nobody was authenticated. */
  operationDone(caller: { department: Department; role: Role } | undefined, seen: Seen): void;
  /** A request went beyond a bound. */
  refused(bound: BoundName): void;
  /** A client seems to be guessing identity numbers. */
  guessingSuspected(): void;
  /** Prometheus text. */
  text(): Promise<string>;
}

/** What is read when the metrics are asked for. */
export interface MetricSources {
  /** Operations that are being answered, and that wait for their turn. */
  readonly inFlight: () => number;
  readonly waiting: () => number;
  readonly ready: () => boolean;
  /** How long a checkpoint of the ledger has been due that could not be signed; 0 while all is well. */
  readonly unsignedSeconds?: () => number;
  /** Connections of the pool that are open, and requests that wait for one. */
  readonly connections: () => { readonly open: number; readonly waiting: number };
  /** Parts that show figures of their own. */
  readonly more?: readonly ((registry: Registry) => void)[];
}

const METHODS = new Set(['GET', 'POST', 'HEAD', 'OPTIONS']);
const KINDS = new Set(['query', 'mutation']);
const OUTCOMES = new Set<string>(['OK', 'PARTIAL', ...ERROR_CODES]);
const oneOf = (known: ReadonlySet<string>, value: string): string => (known.has(value) ? value : 'other');

/** Opens a registry of its own, with the process's figures. */
export function openMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'hub_http_request_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const operations = new Counter({
    name: 'hub_operations_total',
    help: 'GraphQL operations by what became of them',
    labelNames: ['department', 'role', 'kind', 'outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'hub_refused_total',
    help: 'Requests that went beyond a bound (docs/limits.md)',
    labelNames: ['bound'],
    registers,
  });
  // An alarm needs the zero from which it counts.
  for (const bound of BOUND_NAMES) refusals.inc({ bound }, 0);
  const guessing = new Counter({
    name: 'hub_guessing_suspected_total',
    help: 'Alerts that a client seems to be guessing identity numbers (docs/limits.md)',
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('hub_operations_in_flight', 'GraphQL operations that are being answered', sources.inFlight);
  gauge('hub_operations_waiting', 'GraphQL operations that wait for their turn', sources.waiting);
  gauge('hub_ready', '1 when the hub answers operations', () => (sources.ready() ? 1 : 0));
  gauge(
    'hub_ledger_unsigned_seconds',
    'How long a checkpoint of the ledger has been due that could not be signed',
    () => sources.unsignedSeconds?.() ?? 0,
  );
  gauge('hub_database_connections', 'Open connections of the pool', () => sources.connections().open);
  gauge('hub_database_waiting', 'Requests that wait for a connection', () => sources.connections().waiting);
  for (const register of sources.more ?? []) register(registry);

  return {
    contentType: registry.contentType,
    httpDone({ method, route, status, seconds }) {
      requests.observe({ method: oneOf(METHODS, method), route: route ?? 'none', status: String(status) }, seconds);
    },
    operationDone(caller, { kind, outcome }) {
      operations.inc({
        department: caller?.department ?? 'none',
        role: caller?.role ?? 'none',
        kind: kind === undefined ? 'none' : oneOf(KINDS, kind),
        outcome: oneOf(OUTCOMES, outcome),
      });
    },
    refused(bound) {
      refusals.inc({ bound });
    },
    guessingSuspected() {
      guessing.inc();
    },
    text: () => registry.metrics(),
  };
}
