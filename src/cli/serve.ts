/** `hub serve`: starts the hub and keeps it running until it is told to stop. */
import type { Command } from 'commander';
import { relative } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import type { Config } from '../platform/config.ts';
import { growWithLoad } from '../platform/heap.ts';
import { openLog } from '../platform/log.ts';
import type { Logger } from '../platform/log.ts';
import { faultOf, startHub } from '../server/index.ts';
import type { Hub } from '../server/index.ts';

const EXIT_FAILED = 1;
/** As shells report an interrupt. */
const EXIT_INTERRUPTED = 130;

/** Within this time a second signal is the first one again; in ms. */
const ECHO = 1_000;

const HELP = `
Environment:
  HUB_PORT, HUB_HOST     where to listen (4000 on 127.0.0.1)
  HUB_DATA_DIR           folder of the embedded database and the demo key (.hub)
  DATABASE_URL           owner of the tables, in place of the embedded database (PostgreSQL 15 or later)
  HUB_DATABASE_URL       the server's own role there, which owns nothing
  HUB_DEMO_PERSONS       synthetic persons in an empty database (20000; 0 for none)
  HUB_MODE               development, or production: no demo key, no demo data, no work as owner
  HUB_PUBLIC_KEYS_DIR    public keys of the token issuer (<kid>.pem or *.jwk); needed in production
  HUB_TRUSTED_DOCUMENTS  any, or only: answer the documents that hub documents lists and nothing else
  HUB_DOCUMENTS_DIR      folder of more such documents (*.graphql), beside schema/operations
  HUB_LIVE_SOURCES       departments' servers that fields are asked of (JSON; docs/live-sources.md)
  HUB_ISSUER, HUB_AUDIENCE, HUB_LOG_LEVEL, HUB_DATABASE_POOL, HUB_ANCHOR_DIR, HUB_MISS_BUDGET_PER_DAY,
  HUB_LEDGER_SUITE, HUB_LEDGER_KEYS_DIR, HUB_SLOW_AFTER_MISSES, HUB_RATE_PER_SECOND

Ctrl-C or SIGTERM answers what is under way and stops everything, the embedded database included; a second one stops at
once.

Exit codes: 0 stopped cleanly, 1 could not start or failed, 130 interrupted before it was ready or by a second signal`;

/** Adds the subcommand. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('start the hub')
    .description('Starts the hub: database, migrations, demo data where the database is empty, and the GraphQL server.')
    .addHelpText('after', HELP)
    .action(async () => {
      process.exitCode = await serve(readConfig());
    });
}

async function serve(config: Config): Promise<number> {
  const log = openLog(config.logLevel);
  const leaving = new AbortController();
  const told = new Promise<void>((resolve) => {
    let first = 0;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (leaving.signal.aborted) {
        // Below `npm start` one Ctrl-C arrives twice: from the terminal, and passed on by npm.
        if (performance.now() - first < ECHO) return;
        log.warn({ signal }, 'a second signal: stopping at once');
        process.exit(EXIT_INTERRUPTED);
      }
      first = performance.now();
      log.info({ signal }, 'stopping');
      leaving.abort();
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });

  let hub: Hub;
  try {
    hub = await startHub(config, { log, clock: systemClock, signal: leaving.signal });
  } catch (error) {
    if (leaving.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  }
  growWithLoad();
  const failed = stopOnFault(log);
  process.stdout.write(welcome(hub.url, config));
  const exitCode = await Promise.race([told.then(() => 0), failed.then(() => EXIT_FAILED)]);
  await hub.close();
  return exitCode;
}

/** A fault that nobody caught leaves the process in an unknown state: it is told, and the hub stops in order. */
function stopOnFault(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    const stop = (thrown: unknown): void => {
      log.fatal({ fault: faultOf(thrown) }, 'an error that nobody caught; the hub stops');
      resolve();
    };
    process.on('uncaughtException', stop).on('unhandledRejection', stop);
  });
}

/** A Chinese character is two columns wide. */
const widthOf = (text: string): number => text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0);

function welcome(url: string, { mode, dataDir, publicKeysDir }: Config): string {
  const lines = [`社会救助数据共享已就绪 · The Social Assistance Hub is ready (${mode})`, ''];
  const line = (what: string, where: string): void => {
    lines.push(`  ${what}${' '.repeat(13 - widthOf(what))}${where}`);
  };
  line('GraphiQL', `${url}/graphql`);
  line('Health', `${url}/readyz   ${url}/metrics`);
  if (mode === 'development' && publicKeysDir === undefined) {
    const from = relative(process.cwd(), dataDir);
    line('Token 令牌', 'npx hub token --client education.demo');
    line('Demo 演示', `${from === '' ? '.' : from}/demo   README.md walks you through it`);
  }
  line('Stop 停止', 'Ctrl-C');
  return `${lines.join('\n')}\n\n`;
}
