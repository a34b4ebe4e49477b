/** `hub requests`: requests for access as stewards work with them, over the hub's own interface. */
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { NoTokenError } from '../server/demo-token/index.ts';
import { toAsking } from './governing.ts';
import { RefusedError, UnreachableError, ask } from './query/ask.ts';
import type { Asking } from './query/ask.ts';
import { RequestFileError, toInput } from './requests/request-file.ts';
import { showList, showReceipt, showRequest } from './requests/show.ts';

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;

const HELP = `
Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the steward

The case number (--case) is your department's own number of the matter; it stands in the ledger.

Exit codes: 0 done, 1 stopped, 2 the hub refused

Examples:
  hub requests ask request.json --client education.steward-a.demo --case ED-GOV-2026-001
  hub requests list --of AWAITING_US --client civil-affairs.steward-a.demo --case CA-GOV-2026-001
  hub requests answer RQ-2026-000001 --grant --only name=FULL --only birth-date=MASKED:CASELOAD --client ...
  hub requests answer RQ-2026-000001 --refuse --reason ... --basis ... --client ...`;

const ASK_HELP = `
The file is JSON, in the words of the agreements in schema/policy:

{
  "key": "ED-2026-007", "role": "SYSTEM",
  "fields": { "death": "full", "phone": "masked:caseload" },
  "rows": { "Person": "caseload" }, "operations": ["person"], "purposes": ["CASE_HANDLING"],
  "legalBasis": "《社会救助法》第42条", "scenario": "...", "mode": "SERVICE_INTERFACE",
  "validFrom": "2026-12-01", "validUntil": "2027-06-30"
}`;

interface Options {
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly case: string;
}

type Run = (asking: Asking) => Promise<string>;

/** Adds the subcommand. */
export function addRequests(program: Command): void {
  const requests = program
    .command('requests')
    .summary('ask for access, answer, extend, withdraw')
    .description('共享申请 · Requests of departments for access to groups of fields, and the answers of their owners.')
    .addHelpText('after', HELP);
  const command = (form: string, description: string): Command =>
    requests
      .command(form)
      .description(description)
      .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
      .option('--token <token>', 'token of the steward; better in HUB_TOKEN, where no process list shows it')
      .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
      .requiredOption('--case <number>', 'your own number of the matter (Hub-Case)');

  command('list', '列出申请 · List requests that concern your department, oldest first')
    .option('--of <which>', 'OURS, AWAITING_US, OPEN or OVERDUE; all by default')
    .action((options: Options & { of?: string }) => run(options, (asking) => list(asking, options.of)));
  command('show <number>', '查看申请 · Show one request with its groups and answers').action(
    (number: string, options: Options) => run(options, (asking) => show(asking, number)),
  );
  command('ask <file>', '提出申请 · Ask for access; the same key again is the same request')
    .addHelpText('after', ASK_HELP)
    .action((file: string, options: Options) =>
      run(options, async (asking) => {
        const input = toInput(
          await readFile(file, 'utf8').catch(() => Promise.reject(new RequestFileError(`${file} cannot be read.`))),
        );
        return act(asking, 'requestAccess', '$input: RequestAccessInput!', 'input: $input', { input });
      }),
    );
  command('answer <number>', '答复申请 · Answer for your department')
    .option('--grant', 'grant: all that was asked of you, or --only')
    .option('--only <group=access>', 'grant only this, e.g. phone=MASKED:CASELOAD; repeat it', toGroups, undefined)
    .option('--until <date>', 'grant until this day, earlier than asked')
    .option('--refuse', 'refuse, with --reason and --basis')
    .option('--reason <text>', 'why')
    .option('--basis <text>', 'legal basis')
    .action((number: string, options: Options & Answering) =>
      run(options, (asking) => {
        if ((options.grant === true) === (options.refuse === true))
          throw new RequestFileError('说明 --grant 或 --refuse。Say --grant or --refuse.');
        const input = {
          request: number,
          verdict: options.grant === true ? 'GRANT' : 'REFUSE',
          groups: options.only,
          validUntil: options.until,
          reason: options.reason,
          legalBasis: options.basis,
        };
        return act(asking, 'answerAccessRequest', '$input: AnswerAccessRequestInput!', 'input: $input', { input });
      }),
    );
  command('extend <number>', '延长答复期限 · Extend your term by 10 working days, once, while it lasts')
    .requiredOption('--reason <text>', 'why; the department that asks is told')
    .action((request: string, options: Options & { reason: string }) =>
      run(options, (asking) =>
        act(asking, 'extendAnswer', '$request: String!, $reason: String!', 'request: $request, reason: $reason', {
          request,
          reason: options.reason,
        }),
      ),
    );
  command('withdraw <number>', '撤回申请 · Withdraw a request of your department').action(
    (request: string, options: Options) =>
      run(options, (asking) =>
        act(asking, 'withdrawAccessRequest', '$request: String!', 'request: $request', { request }),
      ),
  );
}

interface Answering {
  readonly grant?: true;
  readonly refuse?: true;
  readonly only?: readonly GroupOption[];
  readonly until?: string;
  readonly reason?: string;
  readonly basis?: string;
}

interface GroupOption {
  readonly name: string;
  readonly access: string;
  readonly scope?: string;
}

async function run(options: Options, work: Run): Promise<void> {
  try {
    process.stdout.write(await work(await toAsking({ ...options, purpose: 'GOVERNANCE' })));
  } catch (error) {
    const isRefusal = error instanceof RefusedError || error instanceof NoTokenError;
    if (!isRefusal && !(error instanceof UnreachableError) && !(error instanceof RequestFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = isRefusal ? EXIT_REFUSED : EXIT_STOPPED;
  }
}

const ANSWERS =
  'answers { owner state dueOn overdue workingDaysLeft termDays extendedDays grantedUntil reason legalBasis }';

async function list(asking: Asking, of: string | undefined): Promise<string> {
  const query = `query Requests($list: AccessRequestList, $after: String) {
    accessRequests(list: $list, first: 200, after: $after) {
      nodes { number department role state validUntil ${ANSWERS} } pageInfo { hasNextPage endCursor } } }`;
  const lines: string[] = [];
  for (let after: string | null = null; ;) {
    const { data } = await ask({ query, variables: { list: of, after } }, asking);
    const { nodes, pageInfo } = page.parse(data['accessRequests']);
    lines.push(showList(nodes));
    if (!pageInfo.hasNextPage) return lines.join('');
    after = pageInfo.endCursor;
  }
}

const page = z.object({
  nodes: z.array(z.record(z.string(), z.unknown())),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});

async function show(asking: Asking, number: string): Promise<string> {
  const query = `query Request($number: String) { accessRequest(number: $number) {
    number department role purposes operations rowScopes legalBasis scenario mode validFrom validUntil requestedBy requestedAt state
    groups { name owner access scope grantedAccess grantedScope } ${ANSWERS} } }`;
  const { data } = await ask({ query, variables: { number } }, asking);
  const request = z.record(z.string(), z.unknown()).nullable().parse(data['accessRequest']);
  if (request === null) throw new RefusedError('没有该编号的申请。There is no such request for your department.');
  return showRequest(request);
}

async function act(
  asking: Asking,
  name: string,
  declared: string,
  given: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<string> {
  const query = `mutation Act(${declared}) { ${name}(${given}) {
    number state unchanged draft answers { owner state dueOn termDays } } }`;
  const { data, errors } = await ask({ query, variables }, asking);
  const receipt = data[name];
  if (receipt === null || receipt === undefined) throw new RefusedError(errors.join('\n'));
  return showReceipt(z.record(z.string(), z.unknown()).parse(receipt));
}

/** `phone=MASKED:CASELOAD`, gathered. */
function toGroups(text: string, held: readonly GroupOption[] | undefined): readonly GroupOption[] {
  const match = /^([a-z-]+)=([A-Z]+)(?::([A-Z_]+))?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Write group=FULL, group=MASKED or group=FULL:CASELOAD.');
  const [, name = '', access = '', scope] = match;
  return [...(held ?? []), { name, access, ...(scope === undefined ? {} : { scope }) }];
}
