/** `hub token`: prints a token of a demo client. */
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { NoTokenError, issueDemoToken, listDemoClients } from '../server/demo-token/index.ts';
import { parseLifetime } from './lifetime.ts';

/** There is no such token. */
const EXIT_REFUSED = 2;

const HELP = `
Standard output holds the token and nothing else: TOKEN=$(npx hub token --client education.demo)

The token is signed with the demo key of HUB_DATA_DIR (.hub), which is made on first use.

Exit codes: 0 printed, 1 failed or wrong usage, 2 refused: no such client or purpose, or production mode`;

interface Options {
  readonly client?: string;
  readonly expires: number;
  readonly purposes?: readonly string[];
  readonly list?: true;
}

/** Adds the subcommand. */
export function addToken(program: Command): void {
  program
    .command('token')
    .summary('print a token of a demo client')
    .description('Prints a signed token (JWT, ES256) of a client of the demo.')
    .option('--client <name>', 'the client, e.g. education.demo')
    .option('--expires <span>', 'how long it is valid: 30m, 8h, 7d', parseLifetime, parseLifetime('8h'))
    .option('--purposes <list>', 'only these of its purposes, with commas between', commas)
    .option('--list', 'show all clients of the demo instead')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      process.exitCode = await token(options);
    });
}

async function token({ client, expires, purposes, list }: Options): Promise<number> {
  if (list === true) {
    for (const known of await listDemoClients()) {
      process.stdout.write(`${known.client.padEnd(24)}${known.role.padEnd(10)}${known.purposes.join(', ')}\n`);
    }
    return 0;
  }
  try {
    if (client === undefined) throw new NoTokenError('Name the client: --client education.demo, or see --list.');
    const signed = await issueDemoToken(readConfig(), { client, lifetime: expires, purposes, clock: systemClock });
    process.stdout.write(`${signed}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof NoTokenError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_REFUSED;
  }
}

const commas = (text: string): readonly string[] => text.split(',').map((word) => word.trim());
