/** `hub access`: who looked at a person's data, the letter that tells the person, and who relies on what they were told. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { systemClock } from '../platform/clock.ts';
import { addMonths } from '../platform/dates.ts';
import { NoTokenError } from '../server/demo-token/index.ts';
import { toAsking } from './governing.ts';
import { RefusedError, UnreachableError, ask } from './query/ask.ts';
import type { Asking } from './query/ask.ts';

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;
const PAGE = 200;

const HELP = `
PERSON is the identifier of the person in the hub. Days are days in China, both included. Departments are told of their
own accesses, auditors and the stewards of civil affairs of all. Each of these questions is an access itself and recorded.

Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the caller

Exit codes: 0 done, 1 stopped, 2 the hub refused

Examples:
  hub access of PERSON --client audit.demo --purpose AUDIT --case AU-2026-000001 --from 2026-03-01 --to 2026-03-31
  hub access letter PERSON --client civil-affairs.steward-a.demo --case CA-2026-000001 --out letter.html`;

const COMPLAINTS =
  '所在地县级以上人民政府民政部门，或者上表所列有关部门的信访、投诉受理机构；\n网信部门统一举报电话：12377；政务服务便民热线：12345';

interface Options {
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly purpose: string;
  readonly case?: string;
  readonly from?: string;
  readonly to?: string;
  readonly since?: string;
  readonly json?: true;
  readonly out?: string;
  readonly name?: string;
  readonly complaints: string;
}

/** Adds the subcommands. */
export function addAccess(program: Command): void {
  const access = program
    .command('access')
    .summary('who was told what of a person')
    .description('Who was told what of a person, when, what for and on which basis.')
    .addHelpText('after', HELP);
  asked(access.command('of').argument('<person>'))
    .summary('查阅记录 · who looked')
    .description('Lists the accesses to a person’s data, newest first.')
    .option('--from <date>', 'from that day on')
    .option('--to <date>', 'to the end of that day')
    .option('--json', 'print one JSON object a line')
    .action(async (person: string, options: Options) => {
      process.exitCode = await toldFailures(() => list(person, options));
    });
  asked(access.command('letter').argument('<person>'))
    .summary('告知书 · the letter to the person, for printing')
    .description('Writes the letter that tells a person who looked at their data: an HTML page in Chinese, for A4.')
    .option('--from <date>', 'from that day on (default: a year ago)')
    .option('--to <date>', 'to the end of that day (default: today)')
    .option('--name <name>', 'how the person is addressed')
    .option('--complaints <text>', 'where the person can complain: office, address, telephone', COMPLAINTS)
    .requiredOption('--out <file>', 'file to write; an existing one is not overwritten')
    .action(async (person: string, options: Options) => {
      process.exitCode = await toldFailures(() => letter(person, options));
    });
  asked(access.command('relied-on').argument('<person>').argument('<coordinate>'))
    .summary('使用追溯 · which systems and cases were told a value')
    .description(
      'Lists which systems were told a value of a person, and in which cases. The value is a field such as ' +
        'Person.address, or a group of the sharing catalogue such as status.',
    )
    .option('--since <date>', 'told on that day or later')
    .option('--json', 'print one JSON object a line')
    .action(async (person: string, coordinate: string, options: Options) => {
      process.exitCode = await toldFailures(() => relied(person, coordinate, options));
    });
}

const asked = (command: Command): Command =>
  command
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the caller; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
    .addOption(new Option('--purpose <purpose>', 'what for (Hub-Purpose)').default('GOVERNANCE'))
    .option('--case <number>', 'your own case number (Hub-Case), e.g. that of the person’s request');

/** What is expected to go wrong is a sentence and an exit code. */
async function toldFailures(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    const refused = error instanceof RefusedError || error instanceof NoTokenError;
    if (!refused && !(error instanceof UnreachableError) && !(error instanceof StoppedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return refused ? EXIT_REFUSED : EXIT_STOPPED;
  }
}

class StoppedError extends Error {}

const ACCESSES = `query AccessesOf($person: ID!, $from: Date, $to: Date, $first: Int, $after: String) {
  accessesOf(personId: $person, from: $from, to: $to, first: $first, after: $after) {
    nodes { at department client role purpose caseNo kind decision coordinates kinds legalBasis }
    pageInfo { hasNextPage endCursor }
  }
}`;

const access = z.object({
  at: z.string(),
  department: z.string(),
  client: z.string(),
  role: z.string(),
  purpose: z.string().nullable(),
  caseNo: z.string().nullable(),
  kind: z.string(),
  decision: z.string(),
  coordinates: z.array(z.string()),
  kinds: z.array(z.string()),
  legalBasis: z.string().nullable(),
});
type Access = z.infer<typeof access>;

const accesses = z.object({
  accessesOf: z.object({
    nodes: z.array(access),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

async function* pagesOf(
  person: string,
  { from, to }: Pick<Options, 'from' | 'to'>,
  asking: Asking,
): AsyncGenerator<readonly Access[]> {
  for (let after: string | null = null, more = true; more;) {
    const variables = { person, from: from ?? null, to: to ?? null, first: PAGE, after };
    const { data } = await ask({ query: ACCESSES, variables }, asking);
    const { nodes, pageInfo } = accesses.parse(data).accessesOf;
    yield nodes;
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
}

async function list(person: string, options: Options): Promise<void> {
  let count = 0;
  for await (const page of pagesOf(person, options, await toAsking(options))) {
    count += page.length;
    process.stdout.write(page.map((one) => (options.json ? `${JSON.stringify(one)}\n` : lineOf(one))).join(''));
  }
  if (count === 0 && !options.json) process.stdout.write('没有查阅记录 · Nobody looked.\n');
}

const lineOf = ({ at, department, client, purpose, caseNo, kind, decision, kinds, legalBasis }: Access): string =>
  [
    `${at}  ${department}  ${client}  ${purpose ?? '-'}  ${caseNo ?? '-'}  ${kind} ${decision}\n`,
    `  ${kinds.join('、')}\n`,
    `  ${legalBasis ?? '-'}\n`,
  ].join('');

async function letter(person: string, options: Options): Promise<void> {
  const today = systemClock.today();
  const { from = addMonths(today, -12), to = today, out = '', name, complaints } = options;
  const asking = await toAsking(options);
  const found: Access[] = [];
  for await (const page of pagesOf(person, { from, to }, asking)) found.push(...page);
  const { personLetter } = await import('../server/index.ts');
  const html = personLetter({
    personId: person,
    name,
    from,
    to,
    writtenOn: today,
    caseNo: options.case ?? '',
    complaints,
    accesses: found.reverse(),
  });
  // Personal data: for whoever made it alone, and never over something that is there.
  await writeFile(out, html, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw new StoppedError(`${out} cannot be written: ${codeOf(error)}`);
  });
  process.stdout.write(`已写入 ${out}：${String(found.length)} 条记录 · ${String(found.length)} accesses\n`);
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

const RELIED = `query WhoReliedOn($person: ID!, $coordinate: String!, $since: Date) {
  whoReliedOn(personId: $person, coordinate: $coordinate, since: $since) {
    department client purpose caseNo coordinates times firstAt lastAt
  }
}`;

const reliances = z.object({
  whoReliedOn: z.array(
    z.object({
      department: z.string(),
      client: z.string(),
      purpose: z.string().nullable(),
      caseNo: z.string().nullable(),
      coordinates: z.array(z.string()),
      times: z.int(),
      firstAt: z.string(),
      lastAt: z.string(),
    }),
  ),
});

async function relied(person: string, coordinate: string, options: Options): Promise<void> {
  const variables = { person, coordinate, since: options.since ?? null };
  const { data } = await ask({ query: RELIED, variables }, await toAsking(options));
  const { whoReliedOn } = reliances.parse(data);
  if (whoReliedOn.length === 0 && !options.json) process.stdout.write('没有使用方 · Nobody was told.\n');
  for (const one of whoReliedOn) {
    const { department, client, purpose, caseNo, coordinates, times, firstAt, lastAt } = one;
    process.stdout.write(
      options.json
        ? `${JSON.stringify(one)}\n`
        : `${department}  ${client}  ${purpose ?? '-'}  ${caseNo ?? '-'}  ${String(times)}×  ${firstAt} – ${lastAt}\n` +
            `  ${coordinates.join(', ')}\n`,
    );
  }
}
