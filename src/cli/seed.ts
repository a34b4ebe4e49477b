/** `hub seed`: fills an empty database with reference data and a synthetic population. */
import { InvalidArgumentError, type Command } from 'commander';
import { join } from 'node:path';
import {
  AlreadyLoaded,
  hasPersons,
  loadSynthetic,
  showProgress,
  writeDemoFiles,
  type Counts,
} from '../../seeds/index.ts';
import { systemClock } from '../platform/clock.ts';
import { ConfigError, readConfig, type Config } from '../platform/config.ts';
import { openPool } from '../platform/database.ts';
import { parseDate } from '../platform/dates.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { openLog } from '../platform/log.ts';
import { prepareDatabase } from '../server/index.ts';
import { addSeedMonth } from './seed-month.ts';

const EXIT_FAILED = 1;
/** As shells report an interrupt. */
const EXIT_INTERRUPTED = 130;

const HELP = `
The same persons, seed and date give the same rows, ids included. ID numbers are valid by their check digit, with county
codes that are not assigned: they are nobody's.

Environment:
  DATABASE_URL, HUB_DATABASE_URL  the database; without them the embedded one in HUB_DATA_DIR (.hub)
  HUB_MODE                        in production nothing is loaded

Exit codes: 0 loaded, 1 refused or failed and nothing changed, 130 interrupted and nothing changed`;

interface Options {
  readonly persons?: number;
  readonly seed: number;
  readonly date?: string;
}

/** Adds the subcommand. */
export function addSeed(program: Command): void {
  const seeding = program
    .command('seed')
    .summary('装入演示数据 · fill an empty database with synthetic persons')
    .description(
      'Loads the divisions of Gansu and Jiangxi and a synthetic population with households, enrolments, department ' +
        'records and grants into an empty database, in one transaction.',
    )
    .option('--persons <number>', 'how many persons (default: HUB_DEMO_PERSONS, 20000)', wholeNumber)
    .option('--seed <number>', 'another seed, another population', wholeNumber, 1)
    .option('--date <YYYY-MM-DD>', 'the day on which the population stands (default: today in China)', date)
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      process.exitCode = await seed(options);
    });
  addSeedMonth(seeding);
}

async function seed(options: Options): Promise<number> {
  const config = readConfig();
  if (config.mode === 'production') {
    process.stderr.write('HUB_MODE is production: synthetic persons are never loaded beside real ones.\n');
    return EXIT_FAILED;
  }
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const database = await openDatabase(config);
  const pool = openPool(database.ownerUrl, { max: 2, name: 'hub-seed' });
  try {
    if (await hasPersons(pool)) throw new AlreadyLoaded('person');
    const begun = performance.now();
    const progress = showProgress();
    const counts = await loadSynthetic({
      pool,
      persons: options.persons ?? config.demoPersons,
      seed: options.seed,
      today: options.date ?? systemClock.today(),
      onProgress: progress.onProgress,
      signal: stopped.signal,
    }).finally(progress.stop);
    process.stdout.write(summary(counts, (performance.now() - begun) / 1000));
    process.stdout.write(await demoFiles(pool, join(config.dataDir, 'demo'), counts));
    return 0;
  } catch (error) {
    if (stopped.signal.aborted) {
      process.stderr.write('Stopped. Nothing was loaded: run hub seed again.\n');
      return EXIT_INTERRUPTED;
    }
    if (!(error instanceof AlreadyLoaded)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await pool.end();
    await database.stop();
  }
}

async function openDatabase(config: Config): Promise<{ ownerUrl: string; stop: () => Promise<void> }> {
  const log = openLog('warn');
  const { databaseUrl: ownerUrl, hubDatabaseUrl: serverUrl } = config;
  if (ownerUrl === undefined && serverUrl !== undefined) {
    throw new ConfigError([
      'DATABASE_URL: missing; rows are loaded by the role that owns the tables, not by the server',
    ]);
  }
  if (ownerUrl !== undefined && serverUrl !== undefined) {
    await prepareDatabase({ ownerUrl, serverUrl, log });
    return { ownerUrl, stop: () => Promise.resolve() };
  }
  const embedded = await startEmbedded({ dir: config.dataDir, log });
  try {
    await prepareDatabase({ ...embedded, log });
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  return embedded;
}

function summary(counts: Counts, seconds: number): string {
  const rows = Object.entries(counts).map(([table, count]) => `  ${String(count).padStart(9)}  ${table}\n`);
  return `Loaded in ${seconds.toFixed(1)} s:\n${rows.join('')}`;
}

async function demoFiles(pool: ReturnType<typeof openPool>, dir: string, counts: Counts): Promise<string> {
  if (counts.person < 1_000) return 'No files for the walk through the demo: they need 1000 persons.\n';
  if (!('student_record' in counts))
    return 'No files for the walk through the demo: it begins at the education department.\n';
  const { ten, grants, households } = await writeDemoFiles({ pool, dir });
  return `Files for the walk through the demo:\n  ${ten}\n  ${grants}\n  ${households}\n`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

function date(text: string): string {
  if (parseDate(text) === undefined) throw new InvalidArgumentError('Give a date as YYYY-MM-DD.');
  return text;
}
