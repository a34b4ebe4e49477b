/** `hub seed month`: the files of a realistic month, and the account of what becomes of their rows. */
import { InvalidArgumentError, type Command } from 'commander';
import { writeMonth } from '../../seeds/index.ts';

const HELP = `
Five departments' files, with the dirty rows that departments have, and account.json: in which order, by whom, and what becomes
of each row. The people are nobody. No database is needed; docs/month.md says how to deliver them.

Exit codes: 0 written, 1 failed`;

interface Options {
  readonly rows: number;
  readonly seed: number;
  readonly out: string;
}

/** Adds the subcommand to `hub seed`. */
export function addSeedMonth(seed: Command): void {
  seed
    .command('month')
    .summary('生成一个月的报送文件 · write the files of a month')
    .description('Writes the files that five departments deliver in a month, and the account of every outcome.')
    .option('--rows <number>', 'about so many rows, and no fewer', wholeNumber, 20_000)
    .option('--seed <number>', 'another seed, another month', wholeNumber, 1)
    .requiredOption('--out <folder>', 'where to')
    .addHelpText('after', HELP)
    .action(async (_options: Options, command: Command) => {
      // `hub seed` has an option of that name too, and takes it from wherever it stands.
      const { rows, seed: drawn, out } = command.optsWithGlobals<Options>();
      const account = await writeMonth({ rows, seed: drawn, dir: out });
      process.stdout.write(`${account.rows} rows in ${account.files.length} files: ${out}\n`);
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
