/** What the commands of stewards, auditors and those on duty have in common: a token, a purpose, a case, one operation. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { NoTokenError, issueDemoToken } from '../server/demo-token/index.ts';
import { RefusedError, UnreachableError, ask } from './query/ask.ts';
import type { Asking } from './query/ask.ts';

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;
const PATIENCE = 60_000; // ms
const LIFETIME = 3_600; // s

/** For the help of each command. */
export const ENVIRONMENT = `
Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the caller

Exit codes: 0 done, 1 stopped, 2 the hub refused`;

/** What every such command is told. */
export interface Options {
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly purpose: string;
  readonly case: string;
  readonly json?: true;
}

/** The options, with the purpose for which the command mostly asks. */
export const asked = (command: Command, purpose: string): Command =>
  command
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the caller; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
    .addOption(new Option('--purpose <purpose>', 'what for (Hub-Purpose)').default(purpose))
    .requiredOption('--case <number>', 'your own case number (Hub-Case)')
    .option('--json', 'print JSON');

/** Runs the work and writes its text; what is expected to go wrong is a sentence and an exit code. */
export async function run(options: Options, work: (asking: Asking) => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await work(await toAsking(options)));
  } catch (error) {
    const refused = error instanceof RefusedError || error instanceof NoTokenError;
    if (!refused && !(error instanceof UnreachableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = refused ? EXIT_REFUSED : EXIT_STOPPED;
  }
}

/**
 * Whom to ask, as whom, what for and in which case. Throws NoTokenError for a client of no demo, UnreachableError where there
 * is no token at all.
 */
export async function toAsking({
  client,
  token,
  url,
  purpose,
  case: caseNo,
}: Pick<Options, 'client' | 'token' | 'url' | 'purpose'> & { readonly case?: string | undefined }): Promise<Asking> {
  const signed =
    client === undefined
      ? (token ?? process.env['HUB_TOKEN'])
      : await issueDemoToken(readConfig(), { client, lifetime: LIFETIME, clock: systemClock });
  if (signed === undefined || signed === '')
    throw new UnreachableError(
      '缺少令牌 No token: set HUB_TOKEN, or use --token; with the demo, --client (hub token --list).',
    );
  return {
    url: `${url.replace(/(\/graphql)?\/*$/, '')}/graphql`,
    token: signed,
    purpose,
    caseNo,
    nullDenied: false,
    signal: new AbortController().signal,
    patience: PATIENCE,
  };
}

/** Runs one mutation. Throws RefusedError with what the hub said. */
export async function act<T>(
  asking: Asking,
  { name, query, variables, form }: Operation & { readonly form: z.ZodType<T> },
): Promise<T> {
  const { data, errors } = await ask({ query, variables }, asking);
  const receipt = data[name];
  if (receipt === null || receipt === undefined) throw new RefusedError(errors.join('\n'));
  return form.parse(receipt);
}

/** An operation with one root field. */
export interface Operation {
  /** Of the root field. */
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const page = z.object({
  nodes: z.array(z.unknown()),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});

/** All items of a list, page by page; the query takes `$after`. */
export async function all<T>(
  asking: Asking,
  { name, query, variables, form }: Operation & { readonly form: z.ZodType<T> },
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let after: string | null = null; ;) {
    const { data } = await ask({ query, variables: { ...variables, after } }, asking);
    const { nodes, pageInfo } = page.parse(data[name]);
    items.push(...nodes.map((node) => form.parse(node)));
    if (!pageInfo.hasNextPage) return items;
    after = pageInfo.endCursor;
  }
}

/** An instant as clocks in China show it, to the minute. */
export const inChina = (instant: string): string =>
  new Date(instant).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
