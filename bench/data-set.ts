/** The data that everybody is measured on: an embedded PostgreSQL of the benchmark's own, filled once and kept. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { loadSynthetic, showProgress } from '../seeds/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { openPool, quoteText } from '../src/platform/database.ts';
import type { Pool } from '../src/platform/database.ts';
import { startEmbedded } from '../src/platform/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { openLog } from '../src/platform/log.ts';
import { layOut, prepareDatabase } from '../src/server/index.ts';
import { ROOT, SCRATCH } from './places.ts';

/** The database that is measured on. */
export interface DataSet {
  readonly persons: number;
  readonly owner: Pool;
  readonly admin: Pool;
  readonly serverUrl: string;
  /** 'YYYY-MM-DD': the day on which the population stands. */
  readonly day: string;
  /** Size of the database, bytes. */
  readonly bytes: number;
  /** Settings of PostgreSQL beside those that the hub always gives it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Folder of this data set, for what belongs to a run on it. */
  readonly dir: string;
  close(): Promise<void>;
}

/** What a data set was made of; another recipe makes other data. */
interface Recipe {
  readonly persons: number;
  readonly seed: number;
  /** Digest of the generator. */
  readonly seeds: string;
  /** Digest of each migration by its name; further ones may be applied to what is there. */
  readonly migrations: Readonly<Record<string, string>>;
}

const SEED = 1;
/** Grants that the benchmark writes have keys that begin so; the next character after it is `.`. */
export const BENCH_KEYS = 'BENCH-';

const log = openLog('warn');

/** How a data set is opened. */
export interface Opening {
  readonly persons: number;
  /** How many data sets share the machine. */
  readonly beside: number;
  readonly say: (line: string) => void;
  /** Gives up a load; nothing of it remains. */
  readonly signal: AbortSignal;
}

/** Opens the data set of that size; loads it when it is not there, or was made by another generator. */
export async function openDataSet({ persons, beside, say, signal }: Opening): Promise<DataSet> {
  const dir = join(SCRATCH, String(persons));
  const recipe: Recipe = { persons, seed: SEED, seeds: digestOf('seeds'), migrations: migrationDigests() };
  const settings = serverSettings(beside);
  const start = (): Promise<EmbeddedPostgres> => startEmbedded({ dir, log, settings });
  let server = await start();
  let held = await heldIn(server);
  if (held !== undefined && !serves(held.recipe, recipe)) {
    say('The data set was made by another version of the generator: it is made anew.');
    await server.stop();
    rmSync(server.home, { recursive: true, force: true });
    server = await start();
    held = undefined;
  }
  const owner = openPool(server.ownerUrl, { max: 4, name: 'bench', log });
  const admin = openPool(server.adminUrl, { max: 2, name: 'bench', log });
  const close = async (): Promise<void> => {
    await Promise.all([owner.end(), admin.end()]);
    await server.stop();
  };
  try {
    await prepareDatabase({ ownerUrl: server.ownerUrl, serverUrl: server.serverUrl, log });
    await layOut(owner, log);
    const day = held?.day ?? (await load(owner, recipe, { say, signal }));
    // In the database itself: it is there when, and only when, the data is.
    await owner.query(`comment on database hub is ${quoteText(JSON.stringify({ recipe, day }))}`);
    await clear(owner);
    const { rows } = await owner.query<{ bytes: number }>(
      'select pg_database_size(current_database())::float8 as bytes',
    );
    return {
      persons,
      owner,
      admin,
      serverUrl: server.serverUrl,
      day,
      bytes: rows[0]?.bytes ?? 0,
      settings,
      dir,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A quarter of the memory for all, as PostgreSQL's manual advises, and room for everybody's connections. */
function serverSettings(beside: number): Readonly<Record<string, string>> {
  const megabytes = Math.min(4096, Math.floor(totalmem() / 4 / beside / 2 ** 20 / 256) * 256);
  return { shared_buffers: `${Math.max(256, megabytes)}MB`, max_connections: '200' };
}

/** Measured: 69 s and 2.6 GB for a million persons; the disk also holds what is written while indexes are made. */
const LOADING = { seconds: 80, bytes: 3.5 * 2 ** 30 };

async function load(owner: Pool, recipe: Recipe, { say, signal }: Pick<Opening, 'say' | 'signal'>): Promise<string> {
  const day = systemClock.today();
  const progress = showProgress();
  const { persons, seed } = recipe;
  const millions = persons / 1_000_000;
  const [need, free] = [LOADING.bytes * millions, bytesFree()];
  if (free < need) throw new Error(`${gigabytes(need)} of disk are wanted and ${gigabytes(free)} are free.`);
  say(
    `loading ${persons.toLocaleString('en-US')} persons: about ${String(Math.ceil((LOADING.seconds * millions) / 60))} minutes`,
  );
  await loadSynthetic({
    ...{ pool: owner, persons, seed, today: day, signal },
    onProgress: progress.onProgress,
  }).finally(() => {
    progress.stop();
  });
  await owner.query('vacuum analyze');
  return day;
}

function bytesFree(): number {
  const { bavail, bsize } = statfsSync(SCRATCH);
  return bavail * bsize;
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(0)} GB`;

interface Held {
  /** Empty where a load was cut short. */
  readonly recipe: Partial<Recipe>;
  readonly day: string;
}

async function heldIn({ ownerUrl }: EmbeddedPostgres): Promise<Held | undefined> {
  const pool = openPool(ownerUrl, { max: 1, name: 'bench', log });
  try {
    const { rows } = await pool.query<{ note: string | null; begun: boolean }>(
      `select shobj_description(oid, 'pg_database') as note, to_regclass('person') is not null as begun
       from pg_database where datname = current_database()`,
    );
    const { note, begun } = rows[0] ?? { note: null, begun: false };
    if (note === null) return begun ? { recipe: {}, day: '' } : undefined;
    return JSON.parse(note) as Held;
  } finally {
    await pool.end();
  }
}

/** Whether data of one recipe will do for another: no migration that it was made with has changed since. */
const serves = ({ seed, seeds, migrations }: Partial<Recipe>, wanted: Recipe): boolean =>
  seed === wanted.seed &&
  seeds === wanted.seeds &&
  Object.entries(migrations ?? {}).every(([name, digest]) => wanted.migrations[name] === digest);

/** Takes away what earlier runs wrote: reported grants, the ledger, the counts of misses. */
export async function clear(owner: Pool): Promise<void> {
  await owner.query(
    'truncate access_record, access_operation, ledger_seal, ledger_sealed_write, ledger_chain, miss_count',
  );
  await clearGrants(owner);
}

/** Takes away the grants that were reported, so that the next reporter finds the table as the one before did. */
export async function clearGrants(owner: Pool): Promise<void> {
  const { rowCount } = await owner.query(
    `delete from aid_grant where department = 'EDUCATION' and source_key >= $1 and source_key < $2`,
    [BENCH_KEYS, `${BENCH_KEYS.slice(0, -1)}.`],
  );
  if ((rowCount ?? 0) > 0) await owner.query('vacuum aid_grant');
}

/** Digest of everything in a folder, so that a change is never overlooked. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(ROOT, folder, name);
    if (statSync(path).isFile()) hash.update(`${name}\0`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Migrations have a number in front; what stands beside them only lists them. */
const migrationDigests = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(ROOT, 'migrations'))
      .filter((name) => /^\d/.test(name))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(ROOT, 'migrations', name)))
          .digest('hex')
          .slice(0, 16),
      ]),
  );
