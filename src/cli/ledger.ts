/** `hub ledger`: reads the disclosure ledger and finds what was done to it. */
import { SingleBar } from 'cli-progress';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { readConfig } from '../platform/config.ts';
import type { Config } from '../platform/config.ts';
import { openPool, sqlState } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { openLog } from '../platform/log.ts';
import { recentAccesses, verifyLedger } from '../server/index.ts';
import type { RecentAccess, Verification } from '../server/index.ts';

const EXIT_FAULT = 2;

const HELP = `
Every digest is computed anew, each seal is held against the one before it, and the ends of the chains against the
anchors in HUB_ANCHOR_DIR and against each other. Reads only; a hub may be at work meanwhile.

Environment:
  HUB_DATABASE_URL  any role that may read; without it the embedded database in HUB_DATA_DIR (.hub)
  HUB_ANCHOR_DIR    folder of the anchors (default: anchors in HUB_DATA_DIR)

Exit codes: 0 whole, 2 a fault was found (the first one is named), 1 could not be verified`;

/** Adds the subcommands. */
export function addLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .summary('查阅和核验调用记录 · who saw what, and proof of it')
    .description('The disclosure ledger.');
  ledger
    .command('verify')
    .summary('核验 · find the first broken, missing or unsealed entry')
    .description('Finds the first entry that is broken, missing or unsealed; a tail that was cut off included.')
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ json = false }: { json?: boolean }) => {
      process.exitCode = await onDatabase((pool, config) => verify(pool, config.anchorDir, json));
    });
  ledger
    .command('list')
    .summary('查阅 · print the last entries')
    .description('Prints the last entries: who, what for, what, and how many persons and households it was about.')
    .option('--last <number>', 'how many', count, 20)
    .option('--json', 'print one JSON object a line')
    .action(async ({ last, json = false }: { last: number; json?: boolean }) => {
      process.exitCode = await onDatabase(async (pool) => {
        const entries = await recentAccesses(pool, last);
        process.stdout.write(json ? entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') : table(entries));
        return 0;
      });
    });
}

async function verify(pool: Pool, anchorDir: string, json: boolean): Promise<number> {
  // Nothing is drawn where nobody watches: cli-progress draws on terminals alone.
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {value} of {total} entries | {eta_formatted}',
    hideCursor: true,
  });
  let begun = false;
  const onProgress = (done: number, total: number): void => {
    if (!begun) bar.start(total, done);
    begun = true;
    bar.setTotal(total);
    bar.update(done);
  };
  const found = await verifyLedger({ pool, anchorDir, onProgress }).finally(() => bar.stop());
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : report(found));
  return found.ok ? 0 : EXIT_FAULT;
}

function report({ firstFault, entries, seals, chains }: Verification): string {
  const checked = [counted(entries, 'entry', 'entries'), counted(seals, 'seal'), counted(chains, 'chain')].join(', ');
  if (firstFault === undefined) return `账本完整 · The ledger is whole: ${checked}.\n`;
  const { kind, chain, seq, entryId, message } = firstFault;
  const where = [
    ['fault', kind],
    ...(chain > 0 ? [['chain', String(chain)]] : []),
    ...(seq > 0 ? [['seal', String(seq)]] : []),
    ...(entryId === undefined ? [] : [['entry', entryId]]),
    ['checked before', checked],
  ].map(([what = '', value = '']) => `  ${what.padEnd(14)}  ${value}\n`);
  return `账本有误 · The ledger has a fault. ${message}\n${where.join('')}`;
}

const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

function table(entries: readonly RecentAccess[]): string {
  if (entries.length === 0) return '账本为空 · The ledger is empty.\n';
  const head = [
    '时间 at',
    '调用方 client',
    '目的 purpose',
    '案号 case',
    '结果 decision',
    '操作 operation',
    '人/户/未匹配',
  ];
  const lines = entries.map((entry) => [
    entry.at.toISOString(),
    entry.client,
    entry.purpose ?? '-',
    entry.caseNo ?? '-',
    `${entry.kind} ${entry.reason === null ? entry.decision : `${entry.decision} ${entry.reason}`}`,
    entry.operation,
    `${entry.persons}/${entry.households}/${entry.misses}`,
  ]);
  const widths = head.map((title, i) => Math.max(...[title, ...lines.map((line) => line[i] ?? '')].map(widthOf)));
  const pad = (cell: string, i: number): string => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell));
  return [head, ...lines].map((line) => `${line.map(pad).join('  ').trimEnd()}\n`).join('');
}

/** Columns of a terminal: a Chinese character takes two. */
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (/[⺀-鿿＀-￯]/u.test(char) ? 2 : 1), 0);

/** Runs the work on the configured database; one that has no ledger is said so in a sentence. */
async function onDatabase(work: (pool: Pool, config: Config) => Promise<number>): Promise<number> {
  const config = readConfig();
  const url = config.hubDatabaseUrl ?? config.databaseUrl;
  const embedded = url === undefined ? await startEmbedded({ dir: config.dataDir, log: openLog('warn') }) : undefined;
  const pool = openPool(url ?? embedded?.serverUrl ?? '', { max: 1, name: 'hub-ledger' });
  try {
    return await work(pool, config);
  } catch (error) {
    const known = NO_LEDGER[sqlState(error) ?? ''];
    if (known === undefined) throw error;
    process.stderr.write(`${known}\n`);
    return 1;
  } finally {
    await pool.end();
    await embedded?.stop();
  }
}

const NO_LEDGER: Readonly<Record<string, string>> = {
  '42P01': 'This database has no ledger yet: run hub migrate.',
  '42501': 'This role may not read the ledger: use the role of HUB_DATABASE_URL, or the owner.',
};

function count(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('Give a number between 1 and 99999.');
  return Number(text);
}
