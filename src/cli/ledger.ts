/** `hub ledger`: reads the disclosure ledger and finds what was done to it. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { recentAccesses } from '../server/index.ts';
import type { RecentAccess } from '../server/index.ts';
import { addArchive } from './ledger/archive.ts';
import { addExport } from './ledger/export.ts';
import { addKeys } from './ledger/keys.ts';
import { addMonths } from './ledger/months.ts';
import { onDatabase } from './ledger/on-database.ts';
import { addVerify } from './ledger/verify.ts';

/** Adds the subcommands. */
export function addLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .summary('查阅和核验调用记录 · who saw what, and proof of it')
    .description('The disclosure ledger.');
  addVerify(ledger);
  addExport(ledger);
  addKeys(ledger);
  addMonths(ledger);
  addArchive(ledger);
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

function count(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('Give a number between 1 and 99999.');
  return Number(text);
}
