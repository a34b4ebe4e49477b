/** `hub policy changes|draft|publish|withdraw|suspend|resume|revoke`: the acts of stewards. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { act, asked, inChina, run } from '../governing.ts';
import type { Options } from '../governing.ts';
import { RefusedError, ask } from '../query/ask.ts';
import type { Asking } from '../query/ask.ts';
import { AgreementFileError, toDraft } from './agreement-file.ts';

const FILE_HELP = `
The file is an agreement in the words of schema/policy/agreements, as \`hub policy show\` prints it: with its number it amends
that agreement, without one it is a new agreement. Or entries of the catalogue: { "catalogue": { "phone": { ... } } }.
The same file against the same version is the same draft.`;

const PURPOSE = 'GOVERNANCE';

/** Adds the subcommands. */
export function addChanges(policy: Command): void {
  const command = (form: string, description: string): Command =>
    asked(policy.command(form).description(description), PURPOSE);
  const reasoned = (form: string, description: string): Command =>
    command(form, description).requiredOption('--reason <text>', 'why; it stands in the record');

  command('changes', '列出变更 · List changes, the newest first')
    .option('--state <state>', 'DRAFT, PUBLISHED or WITHDRAWN')
    .action((options: Options & { state?: string }) => run(options, (asking) => changes(asking, options.state)));
  command('draft <file>', '起草变更 · Draft a change; another steward publishes it')
    .requiredOption('--summary <text>', 'what the change is for, in one sentence')
    .option('--request <number>', 'the request for access that it follows from')
    .addHelpText('after', FILE_HELP)
    .action((file: string, options: Options & { summary: string; request?: string }) =>
      run(options, async (asking) => draft(asking, readDraft(await text(file)), options)),
    );
  command('publish <change>', '发布变更 · Publish a change that somebody else drafted').action(
    (change: string, options: Options) => run(options, (asking) => byId(asking, 'publishPolicyChange', change)),
  );
  command('withdraw <change>', '撤回草案 · Withdraw a draft of your department').action(
    (change: string, options: Options) => run(options, (asking) => byId(asking, 'withdrawPolicyChange', change)),
  );
  reasoned('suspend <number>', '中止协议 · Suspend an agreement at once').action(
    (agreement: string, options: Options & { reason: string }) =>
      run(options, (asking) =>
        told(asking, {
          name: 'suspendAgreement',
          declared: '$agreement: String!, $reason: String!',
          given: 'agreement: $agreement, reason: $reason',
          variables: { agreement, reason: options.reason },
        }),
      ),
  );
  for (const [form, kind, description] of [
    ['resume <number>', 'RESUME', '恢复协议 · Draft that a suspended agreement stands again'],
    ['revoke <number>', 'REVOKE', '撤销协议 · Draft that an agreement ends for good'],
  ] as const) {
    reasoned(form, description).action((agreement: string, options: Options & { reason: string }) =>
      run(options, (asking) => draft(asking, { kind, agreement, reason: options.reason }, { summary: options.reason })),
    );
  }
}

async function draft(
  asking: Asking,
  change: Readonly<Record<string, unknown>>,
  { summary, request }: { readonly summary: string; readonly request?: string },
): Promise<string> {
  const { data } = await ask({ query: '{ policyVersions { version inForce } }' }, asking);
  const versions = z.array(z.object({ version: z.number(), inForce: z.boolean() })).parse(data['policyVersions']);
  const base = versions.find(({ inForce }) => inForce)?.version ?? 0;
  const said = { ...change, summary, ...(request === undefined ? {} : { request }) };
  const key = createHash('sha256')
    .update(JSON.stringify([base, said]))
    .digest('hex');
  return told(asking, {
    name: 'draftPolicyChange',
    declared: '$input: DraftPolicyChangeInput!',
    given: 'input: $input',
    variables: { input: { ...said, key } },
  });
}

const byId = (asking: Asking, name: string, change: string): Promise<string> =>
  told(asking, { name, declared: '$change: ID!', given: 'change: $change', variables: { change } });

const payload = z.object({
  outcome: z.string(),
  change: z.string().nullable(),
  agreement: z.string().nullable(),
  version: z.number().nullable(),
  faults: z.array(z.string()),
  differences: z.array(z.string()),
  opens: z.array(z.string()),
  consentMissing: z.array(z.string()),
});

const DONE: Readonly<Record<string, string>> = {
  DRAFTED: '已起草',
  PUBLISHED: '已发布',
  WITHDRAWN: '已撤回',
  UNCHANGED: '未变',
};
const REFUSED: Readonly<Record<string, string>> = {
  FAULTY: '有误，未写入 · Nothing was written: it does not fit.',
  OUTDATED: '草案已过时，请重新起草 · The policy changed since the draft; draft anew.',
  SAME_PERSON: '起草人不得发布 · Whoever drafts a change does not publish it.',
  CONSENT_MISSING: '缺少数源部门同意 · Owners have not agreed yet.',
  NOT_YOURS: '与本部门无关 · It is not your department’s business.',
  NOT_OPEN: '已办结 · It was published or withdrawn before.',
  UNKNOWN: '未找到 · There is no such change or agreement.',
};

/** Runs a mutation and says what came of it. Throws RefusedError where nothing did. */
async function told(
  asking: Asking,
  operation: {
    readonly name: string;
    readonly declared: string;
    readonly given: string;
    readonly variables: Readonly<Record<string, unknown>>;
  },
): Promise<string> {
  const { name, declared, given, variables } = operation;
  const fields = Object.keys(payload.shape).join(' ');
  const query = `mutation Act(${declared}) { ${name}(${given}) { ${fields} } }`;
  const result = await act(asking, { name, query, variables, form: payload });
  const listed = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  const lines = [
    ...listed('有误之处 Faults:', result.faults),
    ...listed('起草后的变化 Changed since the draft:', result.differences),
    ...listed('待同意部门 Owners to agree:', result.consentMissing),
    ...listed('新开放内容 Opens:', result.opens),
  ];
  const done = DONE[result.outcome];
  if (done === undefined) throw new RefusedError([REFUSED[result.outcome] ?? '', result.outcome, ...lines].join('\n'));
  const what = [
    ...(result.change === null ? [] : [`变更 change ${result.change}`]),
    ...(result.agreement === null ? [] : [`协议 agreement ${result.agreement}`]),
    ...(result.version === null ? [] : [`版本 version ${result.version}`]),
  ];
  return `${done} ${result.outcome}: ${what.join(', ')}\n${lines.map((line) => `${line}\n`).join('')}`;
}

const change = z.object({
  id: z.string(),
  kind: z.string(),
  agreement: z.string().nullable(),
  summary: z.string(),
  state: z.string(),
  draftedBy: z.string(),
  draftedAt: z.string(),
  decidedBy: z.string().nullable(),
});

async function changes(asking: Asking, state: string | undefined): Promise<string> {
  const query = `query Changes($state: PolicyChangeState) { policyChanges(state: $state) {
    ${Object.keys(change.shape).join(' ')} } }`;
  const { data } = await ask({ query, variables: state === undefined ? {} : { state } }, asking);
  return z
    .array(change)
    .parse(data['policyChanges'])
    .map((one) => {
      const by = [one.draftedBy, ...(one.decidedBy === null ? [] : [one.decidedBy])].join(' → ');
      return `${one.id}  ${one.kind}  ${one.agreement ?? '目录 catalogue'}  ${one.state}  ${inChina(one.draftedAt)}  ${by}  ${one.summary}\n`;
    })
    .join('');
}

/** What is wrong with the file is a sentence, like a refusal of the hub. */
function readDraft(file: string): Readonly<Record<string, unknown>> {
  try {
    return toDraft(file);
  } catch (error) {
    throw error instanceof AgreementFileError ? new RefusedError(error.message) : error;
  }
}

const text = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(() => Promise.reject(new RefusedError(`${file} cannot be read.`)));
