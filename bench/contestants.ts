/** Who is measured. */
import { join } from 'node:path';
import { NEWER_NODE } from './build.ts';
import { CALLERS, CALLER_NAMES } from './callers.ts';
import type { CallerName } from './callers.ts';
import type { OperationName } from './operations.ts';
import { BUILD, ROOT } from './places.ts';
import type { Command } from './processes.ts';
import type { Tokens } from './tokens.ts';

/** The contestants, in the order of the report. */
export const CONTESTANT_NAMES = [
  'limit-a',
  'limit-b',
  'hub',
  'hub-newer-node',
  'postgraphile',
  'postgraphile-rls',
  'usual',
] as const;
/** One of them. */
export type ContestantName = (typeof CONTESTANT_NAMES)[number];

/** What processes need to know of a run. */
export interface Setting {
  readonly serverUrl: string;
  /** As the role of PostGraphile, which row-level security binds. */
  readonly peerUrl: string;
  readonly tokens: Tokens;
  /** 'YYYY-MM-DD' in China. */
  readonly today: string;
  readonly dir: string;
  /** Folder of the ledger's anchors and of the key of its hashes; one for all who write into the same ledger. */
  readonly anchorDir: string;
}

/** One way of answering the operations. */
export interface Contestant {
  readonly name: ContestantName;
  readonly title: string;
  /** Whether row-level security is on while it is measured. */
  readonly rowSecurity: boolean;
  /** Whether persons and households below the root are shown within the caller's scope only. */
  readonly nestedScope: boolean;
  /** Whether it tells counts however small. */
  readonly showsSmallCounts: boolean;
  /** Speaks PostGraphile's schema and not the hub's. */
  readonly dialect: 'hub' | 'postgraphile';
  /** Why it takes no part in an operation; undefined where it does. */
  readonly absent: (operation: OperationName) => string | undefined;
  readonly command: (setting: Setting) => Command;
}

/** Database connections of every contestant. */
export const CONNECTIONS = 10;

const CASELOAD_ONLY = 'without a scope it would answer other rows';
const NO_BATCH = 'it has no way to write a batch: a function for it would be hand-written SQL, as in limit B';

/** What contestants of our own read from their environment. */
export interface OwnEnvironment {
  readonly url: string;
  readonly guarded: boolean;
  readonly today: string;
  readonly connections: number;
  readonly anchorDir: string;
  /** Caller by token. */
  readonly callers: Readonly<Record<string, CallerName>>;
}

const own = ({ serverUrl, tokens, today, anchorDir }: Setting, guarded: boolean): Readonly<Record<string, string>> => {
  const environment: OwnEnvironment = {
    url: serverUrl,
    guarded,
    today,
    connections: CONNECTIONS,
    anchorDir,
    callers: Object.fromEntries(CALLER_NAMES.map((name) => [tokens.of[name], name])),
  };
  return { BENCH: JSON.stringify(environment), NODE_ENV: 'production' };
};

const compiled = (path: string): string => join(BUILD, path);

function hub(node: string, name: ContestantName) {
  return ({ serverUrl, tokens, dir, anchorDir }: Setting): Command => ({
    node,
    args: [compiled('src/cli/main.js'), 'serve'],
    env: {
      NODE_ENV: 'production',
      HUB_MODE: 'production',
      HUB_PORT: '0',
      HUB_DATABASE_URL: serverUrl,
      HUB_DATABASE_POOL: String(CONNECTIONS),
      HUB_DATA_DIR: join(dir, name),
      HUB_PUBLIC_KEYS_DIR: tokens.publicKeysDir,
      HUB_ISSUER: tokens.issuer,
      HUB_AUDIENCE: tokens.audience,
      HUB_ANCHOR_DIR: anchorDir,
      HUB_LEDGER_KEYS_DIR: join(anchorDir, 'keys'),
      // Under load a second holds more fruitless checks than a client may make in a day.
      HUB_MISS_BUDGET_PER_DAY: '1000000',
      HUB_SLOW_AFTER_MISSES: '1000000000',
      HUB_RATE_PER_SECOND: '1000000',
    },
  });
}

function postgraphile(rowSecurity: boolean) {
  return ({ peerUrl, tokens, today }: Setting): Command => {
    const settings = Object.fromEntries(CALLER_NAMES.map((name) => [tokens.of[name], settingsOf(name, today)]));
    return {
      node: NEWER_NODE,
      args: [join(ROOT, 'bench/contestants/postgraphile.js')],
      env: {
        NODE_ENV: 'production',
        GRAPHILE_ENV: 'production',
        BENCH: JSON.stringify({
          url: peerUrl,
          connections: CONNECTIONS,
          rowSecurity,
          settings,
        }),
      },
    };
  };
}

/** What row-level security goes by: the role, and the scope of the caller. */
function settingsOf(name: CallerName, today: string): Readonly<Record<string, string>> {
  const { department, regions } = CALLERS[name];
  return {
    role: department === 'CIVIL_AFFAIRS' ? 'bench_region' : 'bench_caseload',
    'hub.department': department,
    'hub.regions': regions.join(','),
    'hub.today': today,
  };
}

/** All contestants by name. */
export const CONTESTANTS: Readonly<Record<ContestantName, Contestant>> = {
  'limit-a': {
    name: 'limit-a',
    title: 'limit A: bare SQL, no scope, no record',
    nestedScope: false,
    showsSmallCounts: true,
    rowSecurity: false,
    dialect: 'hub',
    absent: (operation) => (operation === 'page-50-caseload' ? CASELOAD_ONLY : undefined),
    command: (setting) => ({
      node: process.execPath,
      args: [compiled('bench/contestants/limit.js')],
      env: own(setting, false),
    }),
  },
  'limit-b': {
    name: 'limit-b',
    title: 'limit B: the same with scope, masks and durable record by hand',
    nestedScope: true,
    showsSmallCounts: false,
    rowSecurity: false,
    dialect: 'hub',
    absent: () => undefined,
    command: (setting) => ({
      node: process.execPath,
      args: [compiled('bench/contestants/limit.js')],
      env: own(setting, true),
    }),
  },
  hub: {
    name: 'hub',
    title: 'the hub, everything on',
    nestedScope: true,
    showsSmallCounts: false,
    rowSecurity: false,
    dialect: 'hub',
    absent: () => undefined,
    command: hub(process.execPath, 'hub'),
  },
  'hub-newer-node': {
    name: 'hub-newer-node',
    title: 'the hub on the Node of PostGraphile',
    nestedScope: true,
    showsSmallCounts: false,
    rowSecurity: false,
    dialect: 'hub',
    absent: () => undefined,
    command: hub(NEWER_NODE, 'hub-newer-node'),
  },
  postgraphile: {
    name: 'postgraphile',
    title: 'PostGraphile 5, bare',
    nestedScope: false,
    showsSmallCounts: true,
    rowSecurity: false,
    dialect: 'postgraphile',
    absent: (operation) =>
      operation === 'page-50-caseload' ? CASELOAD_ONLY : operation === 'report-aid-1000' ? NO_BATCH : undefined,
    command: postgraphile(false),
  },
  'postgraphile-rls': {
    name: 'postgraphile-rls',
    title: 'PostGraphile 5 with row-level security',
    nestedScope: true,
    showsSmallCounts: true,
    rowSecurity: true,
    dialect: 'postgraphile',
    absent: (operation) => (operation === 'report-aid-1000' ? NO_BATCH : undefined),
    command: postgraphile(true),
  },
  usual: {
    name: 'usual',
    title: 'Apollo Server, type-graphql, TypeORM, DataLoader, @Authorized',
    nestedScope: false,
    showsSmallCounts: true,
    rowSecurity: false,
    dialect: 'hub',
    absent: (operation) => (operation === 'page-50-caseload' ? 'its resolvers know no caseload' : undefined),
    command: (setting) => ({
      node: process.execPath,
      args: [compiled('bench/contestants/usual/main.js')],
      env: own(setting, false),
    }),
  },
};

/** Which masked fields a contestant shows in full, so that answers are compared without them. */
export const UNMASKED: readonly ContestantName[] = ['postgraphile', 'postgraphile-rls'];
