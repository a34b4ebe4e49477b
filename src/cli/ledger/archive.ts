/** `hub ledger archive`: months that are older than three years leave the database into files that verify. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { systemClock } from '../../platform/clock.ts';
import { parseMonth } from '../../platform/dates.ts';
import { ArchiveRefused, archiveMonths } from '../../server/index.ts';
import { findSigner } from './export.ts';
import { onDatabase } from './on-database.ts';
import { readTrust } from './trust.ts';

const EXIT_REFUSED = 2;

const HELP = `
Each month is exported, the export is verified as it lies on the disk, and only then the month leaves the database; its
seals and checkpoints stay, so that hub ledger verify holds for what remains and says where the month is. Entries are kept
in the database for three years at least; months without entries may go earlier. Keep the files, and a copy elsewhere.

Works as the owner of the tables (DATABASE_URL). What was done stays done when a later month fails; run it again.

Exit codes: 0 done, 2 refused (nothing is lost), 1 failed`;

/** Adds the subcommand. */
export function addArchive(ledger: Command): void {
  ledger
    .command('archive')
    .summary('归档 · move months older than three years into files that can be verified')
    .description('Moves months that are older than three years into files that can be verified offline.')
    .requiredOption('--before <month>', 'all months before this one, such as 2023-01', month)
    .requiredOption('--out <folder>', 'where the files go')
    .option('--trust <fingerprint|file>', 'a key that is trusted; may be given several times', collect, [])
    .addHelpText('after', HELP)
    .action(async ({ before, out, trust }: { before: string; out: string; trust: readonly string[] }) => {
      process.exitCode = await archive(before, out, readTrust(trust));
    });
}

const collect = (one: string, before: readonly string[]): string[] => [...before, one];

async function archive(before: string, dir: string, trust: readonly string[]): Promise<number> {
  try {
    return await onDatabase(
      async (owner, config) => {
        const months = await archiveMonths({
          owner,
          anchorDir: config.anchorDir,
          clock: systemClock,
          before,
          dir,
          trust: trust.length > 0 ? trust : undefined,
          signer: await findSigner(config),
          onMonth: ({ month: done, entries, place, digest }) => {
            const where = place === '' ? '无记录 no entries' : `${entries} entries  ${place}  sha256 ${digest}`;
            process.stdout.write(`${done}  已归档 archived  ${where}\n`);
          },
        });
        if (months === 0) process.stdout.write(`没有可归档的月份 · There are no months before ${before}.\n`);
        return 0;
      },
      { asOwner: true },
    );
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_REFUSED;
  }
}

function month(text: string): string {
  const parsed = parseMonth(text);
  if (parsed === undefined) throw new InvalidArgumentError('Give a month such as 2023-01.');
  return parsed;
}
