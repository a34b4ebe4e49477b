/** `hub corrections` and `hub recalls`: disputed values, and what was told and no longer holds, over the hub's own interface. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { newId } from '../platform/id.ts';
import { ENVIRONMENT, act, all, asked, inChina, run } from './governing.ts';
import type { Options } from './governing.ts';
import { UnreachableError } from './query/ask.ts';

const CORRECTIONS_HELP = `${ENVIRONMENT}

Examples:
  hub corrections open --person ID --field StudentRecord.grade --record ID --claim 4 --evidence "学籍卡" \\
    --client civil-affairs.demo --purpose CASE_HANDLING --case CA-2026-000001
  hub corrections open --household ID --field Household.memberCount --claim 4 --evidence "入户核查记录" \\
    --client housing.demo --purpose CASE_HANDLING --case HA-2026-000001
  hub corrections list --of AWAITING_US --client education.registrar.demo --case DQ-2026-000001
  hub corrections answer JH-2026-000001 --uphold --reason "与学籍一致" --client education.registrar.demo --case DQ-2026-000001
  hub corrections answer JH-2026-000001 --corrected --delivery ID --client education.registrar.demo --case DQ-2026-000001
  hub corrections withdraw JH-2026-000001 --reason "误报" --client civil-affairs.demo --purpose CASE_HANDLING --case CA-2026-000001`;

const RECALLS_HELP = `${ENVIRONMENT}

Examples:
  hub recalls list --client housing.registrar.demo --case DQ-2026-000001
  hub recalls acknowledge ID --client housing.registrar.demo --case DQ-2026-000001
  hub recalls act ID --outcome REVIEWED --note "条件仍符合" --client housing.registrar.demo --case DQ-2026-000001
  hub recalls progress --client civil-affairs.registrar.demo --case DQ-2026-000001`;

const QUALITY = 'DATA_QUALITY';

const correction = z.object({
  number: z.string(),
  department: z.string(),
  owner: z.string(),
  personId: z.string().nullable(),
  householdId: z.string().nullable(),
  coordinate: z.string(),
  recordId: z.string().nullable(),
  claimed: z.string().nullable(),
  evidence: z.string().nullable(),
  caseNo: z.string(),
  state: z.string(),
  dueOn: z.string().nullable(),
  overdue: z.boolean().nullable(),
  reason: z.string().nullable(),
});
const receipt = z.object({
  number: z.string(),
  state: z.string(),
  owner: z.string(),
  dueOn: z.string().nullable(),
  recalled: z.number(),
  unchanged: z.boolean(),
});
const PAGE = 'pageInfo { hasNextPage endCursor }';
const LIST = `query Corrections($list: CorrectionList, $after: String) { corrections(list: $list, first: 200, after: $after) {
  nodes { ${Object.keys(correction.shape).join(' ')} } ${PAGE} } }`;
const RECEIPT = Object.keys(receipt.shape).join(' ');

const shown = (done: z.infer<typeof receipt>, json: boolean): string =>
  json
    ? `${JSON.stringify(done)}\n`
    : `${done.number}  ${done.state}${done.unchanged ? '  未变 unchanged' : ''}\n` +
      (done.state === 'OPEN' ? `  ${done.owner} 须于 ${done.dueOn ?? '法定期限'} 前答复 · to answer by then\n` : '') +
      (done.recalled > 0 ? `  已提醒 recalled: ${String(done.recalled)}\n` : '');

const whose = (one: { readonly personId: string | null; readonly householdId: string | null }): string =>
  one.personId === null ? `household ${one.householdId ?? ''}` : `person ${one.personId}`;

/** Adds `hub corrections`. */
export function addCorrections(program: Command): void {
  const corrections = program
    .command('corrections')
    .summary('校核 · dispute a value that you were told; answer for yours')
    .description('校核 · Disputed values: open, list, answer, withdraw.')
    .addHelpText('afterAll', CORRECTIONS_HELP);

  asked(corrections.command('list').description('查看校核 · List those that you opened or answer for'), QUALITY)
    .addOption(new Option('--of <which>', 'which ones').choices(['OURS', 'AWAITING_US', 'OPEN', 'OVERDUE']))
    .action((options: Options & { of?: string }) =>
      run(options, async (asking) => {
        const found = await all(asking, {
          name: 'corrections',
          query: LIST,
          variables: options.of === undefined ? {} : { list: options.of },
          form: correction,
        });
        if (options.json) return found.map((one) => `${JSON.stringify(one)}\n`).join('');
        if (found.length === 0) return '没有校核 · No correction.\n';
        return found
          .map(
            (one) =>
              `${one.number}  ${one.state}${one.overdue === true ? ' 逾期 OVERDUE' : ''}  ${one.department} → ${one.owner}  ${one.coordinate}  due ${one.dueOn ?? '?'}\n` +
              `  ${whose(one)}${one.recordId === null ? '' : `  record ${one.recordId}`}  case ${one.caseNo}\n` +
              (one.claimed === null ? '' : `  主张 claimed: ${one.claimed}\n  依据 evidence: ${one.evidence ?? ''}\n`) +
              (one.reason === null ? '' : `  理由 reason: ${one.reason}\n`),
          )
          .join('');
      }),
    );
  asked(corrections.command('open').description('提出校核 · Dispute a value that your department was told'), QUALITY)
    .option('--person <id>', 'person whom the value is of')
    .addOption(new Option('--household <id>', 'household that the value is of, instead').conflicts('person'))
    .requiredOption('--field <coordinate>', 'e.g. StudentRecord.grade, Household.memberCount')
    .option('--record <id>', 'the record in which it stands')
    .requiredOption('--claim <text>', 'what you believe to be right')
    .requiredOption('--evidence <text>', 'what that rests on')
    .option('--key <key>', 'your own key, so that the same again is the same correction (default: a new one)')
    .action((options: Options & Opening) =>
      run(options, async (asking) => {
        const {
          key = newId(),
          person: personId,
          household: householdId,
          field: coordinate,
          record: recordId,
          claim: claimed,
          evidence,
        } = options;
        if (personId === undefined && householdId === undefined)
          throw new UnreachableError(
            '说明 --person 或 --household。Say --person ID or --household ID: whose value it is.',
          );
        const done = await act(asking, {
          name: 'openCorrection',
          query: `mutation Open($input: OpenCorrectionInput!) { openCorrection(input: $input) { ${RECEIPT} } }`,
          variables: { input: { key, personId, householdId, coordinate, recordId, claimed, evidence } },
          form: receipt,
        });
        return shown(done, options.json === true);
      }),
    );
  asked(corrections.command('answer <number>').description('答复校核 · Answer for your department, once'), QUALITY)
    .addOption(new Option('--uphold', 'the value stands; with --reason').conflicts('corrected'))
    .option('--corrected', 'the value was corrected; with --record or --delivery')
    .option('--reason <text>', 'why')
    .option('--record <id>', 'record that holds the corrected value')
    .option('--delivery <id>', 'delivery that brought it')
    .option('--wrong-since <date>', 'since when the value was wrong')
    .action((number: string, options: Options & Answering) =>
      run(options, async (asking) => {
        const { reason, record: recordId, delivery: deliveryId, wrongSince } = options;
        const verdict = verdictOf(options);
        const done = await act(asking, {
          name: 'answerCorrection',
          query: `mutation Answer($input: AnswerCorrectionInput!) { answerCorrection(input: $input) { ${RECEIPT} } }`,
          variables: { input: { number, verdict, reason, recordId, deliveryId, wrongSince } },
          form: receipt,
        });
        return shown(done, options.json === true);
      }),
    );
  asked(corrections.command('withdraw <number>').description('撤回校核 · Take back one of your department'), QUALITY)
    .requiredOption('--reason <text>', 'why')
    .action((number: string, options: Options & { reason: string }) =>
      run(options, async (asking) => {
        const done = await act(asking, {
          name: 'withdrawCorrection',
          query: `mutation Withdraw($number: String!, $reason: String!) {
            withdrawCorrection(number: $number, reason: $reason) { ${RECEIPT} } }`,
          variables: { number, reason: options.reason },
          form: receipt,
        });
        return shown(done, options.json === true);
      }),
    );
}

interface Opening {
  readonly person?: string;
  readonly household?: string;
  readonly field: string;
  readonly record?: string;
  readonly claim: string;
  readonly evidence: string;
  readonly key?: string;
}

interface Answering {
  readonly uphold?: true;
  readonly corrected?: true;
  readonly reason?: string;
  readonly record?: string;
  readonly delivery?: string;
  readonly wrongSince?: string;
}

function verdictOf({ uphold, corrected }: Answering): 'UPHELD' | 'CORRECTED' {
  if (uphold === undefined && corrected === undefined)
    throw new UnreachableError('说明 --uphold 或 --corrected。Say --uphold or --corrected.');
  return uphold === true ? 'UPHELD' : 'CORRECTED';
}

const recall = z.object({
  id: z.string(),
  personId: z.string().nullable(),
  householdId: z.string().nullable(),
  client: z.string(),
  caseNo: z.string().nullable(),
  cause: z.string(),
  reference: z.string(),
  coordinates: z.array(z.string()),
  recalledAt: z.string(),
  acknowledgedBy: z.string().nullable(),
  outcome: z.string().nullable(),
});
const progress = z.object({
  id: z.string(),
  department: z.string(),
  cause: z.string(),
  recalledAt: z.string(),
  acknowledgedAt: z.string().nullable(),
  done: z.boolean(),
});
const done = z.object({
  id: z.string(),
  acknowledgedBy: z.string(),
  outcome: z.string().nullable(),
  unchanged: z.boolean(),
});

const RECALLS = `query Recalls($open: Boolean, $after: String) { recalls(open: $open, first: 200, after: $after) {
  nodes { ${Object.keys(recall.shape).join(' ')} } ${PAGE} } }`;
const PROGRESS = `query Progress($acknowledged: Boolean, $after: String) {
  recallProgress(acknowledged: $acknowledged, first: 200, after: $after) {
    nodes { ${Object.keys(progress.shape).join(' ')} } ${PAGE} } }`;

const saidOf = (one: z.infer<typeof done>, json: boolean): string =>
  json
    ? `${JSON.stringify(one)}\n`
    : `${one.outcome ?? '已签收 acknowledged'}: ${one.acknowledgedBy}${one.unchanged ? '  未变 unchanged' : ''}\n`;

/** Adds `hub recalls`. */
export function addRecalls(program: Command): void {
  const recalls = program
    .command('recalls')
    .summary('使用提醒 · what you were told and no longer holds')
    .description('使用提醒 · Values that your department was told and that no longer hold; never the values.')
    .addHelpText('afterAll', RECALLS_HELP);

  asked(recalls.command('list').description('查看提醒 · List those that are not acted on yet'), QUALITY)
    .option('--all', 'those that were acted on as well')
    .action((options: Options & { all?: true }) =>
      run(options, async (asking) => {
        const variables = options.all ? {} : { open: true };
        const found = await all(asking, { name: 'recalls', query: RECALLS, variables, form: recall });
        if (options.json) return found.map((one) => `${JSON.stringify(one)}\n`).join('');
        if (found.length === 0) return '没有提醒 · No recall.\n';
        return found
          .map(
            (one) =>
              `${inChina(one.recalledAt)}  ${one.cause}  ${one.reference}  ${one.id}\n` +
              `  ${whose(one)}  case ${one.caseNo ?? '-'}  ${one.client}\n  ${one.coordinates.join(' ')}\n` +
              (one.acknowledgedBy === null ? '' : `  已签收 acknowledged: ${one.acknowledgedBy}\n`) +
              (one.outcome === null ? '' : `  ${one.outcome}\n`),
          )
          .join('');
      }),
    );
  asked(recalls.command('acknowledge <id>').description('签收提醒 · Acknowledge one'), QUALITY).action(
    (id: string, options: Options) =>
      run(options, async (asking) => {
        const said = await act(asking, {
          name: 'acknowledgeRecall',
          query:
            'mutation Acknowledge($id: ID!) { acknowledgeRecall(id: $id) { id acknowledgedBy outcome unchanged } }',
          variables: { id },
          form: done,
        });
        return saidOf(said, options.json === true);
      }),
  );
  asked(recalls.command('act <id>').description('处置提醒 · Say what was done, once'), QUALITY)
    .addOption(
      new Option('--outcome <outcome>', 'what was done')
        .choices(['NONE_NEEDED', 'REVIEWED', 'ADJUSTED'])
        .makeOptionMandatory(),
    )
    .option('--note <text>', 'a note; what was adjusted needs one')
    .action((id: string, options: Options & { outcome: string; note?: string }) =>
      run(options, async (asking) => {
        const said = await act(asking, {
          name: 'actOnRecall',
          query:
            'mutation Act($input: ActOnRecallInput!) { actOnRecall(input: $input) { id acknowledgedBy outcome unchanged } }',
          variables: { input: { id, outcome: options.outcome, note: options.note } },
          form: done,
        });
        return saidOf(said, options.json === true);
      }),
    );
  asked(recalls.command('progress').description('办理进度 · Who has not acknowledged, for civil affairs'), QUALITY)
    .option('--all', 'acknowledged ones as well')
    .action((options: Options & { all?: true }) =>
      run(options, async (asking) => {
        const variables = options.all ? {} : { acknowledged: false };
        const found = await all(asking, { name: 'recallProgress', query: PROGRESS, variables, form: progress });
        if (options.json) return found.map((one) => `${JSON.stringify(one)}\n`).join('');
        if (found.length === 0) return '没有 · None.\n';
        return found
          .map(
            (one) =>
              `${inChina(one.recalledAt)}  ${one.department}  ${one.cause}  ${one.id}  ` +
              `${one.done ? '已处置 done' : one.acknowledgedAt === null ? '未签收 not acknowledged' : '已签收 acknowledged'}\n`,
          )
          .join('');
      }),
    );
}
