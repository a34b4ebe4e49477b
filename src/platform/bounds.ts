/**
 * The bounds on what a request may be, may cost and may hold up: one table. The settings are made from it, every refusal
 * names its row, the metric `hub_refused_total` counts by it, and docs/limits.md shows it.
 */
import type { ErrorCode } from './errors.ts';

/** One bound. */
export interface BoundRow {
  /** Environment variable. */
  readonly setting: string;
  readonly default: number;
  /** Values that the setting takes, both included. */
  readonly from: number;
  readonly to: number;
  /** What is bounded, with its unit. */
  readonly of: string;
  /** Code of the refusal. */
  readonly code: ErrorCode;
}

/** All bounds by name, in the order in which a request meets them. */
export const BOUNDS = {
  rate: {
    setting: 'HUB_RATE_PER_SECOND',
    default: 500,
    from: 1,
    to: 1_000_000,
    of: 'requests of one client a second; after a pause four seconds’ worth at once',
    code: 'TOO_MANY_REQUESTS',
  },
  body: {
    setting: 'HUB_MAX_BODY',
    default: 8 * 1024 * 1024,
    from: 1_024,
    to: 256 * 1024 * 1024,
    of: 'body of a request, bytes',
    code: 'BAD_REQUEST',
  },
  file: {
    setting: 'HUB_MAX_FILE',
    default: 1024 * 1024 * 1024,
    from: 1_024,
    to: 64 * 1024 * 1024 * 1024,
    of: 'file of records, bytes',
    code: 'BAD_REQUEST',
  },
  waitingPerClient: {
    setting: 'HUB_MAX_WAITING_PER_CLIENT',
    default: 250,
    from: 0,
    to: 100_000,
    of: 'operations of one client that wait for their turn',
    code: 'TOO_MANY_REQUESTS',
  },
  waiting: {
    setting: 'HUB_MAX_WAITING',
    default: 1_000,
    from: 0,
    to: 100_000,
    of: 'operations that wait for their turn',
    code: 'OVERLOADED',
  },
  wait: {
    setting: 'HUB_MAX_WAIT_MS',
    default: 10_000,
    from: 1,
    to: 600_000,
    of: 'time that an operation waits for its turn, ms',
    code: 'OVERLOADED',
  },
  tokens: {
    setting: 'HUB_MAX_TOKENS',
    default: 20_000,
    from: 100,
    to: 1_000_000,
    of: 'tokens of a document',
    code: 'GRAPHQL_PARSE_FAILED',
  },
  depth: {
    setting: 'HUB_MAX_DEPTH',
    default: 15,
    from: 2,
    to: 50,
    of: 'levels of fields',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  rootFields: {
    setting: 'HUB_MAX_ROOT_FIELDS',
    default: 20,
    from: 1,
    to: 200,
    of: 'fields at the root, aliases included',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  aliases: {
    setting: 'HUB_MAX_ALIASES',
    default: 50,
    from: 1,
    to: 1_000,
    of: 'response names that ask for the same field',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  selections: {
    setting: 'HUB_MAX_SELECTIONS',
    default: 2_000,
    from: 100,
    to: 100_000,
    of: 'fields in all, fragments unfolded',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  page: {
    setting: 'HUB_MAX_PAGE',
    default: 1_000,
    from: 1,
    to: 10_000,
    of: 'items of one list or page (`first`, `last`)',
    code: 'BAD_USER_INPUT',
  },
  checks: {
    setting: 'HUB_MAX_CHECKS',
    default: 1_000,
    from: 1,
    to: 10_000,
    of: 'persons of one `checkStatus`',
    code: 'BAD_USER_INPUT',
  },
  grants: {
    setting: 'HUB_MAX_GRANTS',
    default: 5_000,
    from: 1,
    to: 50_000,
    of: 'grants of one `reportAid`',
    code: 'BAD_USER_INPUT',
  },
  cost: {
    setting: 'HUB_MAX_COST',
    default: 1_000_000,
    from: 1,
    to: 1_000_000_000,
    of: 'cost: rows that an answer could have, see below',
    code: 'TOO_COSTLY',
  },
  time: {
    setting: 'HUB_MAX_STATEMENT_MS',
    default: 30_000,
    from: 10,
    to: 600_000,
    of: 'time of a statement in PostgreSQL, ms',
    code: 'TOO_SLOW',
  },
  rows: {
    setting: 'HUB_MAX_ROWS',
    default: 100_000,
    from: 1,
    to: 10_000_000,
    of: 'persons and households told of in an answer, once per place in the operation',
    code: 'TOO_LARGE',
  },
  answer: {
    setting: 'HUB_MAX_ANSWER',
    default: 16 * 1024 * 1024,
    from: 1_024,
    to: 512 * 1024 * 1024,
    of: 'answer with the ids that go on record, bytes',
    code: 'TOO_LARGE',
  },
} as const satisfies Record<string, BoundRow>;

/** Bounds that refuse nothing by themselves: what is beyond them waits. */
export const TURNS = {
  runningPerClient: {
    setting: 'HUB_MAX_RUNNING_PER_CLIENT',
    default: 32,
    from: 1,
    to: 10_000,
    of: 'operations of one client that run at a time',
  },
  running: {
    setting: 'HUB_MAX_RUNNING',
    default: 64,
    from: 1,
    to: 10_000,
    of: 'operations that run at a time',
  },
} as const satisfies Record<string, Omit<BoundRow, 'code'>>;

/** Name of a bound, as refusals and the metric name it. */
export type BoundName = keyof typeof BOUNDS;

/** What the bounds are in a process. */
export type Bounds = Readonly<Record<BoundName | keyof typeof TURNS, number>>;

/** Names of the bounds, in the order of the table. */
export const BOUND_NAMES = Object.keys(BOUNDS) as readonly BoundName[];

/** The bounds where nothing is set. */
export const DEFAULT_BOUNDS = boundsFrom(({ default: value }) => value);

/** The bounds with a value for each row. */
export function boundsFrom(valueOf: (row: Pick<BoundRow, 'setting' | 'default'>) => number): Bounds {
  return Object.fromEntries(
    Object.entries({ ...BOUNDS, ...TURNS }).map(([name, row]) => [name, valueOf(row)]),
  ) as Bounds;
}
