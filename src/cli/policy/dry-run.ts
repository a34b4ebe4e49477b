/** `hub policy dry-run`: what a change would have meant for past requests, month by month. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { dateInChina, daysOfMonth, monthOf } from '../../platform/dates.ts';
import { addDays, parseDate } from '../../platform/dates.ts';
import { systemClock } from '../../platform/clock.ts';
import { asked, inChina, run } from '../governing.ts';
import type { Options } from '../governing.ts';
import { RefusedError, ask } from '../query/ask.ts';
import type { Asking } from '../query/ask.ts';
import { exposure, merged, month } from './dry-run-months.ts';
import type { Exposure, Found } from './dry-run-months.ts';

const HELP = `
CHANGE is the identifier of a change on file (hub policy changes) or a file as \`hub policy draft\` takes it. Nothing is changed.

FAILS and PASSES are sure; MAY_FAIL and MAY_PASS depend on values that the ledger does not hold. A request that fails holds nulls in
place where its client asks for those (Hub-On-Denied: null).

Examples:
  hub policy dry-run housing.json --since 2026-01-01 --client housing.steward-a.demo --case HO-GOV-2026-001
  hub policy dry-run 0198… --client civil-affairs.steward-a.demo --case CA-GOV-2026-001`;

const DAYS = 30;

const ARGS = '$change: ID, $draft: String, $since: Date, $until: Date';
const GIVEN = 'change: $change, draft: $draft, since: $since, until: $until';
const REQUESTS = `query DryRun(${ARGS}) { policyDryRun(${GIVEN}) {
  candidate baseVersion asOf requests effects { effect requests }
  affected { operation client department role purpose effect code denied { coordinate reason owner } less more requests firstAt lastAt }
  vanishing { department role agreement purposes requests lastAt }
} }`;
const EXPOSURES = `query DryRunExposures(${ARGS}) { policyDryRun(${GIVEN}) {
  exposures { coordinate department role purposes from to persons households basis }
} }`;

/** Adds the subcommand. */
export function addDryRun(policy: Command): void {
  asked(policy.command('dry-run <change>'), 'GOVERNANCE')
    .description('变更预演 · Try a change on past requests: what would fail, pass or be told, and of how many')
    .option('--since <date>', `first day, e.g. 2026-01-01; ${DAYS} days ago by default`, day)
    .option('--until <date>', 'last day; today by default', day)
    .addHelpText('after', HELP)
    .action((change: string, options: Options & { since?: string; until?: string }) =>
      run(options, async (asking) => {
        const tried = existsSync(change) ? { draft: await readFile(change, 'utf8') } : { change };
        const until = options.until ?? dateInChina(systemClock.now());
        const since = options.since ?? addDays(until, -DAYS);
        const found = await monthByMonth(asking, tried, since, until);
        const { exposures } = z
          .object({ exposures: z.array(exposure) })
          .parse(await answer(asking, EXPOSURES, { ...tried, since, until }));
        if (options.json === true) return `${JSON.stringify({ since, until, ...found, exposures }, undefined, 2)}\n`;
        return report(found, exposures, since, until);
      }),
    );
}

/** A month at a time, so that a long ledger shows how far it is. */
async function monthByMonth(asking: Asking, tried: object, since: string, until: string): Promise<Found> {
  const found: Found[] = [];
  for (let from = since; from <= until;) {
    const { last } = daysOfMonth(monthOf(from));
    const to = last < until ? last : until;
    const one = month.parse(await answer(asking, REQUESTS, { ...tried, since: from, until: to }));
    found.push(one);
    process.stderr.write(`${monthOf(from)}: ${one.requests} 个请求 requests\n`);
    from = addDays(to, 1);
  }
  return merged(found);
}

async function answer(asking: Asking, query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { data, errors } = await ask({ query, variables }, asking);
  const told = data['policyDryRun'];
  if (told === null || told === undefined) throw new RefusedError(errors.join('\n'));
  return told;
}

function report(found: Found, exposures: readonly Exposure[], since: string, until: string): string {
  const { candidate, baseVersion, asOf, affected } = found;
  const counts = found.effects.filter(({ requests: count }) => count > 0);
  return [
    `${candidate}：对照第 ${baseVersion} 版，按 ${asOf} 判定 · against version ${baseVersion}, as of ${asOf}`,
    `${since} – ${until}: ${found.requests} 个请求 requests${counts.map(({ effect, requests: count }) => `, ${count} ${effect}`).join('')}`,
    '',
    '受影响请求 Requests affected:',
    ...(affected.length === 0 ? ['  无 none'] : affected.map(line)),
    '',
    '新增暴露 Newly exposed:',
    ...(exposures.length === 0 ? ['  无 none'] : exposures.map(exposed)),
    '',
    '失效 Gone:',
    ...(found.vanishing.length === 0
      ? ['  无 none']
      : found.vanishing.map(
          (gone) =>
            `  ${gone.department}/${gone.role} ${gone.agreement ?? ''} ${gone.purposes.join(', ')}: ${gone.requests} 个请求 requests`,
        )),
    '',
  ].join('\n');
}

function line(one: Found['affected'][number]): string {
  const why = one.denied.map(({ coordinate, owner }) => `${coordinate} (${owner})`).join(', ');
  const less = one.less.length === 0 ? '' : ` −${one.less.join(', ')}`;
  const more = one.more.length === 0 ? '' : ` +${one.more.join(', ')}`;
  return `  ${one.effect} ${one.requests}× ${one.operation} — ${one.client} ${one.purpose ?? ''}, ${inChina(one.firstAt)} – ${inChina(one.lastAt)}${why === '' ? '' : `: ${why}`}${less}${more}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ASKED: '曾被请求 asked for',
  NEVER_ASKED: '上限，从未请求 at most, never asked for',
  NEVER_READ: '上限，从未查询该类 at most, its type was never read',
  MORE_ROWS: '至少，范围扩大 at least, more rows become open',
};

const exposed = (one: Exposure): string =>
  `  ${one.coordinate} → ${one.department}/${one.role} (${one.purposes.join(', ')}): ${one.from} → ${one.to}, ${one.persons} 人 persons, ${one.households} 户 households (${WORDS[one.basis] ?? one.basis})`;

function day(text: string): string {
  const date = parseDate(text);
  if (date === undefined) throw new InvalidArgumentError('Write a day as 2026-01-01.');
  return date;
}
