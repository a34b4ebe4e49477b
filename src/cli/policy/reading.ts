/** `hub policy list|show|versions|diff`: what everybody may read of agreements. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { run } from '../governing.ts';
import type { Options } from '../governing.ts';
import { RefusedError, ask } from '../query/ask.ts';
import type { Asking } from '../query/ask.ts';
import { toFile } from './agreement-file.ts';

/** What is public needs neither purpose nor case. */
type Reading = Pick<Options, 'url' | 'token' | 'client' | 'json'>;

const reading = (command: Command): Command =>
  command
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the caller; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR');

const read = (options: Reading, work: (asking: Asking) => Promise<string>): Promise<void> =>
  run({ ...options, purpose: 'GOVERNANCE', case: 'POLICY' }, work);

/** Adds the subcommands. */
export function addReading(policy: Command): void {
  reading(policy.command('list'))
    .description('列出协议 · List the agreements in force')
    .option('--department <code>', 'only what this department receives, e.g. HOUSING')
    .action((options: Reading & { department?: string }) =>
      read(options, (asking) => list(asking, options.department)),
    );
  reading(policy.command('show <number>'))
    .description('查看协议 · Print an agreement as a file that `hub policy draft` takes')
    .option('--version <number>', 'as of this version', wholeNumber)
    .action((number: string, options: Reading & { version?: number }) =>
      read(options, (asking) => show(asking, number, options.version)),
    );
  reading(policy.command('versions'))
    .description('版本历史 · List the versions, the newest first')
    .action((options: Reading) => read(options, versions));
  reading(policy.command('diff <from> <to>'))
    .description('版本差异 · Say how one version became the other, a line each')
    .action((from: string, to: string, options: Reading) =>
      read(options, (asking) => diff(asking, wholeNumber(from), wholeNumber(to))),
    );
}

const agreement = z.object({
  number: z.string(),
  department: z.string(),
  role: z.string(),
  title: z.string(),
  purposes: z.array(z.string()),
  validFrom: z.string(),
  validUntil: z.string().nullable(),
  state: z.string(),
  stateReason: z.string().nullable(),
  inForce: z.boolean(),
});

async function list(asking: Asking, department: string | undefined): Promise<string> {
  const query = `query List($department: Department) { sharingAgreements(department: $department) {
    number department role title purposes validFrom validUntil state stateReason inForce } }`;
  const { data } = await ask({ query, variables: department === undefined ? {} : { department } }, asking);
  return z
    .array(agreement)
    .parse(data['sharingAgreements'])
    .map(({ number, validFrom, validUntil, purposes, ...one }) => {
      const state = one.state === 'ACTIVE' ? (one.inForce ? '有效 in force' : '不在有效期 not valid today') : one.state;
      const reason = one.stateReason === null ? '' : ` (${one.stateReason})`;
      const period = `${validFrom} – ${validUntil ?? ''}`;
      return `${number}  ${one.department}/${one.role}  ${purposes.join(',')}  ${period}  ${state}${reason}  ${one.title}\n`;
    })
    .join('');
}

async function show(asking: Asking, number: string, version: number | undefined): Promise<string> {
  const query = `query Show($number: String!, $version: Int) { sharingAgreements(number: $number, version: $version) {
    number department role title legalBasis purposes validFrom validUntil emergency smallestCount missesPerDay operations
    rows { type scope } fields { group access scope } state stateReason } }`;
  const { data } = await ask({ query, variables: { number, ...(version === undefined ? {} : { version }) } }, asking);
  const [found] = z.array(z.unknown()).parse(data['sharingAgreements']);
  if (found === undefined) throw new RefusedError(`没有该编号的协议 There is no agreement ${number}.`);
  return `${JSON.stringify(toFile(found), undefined, 2)}\n`;
}

const version = z.object({
  version: z.number(),
  publishedAt: z.string(),
  inForce: z.boolean(),
  summary: z.string().nullable(),
  draftedBy: z.string().nullable(),
  publishedBy: z.string().nullable(),
});

async function versions(asking: Asking): Promise<string> {
  const query = '{ policyVersions { version publishedAt inForce summary draftedBy publishedBy } }';
  const { data } = await ask({ query }, asking);
  return z
    .array(version)
    .parse(data['policyVersions'])
    .map((one) => {
      const by = one.draftedBy === null ? '随系统发布 with the hub' : `${one.draftedBy} → ${one.publishedBy ?? ''}`;
      const now = one.inForce ? '  现行 in force' : '';
      return `${one.version}  ${one.publishedAt}  ${by}  ${one.summary ?? ''}${now}\n`;
    })
    .join('');
}

async function diff(asking: Asking, from: number, to: number): Promise<string> {
  const query = 'query Diff($from: Int!, $to: Int!) { policyDifferences(from: $from, to: $to) }';
  const { data } = await ask({ query, variables: { from, to } }, asking);
  const lines = z.array(z.string()).nullable().parse(data['policyDifferences']);
  if (lines === null) throw new RefusedError('没有该版本 One of the versions was never published.');
  return lines.length === 0 ? '无差异 No difference.\n' : `${lines.join('\n')}\n`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A version is a whole number.');
  return Number(text);
}
