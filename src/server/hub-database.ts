/** The database that a hub serves from: the embedded one or one of the operator's, prepared and filled. */
import { join } from 'node:path';
import { publishPolicy, readPolicyFiles } from '../access/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { openPool } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import type { Logger } from '../platform/log.ts';
import { packageFile } from './package-file.ts';
import { prepareDatabase } from './prepare-database.ts';

/** With a generator, a reader of CSV and COPY: a hub that serves what is there does without them. */
const seeds = () => import('../../seeds/index.ts');

/** A database that is ready to be served from. */
export interface HubDatabase {
  /** As the role that the server works as. */
  readonly serverUrl: string;
  /** Leaves the database; an embedded one is stopped. */
  stop(): Promise<void>;
}

/** What preparing needs beside the configuration. */
export interface Preparing {
  readonly log: Logger;
  readonly clock: Clock;
  /** Stops the loading of demo data. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds or starts the database, brings it up to date, and in development mode fills an empty one with demo data. In
 * production mode a database of the operator's is left as it is: `hub migrate` is the owner's business, not the server's.
 */
export async function openHubDatabase(config: Config, preparing: Preparing): Promise<HubDatabase> {
  const { databaseUrl: ownerUrl, hubDatabaseUrl: serverUrl, mode } = config;
  const { log } = preparing;
  if (serverUrl !== undefined) {
    if (ownerUrl === undefined || mode === 'production') {
      if (ownerUrl !== undefined)
        log.warn('DATABASE_URL is not used: in production mode only hub migrate works as owner');
    } else {
      await prepare({ ownerUrl, serverUrl }, config, preparing);
    }
    return { serverUrl, stop: () => Promise.resolve() };
  }
  const embedded = await startEmbedded({ dir: config.dataDir, log });
  try {
    await prepare(embedded, config, preparing);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  return embedded;
}

/** Publishes the policy of `schema/policy` when it differs from the one in force, and loads divisions and code lists. */
export async function layOut(owner: Pool, log: Logger): Promise<void> {
  const { loadReference } = await seeds();
  const { regions } = await loadReference({ pool: owner });
  const { version, filesLeft } = await publishPolicy(owner, readPolicyFiles(packageFile('schema/policy')));
  log.info({ regions, policyVersion: version }, 'divisions and sharing policy are in place');
  if (filesLeft)
    log.info(
      { policyVersion: version },
      'schema/policy differs and was left alone: agreements are changed in the database since a change was published there',
    );
}

async function prepare(
  urls: { readonly ownerUrl: string; readonly serverUrl: string },
  config: Config,
  { log, clock, signal }: Preparing,
): Promise<void> {
  await prepareDatabase({ ...urls, log });
  signal?.throwIfAborted();
  const owner = openPool(urls.ownerUrl, { max: 2, name: 'hub-prepare', log });
  try {
    await layOut(owner, log);
    if (config.mode === 'production' || config.demoPersons === 0) return;
    const { hasPersons, loadSynthetic, showProgress, writeDemoFiles } = await seeds();
    if (await hasPersons(owner)) return;
    const progress = showProgress();
    const counts = await loadSynthetic({
      pool: owner,
      persons: config.demoPersons,
      seed: DEMO_SEED,
      today: clock.today(),
      onProgress: progress.onProgress,
      ...(signal === undefined ? {} : { signal }),
    }).finally(() => {
      progress.stop();
    });
    log.info(counts, 'demo data is in place');
    // The walk begins at the education department: without its module there is none.
    if (config.demoPersons >= LEAST_FOR_FILES && 'student_record' in counts)
      await writeDemoFiles({ pool: owner, dir: join(config.dataDir, 'demo') });
  } finally {
    await owner.end();
  }
}

const DEMO_SEED = 1;
/** The files for the walk through the demo need people in all departments. */
const LEAST_FOR_FILES = 1_000;
