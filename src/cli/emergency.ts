/** `hub emergency`: opens emergency access, closes it, shows what was done under it, and reviews it. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { ENVIRONMENT, act, all, asked, inChina, run } from './governing.ts';
import type { Options } from './governing.ts';

const HELP = `
Emergency access is for those who meet an emergency: two hours, for one client and one case. Everyone responsible is told
at once, everything seen is on record, and somebody else reviews it within three working days.
${ENVIRONMENT}

Examples:
  hub emergency open --reason "山洪围困，转移独居老人" --client window.demo --case YJ-2026-000001
  hub query emergency.graphql --purpose EMERGENCY --case YJ-2026-000001 --client window.demo --variables '{"id": "..."}'
  hub emergency close --client window.demo --case YJ-2026-000001
  hub emergency list --pending --client civil-affairs.steward-a.demo --case GOV-2026-000001
  hub emergency review ID --verdict JUSTIFIED --note "..." --client civil-affairs.steward-a.demo --case GOV-2026-000001`;

/** Adds the subcommands. */
export function addEmergency(program: Command): void {
  const emergency = program
    .command('emergency')
    .summary('应急访问 · emergency access: open, close, list, review')
    .description('应急访问 · Emergency access (break-glass).')
    .addHelpText('after', HELP);
  asked(emergency.command('open').description('开启应急访问 · Open it for two hours'), 'EMERGENCY')
    .requiredOption('--reason <text>', 'what happened, in 10 to 500 characters, without identity numbers')
    .action((options: Options & { reason: string }) => run(options, (asking) => open(asking, options)));
  asked(emergency.command('close').description('关闭应急访问 · End it before its time'), 'EMERGENCY').action(
    (options: Options) => run(options, (asking) => close(asking, options)),
  );
  asked(
    emergency.command('list').description('查看应急访问 · What was opened, and what was seen under it'),
    'GOVERNANCE',
  )
    .option('--pending', 'only those that have to be reviewed')
    .option('--overdue', 'only those whose review is overdue')
    .action((options: Options & Listing) => run(options, (asking) => list(asking, options)));
  asked(emergency.command('review <id>').description('复核应急访问 · Review one that is over'), 'GOVERNANCE')
    .addOption(
      new Option('--verdict <verdict>', 'what you found').choices(['JUSTIFIED', 'UNJUSTIFIED']).makeOptionMandatory(),
    )
    .requiredOption('--note <text>', 'why')
    .action((id: string, options: Options & Reviewing) => run(options, (asking) => review(asking, id, options)));
}

interface Listing {
  readonly pending?: true;
  readonly overdue?: true;
}

interface Reviewing {
  readonly verdict: string;
  readonly note: string;
}

type Asking = Parameters<typeof act>[0];

const receipt = z.object({
  id: z.string(),
  caseNo: z.string(),
  until: z.string(),
  closedAt: z.string().nullable(),
  told: z.array(z.string()),
  verdict: z.string().nullable(),
  unchanged: z.boolean(),
});
const RECEIPT = '{ id caseNo until closedAt told verdict unchanged }';

async function open(asking: Asking, { reason, json }: Options & { readonly reason: string }): Promise<string> {
  const opened = await act(asking, {
    name: 'openEmergency',
    query: `mutation OpenEmergency($reason: String!) { openEmergency(reason: $reason) ${RECEIPT} }`,
    variables: { reason },
    form: receipt,
  });
  if (json) return `${JSON.stringify(opened)}\n`;
  const until = inChina(opened.until);
  return (
    `应急访问${opened.unchanged ? '此前已开启' : '已开启'}，${until}（北京时间）到期 · Open until ${until} (Beijing): ${opened.id}\n` +
    `已通知 told: ${opened.told.join(', ')}\n`
  );
}

async function close(asking: Asking, { json }: Options): Promise<string> {
  const closed = await act(asking, {
    name: 'closeEmergency',
    query: `mutation CloseEmergency { closeEmergency ${RECEIPT} }`,
    variables: {},
    form: receipt,
  });
  if (json) return `${JSON.stringify(closed)}\n`;
  return `应急访问${closed.unchanged ? '此前已结束' : '已关闭'} · ${closed.unchanged ? 'It was over' : 'Closed'}: ${closed.id}\n`;
}

const access = z.object({
  id: z.string(),
  client: z.string(),
  department: z.string(),
  caseNo: z.string(),
  reason: z.string(),
  openedAt: z.string(),
  until: z.string(),
  closedAt: z.string().nullable(),
  open: z.boolean(),
  reviewDueOn: z.string(),
  reviewOverdue: z.boolean(),
  reviewedBy: z.string().nullable(),
  verdict: z.string().nullable(),
  note: z.string().nullable(),
  disclosed: z.object({
    answers: z.int(),
    persons: z.int(),
    households: z.int(),
    coordinates: z.array(z.string()),
  }),
});
type Access = z.infer<typeof access>;

const LIST = `query Emergencies($filter: EmergencyFilter, $after: String) {
  emergencies(filter: $filter, first: 100, after: $after) {
    nodes {
      id client department caseNo reason openedAt until closedAt open reviewDueOn reviewOverdue reviewedBy verdict note
      disclosed { answers persons households coordinates }
    }
    pageInfo { hasNextPage endCursor } } }`;

async function list(asking: Asking, { pending, overdue, json }: Options & Listing): Promise<string> {
  const filter = { ...(pending ? { reviewed: false } : {}), ...(overdue ? { overdue: true } : {}) };
  const found = await all(asking, { name: 'emergencies', query: LIST, variables: { filter }, form: access });
  if (json) return found.map((one) => `${JSON.stringify(one)}\n`).join('');
  return found.length === 0 ? '没有应急访问 · No emergency access.\n' : found.map(shown).join('\n');
}

function shown(one: Access): string {
  const { disclosed } = one;
  const state = one.open
    ? '开启中 open'
    : one.verdict !== null
      ? `${one.verdict} (${one.reviewedBy ?? '-'}): ${one.note ?? ''}`
      : `${one.reviewOverdue ? '逾期未复核 review overdue' : '待复核 to be reviewed'}, ${one.reviewDueOn}`;
  return [
    `${one.id}  ${one.client} (${one.department})  ${one.caseNo}`,
    `  ${inChina(one.openedAt)} – ${inChina(one.closedAt ?? one.until)}  ${state}`,
    `  理由 reason: ${one.reason}`,
    `  所见 disclosed: ${disclosed.answers} 次 answers, ${disclosed.persons} 人 persons, ${disclosed.households} 户 households`,
    ...(disclosed.coordinates.length === 0 ? [] : [`  字段 fields: ${disclosed.coordinates.join(', ')}`]),
    '',
  ].join('\n');
}

async function review(asking: Asking, id: string, { verdict, note, json }: Options & Reviewing): Promise<string> {
  const reviewed = await act(asking, {
    name: 'reviewEmergency',
    query: `mutation ReviewEmergency($input: ReviewEmergencyInput!) { reviewEmergency(input: $input) ${RECEIPT} }`,
    variables: { input: { id, verdict, note } },
    form: receipt,
  });
  if (json) return `${JSON.stringify(reviewed)}\n`;
  return `${reviewed.unchanged ? '此前已复核 reviewed before' : '已复核 reviewed'}: ${reviewed.id}  ${reviewed.verdict ?? '-'}\n`;
}
