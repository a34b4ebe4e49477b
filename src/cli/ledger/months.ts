/** `hub ledger months`: where the ledger lies, month by month. */
import type { Command } from 'commander';
import { systemClock } from '../../platform/clock.ts';
import { FEWEST_AHEAD, listArchives, listMonths, monthsAhead } from '../../server/index.ts';
import { onDatabase } from './on-database.ts';

const EXIT_FEW = 2;
const MEGABYTE = 2 ** 20;

/** Adds the subcommand. */
export function addMonths(ledger: Command): void {
  ledger
    .command('months')
    .summary('按月分区 · which months the ledger has, and how many are made ready ahead')
    .description(
      'Lists the months of the ledger, archived ones with the place of their file. Months are made ahead by hub migrate; ' +
        'entries that come after the last one are kept all the same, until it runs again.',
    )
    .addHelpText('after', `\nExit codes: 0 months are ready, 2 fewer than ${FEWEST_AHEAD} are ready ahead`)
    .action(async () => {
      process.exitCode = await onDatabase(async (pool) => {
        for (const { month, entries, place } of await listArchives(pool))
          process.stdout.write(`${month}  已归档 archived  ${entries} entries  ${place}\n`);
        for (const { month, entries, bytes } of await listMonths(pool))
          process.stdout.write(`${month}  约 about ${entries} entries  ${(bytes / MEGABYTE).toFixed(1)} MB\n`);
        const ahead = await monthsAhead(pool, systemClock.today().slice(0, 7));
        if (ahead >= FEWEST_AHEAD) return 0;
        process.stderr.write(
          `后续月份不足 · Fewer than ${FEWEST_AHEAD} months are ready ahead: run hub migrate. Nothing is lost until then.\n`,
        );
        return EXIT_FEW;
      });
    });
}
