/** `hub query FILE.graphql`: runs a query page by page and writes its rows. */
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { getIntrospectionQuery } from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import { z } from 'zod';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { NoTokenError, issueDemoToken } from '../server/demo-token/index.ts';
import { RefusedError, UnreachableError, ask } from './query/ask.ts';
import type { Asking } from './query/ask.ts';
import { columnsOf } from './query/columns.ts';
import { QueryFormError, readQuery } from './query/form.ts';
import type { QueryForm } from './query/form.ts';
import { PageError, readPages } from './query/pages.ts';
import type { QueryRow } from './query/pages.ts';
import { writeRows } from './query/write.ts';

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;
/** As shells report an interrupt. */
const EXIT_INTERRUPTED = 130;

const HELP = `
The file holds one query. Its connection (a field with edges or nodes) is followed to the last page; the command adds pageInfo and
the cursor by itself. A query without a connection has one root field, whose items are the rows.

CSV has a column for each field, nested ones with dots: person.name. A list inside a row is one column, as JSON.

Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the caller

Exit codes: 0 all rows written, 1 stopped before the end (what went to standard output is incomplete, --out writes no
file), 2 the hub refused, 130 interrupted

Examples:
  hub query recipients.graphql --client civil-affairs.demo --purpose DYNAMIC_MONITORING --case CA-2026-000001 \\
    --variables '{"filter": {"programme": "DIBAO"}}' --format csv --out dibao.csv
  HUB_TOKEN=... hub query check.graphql --variables @people.json --purpose AID_ELIGIBILITY --case ED-2026-000001`;

interface Options {
  readonly format: 'csv' | 'jsonl';
  readonly variables: string;
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly purpose?: string;
  readonly case?: string;
  readonly nullDenied?: true;
  readonly bom?: true;
  readonly out?: string;
}

/** Adds the subcommand. */
export function addQuery(program: Command): void {
  program
    .command('query')
    .summary('run a query and write its rows as CSV or JSON lines')
    .description('Runs a query, page by page to the end, and writes its rows as CSV or JSON lines.')
    .argument('<file>', 'file with one GraphQL query; - for standard input')
    .addOption(new Option('--format <format>', 'what to write').choices(['csv', 'jsonl']).default('jsonl'))
    .option('--variables <json>', 'variables as JSON, or @file', '{}')
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the caller; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
    .option('--purpose <purpose>', 'what for (Hub-Purpose)')
    .option('--case <number>', 'your own case number (Hub-Case)', caseNumber)
    .option('--null-denied', 'null where a field is denied, in place of a refusal (Hub-On-Denied)')
    .option('--bom', 'begin CSV with a byte order mark, for Excel')
    .option('--out <file>', 'write to this file in place of standard output')
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      process.exitCode = await query(file, options);
    });
}

async function query(file: string, options: Options): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const asking = await toAsking(options, interrupted.signal);
    if (asking === undefined) {
      process.stderr.write(
        '缺少令牌 No token: set HUB_TOKEN, or use --token; with the demo, --client education.demo.\n',
      );
      return EXIT_STOPPED;
    }
    const form = readQuery(await readText(file));
    const variables = await readVariables(options.variables);
    const writing =
      options.format === 'csv'
        ? { format: options.format, columns: await findColumns(form, asking), bom: options.bom === true }
        : { format: options.format };
    const pages = readPages({ form, variables, asking, onError: (error) => process.stderr.write(`${error}\n`) });
    await writeRows(counted(pages), writing, options.out);
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT_INTERRUPTED;
    if (!(error instanceof Error) || !EXPECTED.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof RefusedError || error instanceof NoTokenError ? EXIT_REFUSED : EXIT_STOPPED;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const EXPECTED = [RefusedError, UnreachableError, QueryFormError, PageError, NoTokenError];
const PATIENCE = 60_000; // ms
const LIFETIME = 8 * 3_600; // s

async function toAsking(options: Options, signal: AbortSignal): Promise<Asking | undefined> {
  const { client, purpose, nullDenied = false } = options;
  const token =
    client === undefined
      ? (options.token ?? process.env['HUB_TOKEN'])
      : await issueDemoToken(readConfig(), { client, lifetime: LIFETIME, clock: systemClock });
  if (token === undefined || token === '') return undefined;
  const url = `${options.url.replace(/(\/graphql)?\/*$/, '')}/graphql`;
  return { url, token, purpose, caseNo: options.case, nullDenied, signal, patience: PATIENCE };
}

/** The schema tells which fields are lists; the caller's own view of it is enough. */
async function findColumns(form: QueryForm, asking: Asking) {
  const { data } = await ask({ query: getIntrospectionQuery({ descriptions: false }) }, asking);
  return columnsOf(introspection.parse(data), form);
}
const introspection = z.custom<IntrospectionQuery>(
  (data) => z.object({ __schema: z.object({}) }).safeParse(data).success,
);

/** Passes pages on and says on standard error how many rows there were. */
async function* counted(pages: AsyncIterable<readonly QueryRow[]>): AsyncGenerator<readonly QueryRow[]> {
  const { stderr } = process;
  let count = 0;
  for await (const rows of pages) {
    yield rows;
    count += rows.length;
    if (stderr.isTTY) stderr.write(`\r${String(count)} 行 rows`);
  }
  stderr.write(`${stderr.isTTY ? '\r' : ''}${String(count)} 行 rows\n`);
}

async function readText(file: string): Promise<string> {
  if (file !== '-')
    return readFile(file, 'utf8').catch(() => Promise.reject(new QueryFormError(`${file} cannot be read.`)));
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

async function readVariables(option: string): Promise<Readonly<Record<string, unknown>>> {
  const text = option.startsWith('@') ? await readText(option.slice(1)) : option;
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    // The parser's own message quotes the text.
    throw new QueryFormError('--variables is not a JSON object.');
  }
}

function caseNumber(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A case number is not empty.');
  return text;
}
