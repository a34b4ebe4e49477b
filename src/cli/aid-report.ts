/** `hub aid report FILE.csv`: reports the grants of a file to a hub. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { HeaderError, describeColumns } from './aid/headers.ts';
import { reportFile } from './aid/report-file.ts';
import { StoppedError } from './aid/send.ts';
import { openProgress } from './aid/progress.ts';
import type { Tally } from './aid/progress.ts';

const HELP = `
The file: CSV in UTF-8, GB 18030 (GBK) or UTF-16 with a header row. Columns (* required), with the names that are accepted:
${describeColumns()}
Columns 序号 and 备注 are left alone. 救助项目 and 救助方式 take codes or Chinese names, dates 2026-03-01, 2026/3/1 or
2026年3月1日. Without a version, version 1 is meant; to correct a grant, raise it. 冲销原业务编号 undoes a grant.
救助细项 is an item of the programme (寄宿生生活补助), 凭据编号 what it is for: code of the house, number of the voucher.

The result file has one line for each row: 行号, 业务编号, 结果, 代码, 字段, 处理办法.

Run again after Ctrl-C, a failure or a power cut, with the same command: what is recorded already is not doubled.

Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the department's system

Exit codes: 0 everything is recorded, 2 some rows were rejected (see the result file), 1 stopped before the end

Examples:
  HUB_TOKEN=... hub aid report grants.csv --case ED-2026-000001
  hub aid report grants.csv --client education.demo --case ED-2026-000001 --dry-run`;

/** Most items of one call, as the hub's schema says. */
const MOST_ITEMS = 5_000;
const PATIENCE = 5 * 60_000; // ms
const LIFETIME = 8 * 3_600; // s

/** What the command line says. */
interface Options {
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly case?: string;
  readonly purpose: string;
  readonly office?: string;
  readonly dryRun?: true;
  readonly batch: number;
  readonly out?: string;
}

/** Adds the subcommand. */
export function addAid(program: Command): void {
  const aid = program.command('aid').summary('report granted aid').description('What departments granted.');
  aid
    .command('report')
    .summary('report the grants of a CSV file')
    .description('Reports the grants of a CSV file to a hub and writes what became of each row to a result file.')
    .argument('<file>', 'CSV file with a header row')
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the department’s system; better in HUB_TOKEN, where no process list shows it')
    .option(
      '--client <name>',
      'sign a token of this demo client, e.g. education.demo, with the demo key of HUB_DATA_DIR',
    )
    .option('--case <number>', 'your own number of the case or batch (Hub-Case), which the hub asks for')
    .option('--purpose <purpose>', 'what for (Hub-Purpose)', 'AID_REPORTING')
    .option('--office <code>', 'division of the deciding office for rows without 办理机构区划')
    .option('--dry-run', 'check everything, record nothing')
    .option('--batch <rows>', `rows a call, at most ${MOST_ITEMS}`, toBatch, 500)
    .option('--out <file>', 'result file (default: the file’s name with .result.csv)')
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      process.exitCode = await report(file, options);
    });
}

async function report(file: string, options: Options): Promise<number> {
  const token = await findToken(options);
  if (token === undefined) {
    process.stderr.write('缺少令牌 No token: set HUB_TOKEN, or use --token; with the demo, --client education.demo.\n');
    return 1;
  }
  const resultPath = options.out ?? file.replace(/\.csv$/i, '') + '.result.csv';
  if (resolve(resultPath) === resolve(file)) {
    process.stderr.write('结果文件不能覆盖原文件 The result file would overwrite the file: choose another --out.\n');
    return 1;
  }
  const tally: Tally = { rows: 0, recorded: 0, unchanged: 0, superseded: 0, pending: 0, rejected: 0, unreadable: 0 };
  const { stop, abort, release } = onInterrupt();
  try {
    const { finished } = await reportFile(
      {
        path: file,
        resultPath,
        batch: options.batch,
        officeRegion: options.office,
        openProgress,
        to: {
          url: endpoint(options.url),
          token: () => token,
          purpose: options.purpose,
          caseNo: options.case,
          dryRun: options.dryRun === true,
          patience: PATIENCE,
          stop,
          abort,
        },
      },
      tally,
    );
    summarise(tally, resultPath, options.dryRun === true);
    if (!finished) return stopped('按要求停止 Stopped as asked.', tally);
    return tally.rejected + tally.unreadable > 0 ? 2 : 0;
  } catch (error) {
    if (error instanceof HeaderError) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    if (error instanceof StoppedError) {
      if (tally.rows > 0) summarise(tally, resultPath, options.dryRun === true);
      return stopped(error.message + adviceOn(error.message), tally);
    }
    if (!isFileError(error)) throw error;
    process.stderr.write(`无法读写文件 Cannot use the file: ${error.code} ${error.path ?? ''}\n`);
    return 1;
  } finally {
    release();
  }
}

/** A token of a demo client is signed here; where that is refused, the message says why. */
async function findToken({ token, client }: Options): Promise<string | undefined> {
  if (client === undefined) return (token ?? process.env['HUB_TOKEN']) || undefined;
  // The whole hub comes along with it, which a report with a token does without.
  const { issueDemoToken } = await import('../server/demo-token/index.ts');
  return issueDemoToken(readConfig(), { client, lifetime: LIFETIME, purposes: undefined, clock: systemClock });
}

function summarise(tally: Tally, resultPath: string, dryRun: boolean): void {
  const { rows, recorded, unchanged, superseded, pending, rejected, unreadable } = tally;
  const counts = [
    `已记录 recorded ${recorded}`,
    `未变 unchanged ${unchanged}`,
    `历史版本 superseded ${superseded}`,
    `待原记录 pending ${pending}`,
    `拒收 rejected ${rejected}`,
    `无法读取 unreadable ${unreadable}`,
  ];
  const dry = dryRun ? '试运行，未写入 Dry run, nothing was recorded. ' : '';
  process.stdout.write(`${dry}共 ${rows} 行 rows: ${counts.join(', ')}\n结果文件 Results: ${resultPath}\n`);
}

function stopped(reason: string, { rows }: Tally): number {
  process.stderr.write(
    `${reason}\n已处理 ${rows} 行；再次运行同一命令即可继续，不会重复记录。 ` +
      `${rows} rows are done; run the same command again to go on, nothing is doubled.\n`,
  );
  return 1;
}

/** What to change on the command line, where the hub speaks of headers. */
function adviceOn(reason: string): string {
  if (reason.startsWith('CASE_REQUIRED')) return ' 请加 --case。Add --case.';
  if (reason.startsWith('UNAUTHENTICATED')) return ' 请更换令牌。Take a new token.';
  return '';
}

/** The first Ctrl-C finishes the batch under way, the second does not wait for it. */
function onInterrupt(): { stop: AbortSignal; abort: AbortSignal; release: () => void } {
  const [stop, abort] = [new AbortController(), new AbortController()];
  const interrupt = (): void => {
    if (stop.signal.aborted) abort.abort();
    else process.stderr.write('\n正在完成当前批次… Finishing the batch under way; press again to stop at once.\n');
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const release = (): void => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  };
  return { stop: stop.signal, abort: abort.signal, release };
}

function endpoint(url: string): string {
  const bare = url.replace(/\/+$/, '');
  return bare.endsWith('/graphql') ? bare : `${bare}/graphql`;
}

function toBatch(text: string): number {
  const rows = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rows < 1 || rows > MOST_ITEMS) throw new InvalidArgumentError(`A number from 1 to ${MOST_ITEMS}.`);
  return rows;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
