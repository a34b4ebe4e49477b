/** `hub ledger export`: the ledger, or months of it, in a file that anybody can verify. */
import { statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { systemClock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { KeyRing, LedgerKeyError, PERSON_FORMS, exportLedger } from '../../server/index.ts';
import type { PersonForm, SigningKey } from '../../server/index.ts';
import { onDatabase } from './on-database.ts';
import { openLedgerProgress } from './progress.ts';

const EXIT_INTERRUPTED = 130;

const HELP = `
The file (*.jsonl.gz, docs/ledger.md) holds what digests cover, the seals, the signed checkpoints and the public keys. Months
are in Asia/Shanghai; a file of months holds the seals from the last checkpoint before them to the first one after them.
Where the keys of HUB_LEDGER_KEYS_DIR can be read the file is signed as a whole.

  --persons plain   ids of persons and households as they are
  --persons keyed   pseudonyms, equal for equal ids within this installation
  --persons none    none; all else of each entry can still be verified

A file appears under its name when it is whole; Ctrl-C leaves none.

Exit codes: 0 written, 1 failed or wrong usage, 130 interrupted`;

interface Options {
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
  readonly persons: PersonForm;
}

/** Adds the subcommand. */
export function addExport(ledger: Command): void {
  ledger
    .command('export')
    .summary('导出 · write the ledger, or months of it, into a file that can be verified offline')
    .description('Writes the ledger, or months of it, into a file that can be verified with hub ledger verify --file.')
    .requiredOption('--out <folder|file>', 'where to')
    .option('--from <month>', 'the first month, such as 2026-03', month)
    .option('--to <month>', 'the last month', month)
    .addOption(
      new Option('--persons <form>', 'how persons and households appear').choices(PERSON_FORMS).default('plain'),
    )
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      process.exitCode = await write(options);
    });
}

async function write({ out, from, to, persons }: Options): Promise<number> {
  if (from !== undefined && to !== undefined && from > to) {
    process.stderr.write(`--from: ${from} is after --to ${to}.\n`);
    return 1;
  }
  const leaving = new AbortController();
  const leave = (): void => {
    leaving.abort();
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const progress = openLedgerProgress();
  try {
    return await onDatabase(async (pool, config) => {
      const file = fileOf(out, from, to);
      const written = await exportLedger({
        pool,
        anchorDir: config.anchorDir,
        clock: systemClock,
        out: file,
        from: from ?? null,
        to: to ?? null,
        persons,
        signer: await findSigner(config),
        onProgress: progress.onProgress,
        signal: leaving.signal,
      });
      progress.stop();
      const { entries, seals, chains, checkpoints, sha256 } = written;
      process.stdout.write(
        `已导出 · Exported ${basename(file)}: ${entries} entries, ${seals} seals, ${chains} chains, ${checkpoints} checkpoints.\n` +
          `  sha256 of its lines  ${sha256}\n`,
      );
      return 0;
    });
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    process.stderr.write('已中止，未留下文件 · Interrupted; no file was left behind.\n');
    return EXIT_INTERRUPTED;
  } finally {
    progress.stop();
    process.off('SIGINT', leave).off('SIGTERM', leave);
  }
}

/** The installation's key, where this user may read it; a file without its signature says so when it is verified. */
export async function findSigner({ ledgerKeysDir, ledgerSuite }: Config): Promise<SigningKey | undefined> {
  try {
    return (await KeyRing.open(ledgerKeysDir, ledgerSuite, { make: false, clock: systemClock })).last;
  } catch (error) {
    if (!(error instanceof LedgerKeyError) && !isDenied(error)) throw error;
    process.stderr.write('未签名 · No key can be read here: the export as a whole is not signed.\n');
    return undefined;
  }
}

const isDenied = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EACCES';

function fileOf(out: string, from: string | undefined, to: string | undefined): string {
  const isFolder = out.endsWith(sep) || statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return out;
  const months = from === undefined && to === undefined ? systemClock.today() : `${from ?? 'begin'}-to-${to ?? 'now'}`;
  return join(out, `ledger-${months}.jsonl.gz`);
}

function month(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('Give a month such as 2026-03.');
}
