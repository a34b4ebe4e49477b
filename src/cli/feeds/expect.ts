/** `hub feeds expect`: a steward or registrar declares what the department delivers, of which division and how often. */
import { Command } from 'commander';
import { z } from 'zod';
import { ENVIRONMENT, act, asked, inChina, run } from '../governing.ts';
import type { Options } from '../governing.ts';
import { RefusedError, UnreachableError } from '../query/ask.ts';

const HELP = `
What is declared and does not come is listed as "从未报送 never" or as late by "hub feeds"; until it comes, who is not in it
is unknown, and not "no". The same again changes nothing; another --hours changes the rhythm; --ends ends it.
${ENVIRONMENT}

Examples:
  hub feeds expect --department HOUSING --record AID_GRANT --region 620102 --hours 168 \\
    --client housing.registrar.demo --case DQ-2026-000001
  hub feeds expect --department HOUSING --record AID_GRANT --region 620102 --hours 168 --source old-system --ends \\
    --client housing.registrar.demo --case DQ-2026-000001
  hub feeds expect --department EDUCATION --record STUDENT --region 620000 --hours 4392 \\
    --client education.steward-a.demo --purpose GOVERNANCE --case GOV-2026-000001`;

const declared = z.object({
  sourceSystem: z.string(),
  record: z.string(),
  regionCode: z.string(),
  rhythmHours: z.number(),
  asOf: z.string().nullable(),
  ended: z.boolean(),
});
const EXPECT = `mutation Expect($input: ExpectFeedInput!) {
  expectFeed(input: $input) { ${Object.keys(declared.shape).join(' ')} } }`;

interface Expecting {
  readonly department: string;
  readonly record: string;
  readonly region: string;
  readonly hours: string;
  readonly source?: string;
  readonly ends?: true;
}

/** The subcommand. */
export function expecting(): Command {
  const command = new Command('expect')
    .summary('约定数据更新 · declare what your department delivers, or that it does so no longer')
    .description(
      '约定数据更新 · Declares what your department delivers, of which division and how often, or ends that. ' +
        'For stewards and registrars of the department.',
    )
    .requiredOption('--department <code>', 'your own department, e.g. HOUSING')
    .requiredOption('--record <name>', 'kind of record, e.g. STUDENT, AID_GRANT')
    .requiredOption('--region <code>', 'division covered, with all below it: 6, 9 or 12 digits; one of yours')
    .requiredOption('--hours <n>', 'expected time between deliveries, in hours: 24 a day, 168 a week, 744 a month')
    .option('--source <name>', 'the one system that it comes from (default: whichever of your department’s)')
    .option('--ends', 'it is expected no longer');
  return asked(command, 'DATA_QUALITY')
    .addHelpText('after', HELP)
    .action((options: Options & Expecting) =>
      run(options, async (asking) => {
        const variables = { input: inputOf(options) };
        const operation = { name: 'expectFeed', query: EXPECT, variables, form: declared };
        const done = await act(asking, operation).catch((error: unknown) => {
          // Of a list's values the hub says only that this is none.
          if (error instanceof RefusedError && error.message.includes('"input.department"'))
            throw new RefusedError(
              '--department: 没有此部门代码。There is no such department; "hub feeds" shows their codes.',
            );
          throw error;
        });
        if (options.json) return `${JSON.stringify(done)}\n`;
        const state = done.ended ? '已终止 ended' : done.asOf === null ? '从未报送 never' : inChina(done.asOf);
        return `${done.sourceSystem}  ${done.record}  ${done.regionCode}  ${String(done.rhythmHours)} h  ${state}\n`;
      }),
    );
}

/** What the hub is sent. @throws UnreachableError for what it could only refuse in words of its own */
function inputOf({ department, record, region, hours, source, ends }: Expecting): Readonly<Record<string, unknown>> {
  if (!/^[0-9]{6}([0-9]{3}){0,2}$/.test(region))
    throw new UnreachableError('--region 须为6、9或12位区划代码。A division code of 6, 9 or 12 digits, e.g. 620102.');
  const rhythmHours = /^[0-9]{1,4}$/.test(hours) ? Number(hours) : 0;
  if (rhythmHours < 1 || rhythmHours > 8_784)
    throw new UnreachableError('--hours 须为1至8784的整数。Whole hours, 1 to 8784, e.g. 168 for once a week.');
  if (source !== undefined && (source.trim() === '' || source.length > 100))
    throw new UnreachableError(
      '--source 须为来源系统名称。The name of the system, at most 100 characters; left out, it is whichever of yours.',
    );
  const own = { department: department.toUpperCase(), record: record.toUpperCase() };
  return { ...own, region: region.padEnd(12, '0'), rhythmHours, sourceSystem: source, ends };
}
