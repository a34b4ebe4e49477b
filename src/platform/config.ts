/** What the environment says, read once and checked as a whole: every fault is named, not only the first. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { BOUNDS, TURNS, boundsFrom } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { LOG_LEVELS } from './log.ts';

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgresql://user:password@host:5432/database',
});
const count = (most: number) => z.coerce.number().int().min(0).max(most);

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be addresses or networks (CIDR)',
});
const commas = (text: string): string[] => text.split(',').map((word) => word.trim());

const bounds = Object.fromEntries(
  [...Object.values(BOUNDS), ...Object.values(TURNS)].map(({ setting, default: value, from, to }) => [
    setting,
    z.coerce.number().int().min(from).max(to).default(value),
  ]),
);

const environment = z.object({
  HUB_MODE: z.enum(['development', 'production']).default('development'),
  HUB_HOST: z.string().default('127.0.0.1'),
  HUB_PORT: count(65_535).default(4000),
  DATABASE_URL: postgresUrl.optional(),
  HUB_DATABASE_URL: postgresUrl.optional(),
  HUB_DATABASE_POOL: count(500).min(1).default(10),
  HUB_DATA_DIR: z.string().default('.hub'),
  HUB_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  HUB_ISSUER: z.string().default('social-assistance-hub'),
  HUB_AUDIENCE: z.string().default('social-assistance-hub'),
  HUB_PUBLIC_KEYS_DIR: z.string().optional(),
  HUB_ISSUERS: z.string().optional(),
  HUB_KEYS_DIR: z.string().optional(),
  HUB_CLIENT_CERT_HEADER: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be the name of a header')
    .optional(),
  HUB_TRUSTED_PROXIES: z.string().transform(commas).pipe(z.array(network)).default([]),
  HUB_ANCHOR_DIR: z.string().optional(),
  HUB_LEDGER_SUITE: z.enum(['ED25519', 'SM3WITHSM2']).default('ED25519'),
  HUB_LEDGER_KEYS_DIR: z.string().optional(),
  HUB_MISS_BUDGET_PER_DAY: count(1_000_000).default(10_000),
  HUB_SLOW_AFTER_MISSES: count(1_000_000_000).min(1).default(1_000),
  HUB_TRUSTED_DOCUMENTS: z.enum(['any', 'only']).default('any'),
  HUB_DOCUMENTS_DIR: z.string().optional(),
  HUB_LIVE_SOURCES: z.string().optional(),
  HUB_TEMPLATES_DIR: z.string().optional(),
  HUB_INBOX_DIR: z.string().optional(),
  HUB_SOURCES: z.string().optional(),
  HUB_SNAPSHOT_SHARE: z.coerce.number().min(0).max(1).default(0.1),
  HUB_DEMO_PERSONS: count(5_000_000).default(20_000),
});

const everything = z.intersection(environment, z.object(bounds));

/** The configuration of a process. Paths are absolute. */
export interface Config {
  readonly mode: 'development' | 'production';
  readonly host: string;
  readonly port: number;
  /** URL of the role that owns the tables and runs the migrations; undefined with the embedded server. */
  readonly databaseUrl: string | undefined;
  /** URL of the least-privileged role that the server works as; undefined with the embedded server. */
  readonly hubDatabaseUrl: string | undefined;
  /** Most connections of the server at a time. */
  readonly databasePool: number;
  /** Where the embedded database, keys and anchors of this installation live. */
  readonly dataDir: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly issuer: string;
  readonly audience: string;
  /** Folder of the public keys (PEM, JWK) that tokens are checked against; undefined: the demo key in the data folder. */
  readonly publicKeysDir: string | undefined;
  /** File that names the issuers whose published keys (JWKS) are trusted. */
  readonly issuersFile: string | undefined;
  /** Folder of the keys that this hub signs with. */
  readonly keysDir: string;
  /** Header in which a trusted proxy sends the client's certificate or its thumbprint. */
  readonly clientCertHeader: string | undefined;
  /** Addresses and networks from which that header is taken. */
  readonly trustedProxies: readonly string[];
  /** Folder of the ledger's anchors, best on another machine's disk. */
  readonly anchorDir: string;
  /** How checkpoints of the ledger are signed. */
  readonly ledgerSuite: 'ED25519' | 'SM3WITHSM2';
  /** Folder of the keys that sign them, readable for the hub's user alone. */
  readonly ledgerKeysDir: string;
  /**
   * Status checks a day that may find no recipient, for each client whose agreements say nothing else; numbers in reports
   * that match nobody count as well.
   */
  readonly missBudgetPerDay: number;
  /** Such checks within ten minutes from which on a client that finds hardly anybody is answered more and more slowly. */
  readonly slowAfterMisses: number;
  /** Largest share of what is held of a source that a snapshot ends unasked, 0 to 1. */
  readonly snapshotShare: number;
  /** Whether nothing but trusted documents is answered. */
  readonly trustedDocumentsOnly: boolean;
  /** Folder of the installation's own trusted documents, beside the built-in ones. */
  readonly documentsDir: string | undefined;
  /** File that names the departments' servers which fields are asked of. */
  readonly liveSourcesFile: string | undefined;
  /** Folder of the installation's own templates of files, in place of the built-in ones of the same records. */
  readonly templatesDir: string | undefined;
  /** The watched folder, with a folder for each client that delivers files there. */
  readonly inboxDir: string | undefined;
  /** File that names the tables and views of the database that are delivered on a schedule. */
  readonly sourcesFile: string | undefined;
  /** How many synthetic persons an empty database gets in development mode. */
  readonly demoPersons: number;
  readonly bounds: Bounds;
}

/** All faults of the environment in one message, one a line. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n  ${faults.join('\n  ')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Reads and checks the environment; an empty variable counts as absent. Throws ConfigError with all faults together. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = everything.safeParse(present);
  // Zod's messages never quote the value, which for a URL holds a password.
  const faults = (read.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  faults.push(...faultsBetween(present));
  if (!read.success || faults.length > 0) throw new ConfigError(faults);
  const found = read.data;
  const dataDir = resolve(found.HUB_DATA_DIR);
  return {
    mode: found.HUB_MODE,
    host: found.HUB_HOST,
    port: found.HUB_PORT,
    databaseUrl: found.DATABASE_URL,
    hubDatabaseUrl: found.HUB_DATABASE_URL,
    databasePool: found.HUB_DATABASE_POOL,
    dataDir,
    logLevel: found.HUB_LOG_LEVEL,
    issuer: found.HUB_ISSUER,
    audience: found.HUB_AUDIENCE,
    publicKeysDir: found.HUB_PUBLIC_KEYS_DIR === undefined ? undefined : resolve(found.HUB_PUBLIC_KEYS_DIR),
    issuersFile: found.HUB_ISSUERS === undefined ? undefined : resolve(found.HUB_ISSUERS),
    keysDir: found.HUB_KEYS_DIR === undefined ? resolve(dataDir, 'signing-keys') : resolve(found.HUB_KEYS_DIR),
    clientCertHeader: found.HUB_CLIENT_CERT_HEADER,
    trustedProxies: found.HUB_TRUSTED_PROXIES,
    anchorDir: found.HUB_ANCHOR_DIR === undefined ? resolve(dataDir, 'anchors') : resolve(found.HUB_ANCHOR_DIR),
    ledgerSuite: found.HUB_LEDGER_SUITE,
    ledgerKeysDir: resolve(found.HUB_LEDGER_KEYS_DIR ?? resolve(dataDir, 'ledger-keys')),
    missBudgetPerDay: found.HUB_MISS_BUDGET_PER_DAY,
    slowAfterMisses: found.HUB_SLOW_AFTER_MISSES,
    trustedDocumentsOnly: found.HUB_TRUSTED_DOCUMENTS === 'only',
    documentsDir: found.HUB_DOCUMENTS_DIR === undefined ? undefined : resolve(found.HUB_DOCUMENTS_DIR),
    liveSourcesFile: found.HUB_LIVE_SOURCES === undefined ? undefined : resolve(found.HUB_LIVE_SOURCES),
    templatesDir: found.HUB_TEMPLATES_DIR === undefined ? undefined : resolve(found.HUB_TEMPLATES_DIR),
    inboxDir: found.HUB_INBOX_DIR === undefined ? undefined : resolve(found.HUB_INBOX_DIR),
    sourcesFile: found.HUB_SOURCES === undefined ? undefined : resolve(found.HUB_SOURCES),
    snapshotShare: found.HUB_SNAPSHOT_SHARE,
    demoPersons: found.HUB_DEMO_PERSONS,
    bounds: boundsFrom(({ setting, default: value }) => found[setting] ?? value),
  };
}

/** Faults that only show when two variables are read together. */
function faultsBetween(env: Readonly<Record<string, string | undefined>>): string[] {
  const header = env['HUB_CLIENT_CERT_HEADER'] !== undefined && env['HUB_TRUSTED_PROXIES'] === undefined;
  return [
    ...(header
      ? ['HUB_TRUSTED_PROXIES: missing; it names the proxies from which HUB_CLIENT_CERT_HEADER is taken']
      : []),
    ...faultsOfRoles(env),
  ];
}

function faultsOfRoles(env: Readonly<Record<string, string | undefined>>): string[] {
  const { DATABASE_URL: owner, HUB_DATABASE_URL: server } = env;
  if (owner === undefined) return [];
  if (server === undefined) {
    return [
      "HUB_DATABASE_URL: missing; DATABASE_URL is the owner's, the server needs a role of its own (hub migrate creates it)",
    ];
  }
  if (!URL.canParse(owner) || !URL.canParse(server) || new URL(owner).username !== new URL(server).username) return [];
  return ['HUB_DATABASE_URL: names the same role as DATABASE_URL; the server must not be the owner of its tables'];
}
