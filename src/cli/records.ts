/** `hub records`: a department's own records, as files, from the empty template to the result of each row. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { NoTokenError } from '../server/demo-token/index.ts';
import { asked, inChina, toAsking } from './governing.ts';
import type { Options } from './governing.ts';
import { RefusedError, UnreachableError } from './query/ask.ts';
import type { Asking } from './query/ask.ts';
import { applyDelivery, withdrawDelivery } from './records/acts.ts';
import { isWaiting, refusedRows, showDelivery } from './records/delivery.ts';
import type { Delivery } from './records/delivery.ts';
import { fetchFile, findDelivery, listDeliveries, listKinds } from './records/hub.ts';
import type { RecentDelivery } from './records/hub.ts';
import { follow, foresee, importFile, stageFile } from './records/import.ts';

const HELP = `
The file: CSV (UTF-8, GB 18030 or UTF-16; comma, semicolon or tab) or XLSX (up to 50,000 rows), with the headers of the
template of its record: hub records template STUDENT. A title above the header is passed over.

The modes: delta – these rows are new or changed. snapshot – this is everything: what is held for the same source and division
and is not in the file ends, unless that is more than the set share (then --end-all confirms it).

preview sends the file, has the hub find out what applying it would do, shows how far that is, and then the counts. Ctrl-C
stops the waiting; the same command goes on.

import sends the file, shows what it would do, asks (where somebody is there to answer), applies it and writes a result file
with one line for each row that needs attention: 行号, 业务编号, 字段, 代码, 原因, 处理办法. With --yes it applies at once, without
the preview, which takes as long. Good rows are never lost with a bad one. Ctrl-C stops; the same command goes on where it was,
also after a failure or a power cut: the hub knows the file by its digest, and nothing is done twice.

Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the department's system or registrar

Exit codes: 0 everything is recorded, 2 the hub refused, or some rows were rejected (see the result file), 1 stopped before the end,
130 interrupted

Examples:
  hub records list --client education.demo --case ED-2026-000001
  hub records template STUDENT --xlsx --client education.demo --case ED-2026-000001
  hub records import pupils.csv --record STUDENT --mode snapshot --region 620102 --client education.demo --case ED-2026-000001
  hub records import pupils.xlsx --record STUDENT --yes --client education.demo --case ED-2026-000001
  hub records status --client education.demo --case ED-2026-000001`;

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;
const EXIT_INTERRUPTED = 130;
const RECENT = 20;
const PATIENCE = 5 * 60_000; // ms

interface FileOptions extends Options {
  readonly record: string;
  readonly mode: string;
  readonly asOf?: string;
  readonly region?: string;
  readonly source?: string;
}

interface ImportOptions extends FileOptions {
  readonly yes?: true;
  readonly endAll?: true;
  readonly out?: string;
}

/** Adds the subcommand. */
export function addRecords(program: Command): void {
  const records = program
    .command('records')
    .summary('deliver records')
    .description('报送本部门记录 · Delivers the records of a department as files.')
    .addHelpText('after', HELP);
  const command = (name: string, summary: string): Command =>
    asked(records.command(name).summary(summary).description(summary), 'DATA_SUPPLY').addHelpText('after', HELP);
  const forFile = (name: string, summary: string): Command =>
    command(name, summary)
      .argument('<file>', 'CSV or XLSX file with the headers of its template')
      .requiredOption('--record <record>', 'kind of records, such as STUDENT (hub records list)')
      .addOption(
        new Option('--mode <mode>', 'these changed, or this is everything')
          .choices(['delta', 'snapshot'])
          .default('delta'),
      )
      .option(
        '--as-of <day>',
        'when the rows were true in your system: 2026-11-20, or an instant with its zone (default: now)',
      )
      .option('--region <code>', 'division that the file is about (default: all that the source has)')
      .option('--source <name>', 'source system, where one client brings several');

  command('list', '可报送的记录种类 · the kinds of records that the hub takes').action((options: Options) =>
    run(options, async (asking) => {
      const kinds = await listKinds(asking);
      if (options.json) return print(`${JSON.stringify(kinds, null, 2)}\n`);
      return print(
        kinds
          .map(
            ({ record, title, department, required }) =>
              `${record}  ${department}  ${title}\n    ${required.join('、')}\n`,
          )
          .join(''),
      );
    }),
  );
  command('template', '下载空白模板 · an empty file with the headers of a record')
    .argument('<record>', 'kind of records')
    .option('--xlsx', 'XLSX with notes in a second sheet (default: CSV)')
    .option('--out <file>', 'where to (default: the record’s name)')
    .action((record: string, options: Options & { readonly xlsx?: true; readonly out?: string }) =>
      run(options, async (asking) => {
        const form = options.xlsx === true ? 'xlsx' : 'csv';
        const path = options.out ?? `${record.toLowerCase()}.${form}`;
        await fetchFile(asking, `/records/${encodeURIComponent(record)}/template.${form}`, path);
        return print(`${path}\n`);
      }),
    );
  forFile('preview', '预览 · send a file and show what applying it would do; nothing is applied').action(
    (path: string, options: FileOptions) =>
      run(options, async (asking) => {
        const staged = await stageFile(asking, { ...options, path });
        return tell(isWaiting(staged) ? await foresee(asking, staged) : staged, options);
      }),
  );
  forFile('import', '报送文件 · send a file, show what it would do, apply it, write the result file')
    .option('--yes', 'apply at once: show no preview, ask nothing')
    .option('--end-all', 'end what is missing from a snapshot beyond the set share too')
    .option('--out <file>', 'result file (default: the file’s name with .result.csv)')
    .action((path: string, options: ImportOptions) => {
      const resultPath = options.out ?? `${path.replace(/\.(csv|xlsx|txt)$/i, '')}.result.csv`;
      return run(options, async (asking) => {
        if (resolve(resultPath) === resolve(path))
          throw new UnreachableError(
            '结果文件不能覆盖原文件 The result file would overwrite the file: choose another --out.',
          );
        const { yes = false, endAll = false } = options;
        const done = await importFile(asking, { ...options, path, yes, endAll, resultPath });
        return done.state === 'APPLIED' && refusedRows(done) === 0 && done.code === null ? 0 : EXIT_REFUSED;
      });
    });
  command('status', '查看报送 · one delivery, or the latest ones')
    .argument('[id]', 'delivery')
    .action((id: string | undefined, options: Options) =>
      run(options, async (asking) => {
        if (id !== undefined) return tell(await findDelivery(asking, id), options);
        const latest = await listDeliveries(asking, RECENT);
        return print(options.json ? `${JSON.stringify(latest, null, 2)}\n` : latest.map(lineOf).join(''));
      }),
    );
  command('apply', '应用 · apply a delivery that was sent before, and wait for it')
    .argument('<id>', 'delivery')
    .option('--end-all', 'end what is missing from a snapshot beyond the set share too')
    .action((id: string, options: Options & { readonly endAll?: true }) =>
      run(options, async (asking) => {
        const done = await follow(asking, await applyDelivery(asking, id, options.endAll === true));
        tell(done, options);
        return refusedRows(done) === 0 && done.code === null ? 0 : EXIT_REFUSED;
      }),
    );
  command('withdraw', '撤回 · take back a delivery that was not applied')
    .argument('<id>', 'delivery')
    .action((id: string, options: Options) =>
      run(options, async (asking) => tell(await withdrawDelivery(asking, id), options)),
    );
}

const print = (text: string): number => {
  process.stdout.write(text);
  return 0;
};
const tell = (delivery: Delivery, { json }: Options): number =>
  print(json ? `${JSON.stringify(delivery, null, 2)}\n` : showDelivery(delivery));

const lineOf = ({
  id,
  record,
  mode,
  state,
  openedAt,
  rowCount,
  faultyCount,
  rejectedCount,
  fileName,
}: RecentDelivery) =>
  `${[
    id,
    record,
    mode,
    state,
    inChina(openedAt),
    `${String(rowCount)} 行 rows`,
    `${String(faultyCount + rejectedCount)} 拒收 rejected`,
    fileName ?? '',
  ].join('  ')}\n`;

/** Runs the work; what is expected to go wrong is a sentence and an exit code. */
async function run(options: Options, work: (asking: Asking) => number | Promise<number>): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => {
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    process.exitCode = await work({ ...(await toAsking(options)), signal: stop.signal, patience: PATIENCE });
  } catch (error) {
    process.exitCode = exitOf(error, stop.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function exitOf(error: unknown, { aborted }: AbortSignal): number {
  if (aborted) {
    process.stderr.write('\n已停止 Stopped. 继续请重复同一命令 The same command goes on: nothing is done twice.\n');
    return EXIT_INTERRUPTED;
  }
  if (error instanceof RefusedError || error instanceof NoTokenError || error instanceof UnreachableError) {
    process.stderr.write(`${error.message}\n`);
    return error instanceof UnreachableError ? EXIT_STOPPED : EXIT_REFUSED;
  }
  if (error instanceof Error && 'syscall' in error && 'path' in error) {
    process.stderr.write(`无法读写文件 Cannot use the file: ${error.message}\n`);
    return EXIT_STOPPED;
  }
  throw error;
}
