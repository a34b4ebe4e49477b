/** The reading road over a test database, without HTTP: what a caller asks, what comes back, what was put on record. */
import { parse, validate } from 'graphql';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import {
  SharingPolicy,
  checkPolicy,
  createEngine,
  loadPolicy,
  loadRegions,
  missBudget,
} from '../../src/access/index.ts';
import type { Bound, Caller, Department, Engine, OnDenied, Purpose, Role } from '../../src/access/index.ts';
import type { AccessEntry, Ledger } from '../../src/access/ledger/index.ts';
import type { Graph } from '../../src/graph/index.ts';
import { DEFAULT_BOUNDS } from '../../src/platform/bounds.ts';
import type { Bounds } from '../../src/platform/bounds.ts';
import { fromBytes } from '../../src/platform/bytes.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { HubError } from '../../src/platform/errors.ts';
import { buildHubSchema, describeGraph } from '../../src/server/schema.ts';
import type { TestDatabase } from './database.ts';

/** What a test engine can be given. */
export interface TestEngineOptions {
  readonly clock?: Clock;
  /** Misses that a client has in a day; plenty by default. */
  readonly missesPerDay?: number;
  /** In place of the list in memory that `entries` shows. */
  readonly record?: Ledger['record'];
  /** In place of the defaults. */
  readonly bounds?: Partial<Bounds>;
  /** In place of the hub's own. */
  readonly schema?: GraphQLSchema;
}

/** What an answer or a refusal looks like to a test. */
export interface Outcome {
  readonly data?: unknown;
  /** Errors beside the data, or why there is none. */
  readonly errors: readonly Fault[];
  readonly extensions?: Record<string, unknown>;
}

/** An error as a caller sees it. */
export interface Fault {
  readonly code: unknown;
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** How a request differs from the plain one. */
export interface Asking {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly onDenied?: OnDenied;
  readonly operationName?: string;
}

export interface TestEngine {
  readonly engine: Engine;
  readonly schema: GraphQLSchema;
  readonly graph: Graph;
  /** What was put on record since the last `entries.length = 0`. */
  readonly entries: AccessEntry[];
  /** Parses, validates and runs one operation. */
  ask(text: string, caller: Bound, asking?: Asking): Promise<Outcome>;
}

/** The moment at which the tests of access take place. */
export const NOW = '2026-11-22T10:00:00+08:00';

/** An engine over the policy and the rows of the database. */
export async function openEngine(database: TestDatabase, options: TestEngineOptions = {}): Promise<TestEngine> {
  const { clock = fixedClock(NOW), missesPerDay = 1_000_000_000 } = options;
  const schema = options.schema ?? (await buildHubSchema());
  const graph = await describeGraph(schema, database.ownerUrl);
  const regions = await loadRegions(database.server);
  const entries: AccessEntry[] = [];
  const record = options.record ?? ((entry: AccessEntry) => Promise.resolve(void entries.push(entry)));
  const engine = await createEngine({
    graph,
    pool: database.server,
    clock,
    budget: missBudget(database.server, clock, () => missesPerDay),
    ledger: { record, missKey: (number) => Buffer.from(`key of ${number}`) },
    rules: { levelOf: (code) => regions.levelOf(code), maxFirst: 1_000 },
    bounds: { ...DEFAULT_BOUNDS, ...options.bounds },
    loadPolicy: async () => {
      const policy = new SharingPolicy(await loadPolicy(database.server), regions);
      checkPolicy(graph, policy);
      return policy;
    },
  });
  return { engine, schema, graph, entries, ask: askerOf(engine, schema) };
}

function askerOf(engine: Engine, schema: GraphQLSchema): TestEngine['ask'] {
  return async (text, caller, { variables = {}, onDenied = 'refuse', operationName } = {}) => {
    try {
      const document = parse(text);
      const invalid = validate(schema, document);
      if (invalid.length > 0) return { errors: invalid.map(toFault) };
      const context = { caller, onDenied, requestId: 'test' };
      const {
        text: json,
        data,
        errors = [],
        extensions,
      } = await engine.execute({
        document,
        variables,
        context,
        ...(operationName === undefined ? {} : { operationName }),
      });
      return {
        ...(json === undefined
          ? data === undefined
            ? {}
            : { data }
          : { data: JSON.parse(fromBytes(json)) as unknown }),
        errors: errors.map(toFault),
        ...(extensions === undefined ? {} : { extensions }),
      };
    } catch (thrown) {
      return { errors: [toFault(thrown)] };
    }
  };
}

function toFault(thrown: unknown): Fault {
  if (thrown instanceof HubError) return { code: thrown.code, message: thrown.message, extensions: thrown.extensions };
  const { message, extensions } = thrown as GraphQLError;
  if (typeof extensions !== 'object') throw thrown;
  return { code: extensions['code'], message, extensions };
}

const PURPOSE_OF: Readonly<Record<Role, Purpose>> = {
  SYSTEM: 'AID_ELIGIBILITY',
  ANALYST: 'DYNAMIC_MONITORING',
  WINDOW: 'CASE_HANDLING',
  AUDITOR: 'AUDIT',
  STEWARD: 'GOVERNANCE',
  REGISTRAR: 'DATA_SUPPLY',
};

/** A caller of that department and role in both provinces, with the purpose that its role usually has. */
export function callerOf(department: Department, role: Role, change: Partial<Bound> = {}): Bound {
  const purpose = PURPOSE_OF[role];
  const caller: Caller = {
    client: `${department.toLowerCase().replaceAll('_', '-')}.test`,
    department,
    role,
    regions: ['360000000000', '620000000000'],
    purposes: [purpose],
    tokenId: 'test',
  };
  return { ...caller, purpose, ...change };
}
