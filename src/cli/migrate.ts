/** `hub migrate`: brings the database to the state that this version needs. */
import type { Command } from 'commander';
import { ConfigError, readConfig } from '../platform/config.ts';
import { openPool } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { openLog } from '../platform/log.ts';
import type { Logger } from '../platform/log.ts';
import { layOut, prepareDatabase, RightsMissingError } from '../server/index.ts';

/** An administrator of the database has to act first. */
const EXIT_RIGHTS_MISSING = 3;

const HELP = `
Environment:
  DATABASE_URL      role that owns the tables; without it the embedded database in HUB_DATA_DIR (.hub) is migrated
  HUB_DATABASE_URL  role that the server works as; made when it is missing

Exit codes: 0 done, 1 failed and nothing changed, 3 an administrator must run the SQL on standard output first`;

/** Adds the subcommand. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .summary('create or update tables, roles and rights in the database')
    .description(
      'Creates the role of the server, runs the migrations that are pending, grants rights, and puts divisions and the ' +
        'sharing policy of this version in place. Safe to repeat.',
    )
    .addHelpText('after', HELP)
    .action(async () => {
      process.exitCode = await migrate();
    });
}

async function migrate(): Promise<number> {
  const config = readConfig();
  const log = openLog(config.logLevel);
  const { databaseUrl: ownerUrl, hubDatabaseUrl: serverUrl } = config;
  if (ownerUrl === undefined && serverUrl !== undefined) {
    throw new ConfigError(['DATABASE_URL: missing; tables are made by the role that owns them, not by the server']);
  }
  const database =
    ownerUrl !== undefined && serverUrl !== undefined
      ? { ownerUrl, serverUrl, stop: () => Promise.resolve() }
      : await startEmbedded({ dir: config.dataDir, log });
  try {
    const ran = await prepareDatabase({ ...database, log });
    await layOutAsOwner(database.ownerUrl, log);
    const names = ran.map((name) => `  ${name}\n`).join('');
    process.stdout.write(
      ran.length === 0 ? 'The database is up to date.\n' : `Ran ${ran.length} migrations:\n${names}`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof RightsMissingError)) throw error;
    // To standard output, and nothing else with it: `hub migrate > for-the-administrator.sql`.
    process.stdout.write(error.sql);
    process.stderr.write(
      "The owner's role lacks rights. Have an administrator run the SQL above in the hub's database.\n",
    );
    return EXIT_RIGHTS_MISSING;
  } finally {
    await database.stop();
  }
}

async function layOutAsOwner(ownerUrl: string, log: Logger): Promise<void> {
  const pool = openPool(ownerUrl, { max: 1, name: 'hub-migrate', log });
  try {
    await layOut(pool, log);
  } finally {
    await pool.end();
  }
}
