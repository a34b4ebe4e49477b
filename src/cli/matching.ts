/** `hub matching measure`: how well the matching finds known people again, on data of which the truth is known. */
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { GOALS, measureMatching, tableOf } from '../../seeds/index.ts';
import { openPool } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { openLog } from '../platform/log.ts';
import { prepareDatabase } from '../server/index.ts';

const HELP = `
Makes people of whom it is known who is who (namesakes, twins and families among them), gives most of them to the registry of a
database of its own, delivers one row about each with the mistakes that departments' files have, lets the hub's own rules
match them, and counts what became of each kind of mistake. The same persons and seed give the same figures.

Exit codes: 0 the goals are met (precision of "certain" at least ${GOALS.precision}, recall of "certain" and "review" at least
${GOALS.recall}), 1 they are not`;

interface Options {
  readonly persons: number;
  readonly seed: number;
  readonly json?: true;
}

/** Adds the subcommand. */
export function addMatching(program: Command): void {
  program
    .command('matching')
    .summary('身份比对 · how well records are matched to persons')
    .description('身份比对 · Matching of delivered records to persons.')
    .command('measure')
    .description('测量准确率与召回率 · Measures precision and recall on generated truth, in a database of its own')
    .option('--persons <number>', 'how many people', wholeNumber, 100_000)
    .option('--seed <number>', 'other people, other mistakes', wholeNumber, 1)
    .option('--json', 'the figures as JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      process.exitCode = await measure(options);
    });
}

async function measure({ persons, seed, json }: Options): Promise<number> {
  const log = openLog('warn');
  const dir = mkdtempSync(join(tmpdir(), 'hub-matching-'));
  chmodSync(dir, 0o755); // as root PostgreSQL runs as another user, who must enter
  const embedded = await startEmbedded({ dir, log, durable: false });
  try {
    await prepareDatabase({ ...embedded, log });
    const pool = openPool(embedded.serverUrl, { max: 1, name: 'hub-matching', settings: { jit: 'off' } });
    try {
      const measured = await measureMatching({ pool, persons, seed });
      process.stdout.write(json ? `${JSON.stringify(measured)}\n` : tableOf(measured, { persons, seed }));
      return measured.precision >= GOALS.precision && measured.recall >= GOALS.recall ? 0 : 1;
    } finally {
      await pool.end();
    }
  } finally {
    await embedded.stop();
    for (const folder of [embedded.home, dir]) rmSync(folder, { recursive: true, force: true });
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 to 9999999.');
  return Number(text);
}
