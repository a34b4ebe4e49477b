/** `hub policy unused` and `hub policy expiring`: what agreements grant for nothing, and which ones end soon. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { parseDate } from '../../platform/dates.ts';
import { act, asked, inChina, run } from '../governing.ts';
import type { Options } from '../governing.ts';

const unused = z.array(
  z.object({
    agreement: z.string(),
    title: z.string(),
    department: z.string(),
    role: z.string(),
    requests: z.number(),
    operations: z.array(z.string()),
    groups: z.array(z.object({ group: z.string(), whole: z.boolean(), coordinates: z.array(z.string()) })),
  }),
);
const expiring = z.array(
  z.object({
    agreement: z.string(),
    title: z.string(),
    department: z.string(),
    role: z.string(),
    purposes: z.array(z.string()),
    validUntil: z.string(),
    daysLeft: z.number(),
    relied: z.array(z.object({ client: z.string(), requests: z.number(), lastAt: z.string() })),
  }),
);

/** Adds the subcommands. */
export function addUsage(policy: Command): void {
  asked(policy.command('unused'), 'GOVERNANCE')
    .description('未使用授权 · List what is granted and no answer used, by agreement')
    .option('--since <date>', 'first day, e.g. 2026-01-01; 90 days ago by default', day)
    .action((options: Options & { since?: string }) =>
      run(options, async (asking) => {
        const found = await act(asking, {
          name: 'policyUnused',
          query: `query Unused($since: Date) { policyUnused(since: $since) {
            agreement title department role requests operations groups { group whole coordinates } } }`,
          variables: { since: options.since },
          form: unused,
        });
        return options.json === true ? json(found) : found.map(showUnused).join('');
      }),
    );
  asked(policy.command('expiring'), 'GOVERNANCE')
    .description('即将到期协议 · List agreements that are about to end, and who relied on them lately')
    .option('--within <days>', 'within so many days, e.g. 60d', days, 60)
    .action((options: Options & { within: number }) =>
      run(options, async (asking) => {
        const found = await act(asking, {
          name: 'policyExpiring',
          query: `query Expiring($within: Int!) { policyExpiring(within: $within) {
            agreement title department role purposes validUntil daysLeft relied { client requests lastAt } } }`,
          variables: { within: options.within },
          form: expiring,
        });
        if (options.json === true) return json(found);
        return found.length === 0 ? '无 None.\n' : found.map(showExpiring).join('');
      }),
    );
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

function showUnused({ agreement, title, requests, operations, groups }: z.infer<typeof unused>[number]): string {
  return [
    `${agreement}《${title}》: ${requests} 个请求 requests`,
    ...(operations.length === 0 ? [] : [`  操作 operations: ${operations.join(', ')}`]),
    ...groups.map(({ group, whole, coordinates }) =>
      whole ? `  ${group}: 全部未用 nothing of it` : `  ${group}: ${coordinates.join(', ')}`,
    ),
    '',
  ].join('\n');
}

function showExpiring({ agreement, title, validUntil, daysLeft, relied }: z.infer<typeof expiring>[number]): string {
  const who = relied.map(
    ({ client, requests, lastAt }) => `  ${client}: ${requests} 个请求 requests, ${inChina(lastAt)}`,
  );
  return [
    `${agreement}《${title}》: ${validUntil}，剩余 ${daysLeft} 天 days left`,
    ...(who.length === 0 ? ['  近 90 天无人使用 nobody in the last 90 days'] : who),
    '',
  ].join('\n');
}

function days(text: string): number {
  const [, number] = /^(\d{1,4})d?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Give a number of days, e.g. 60d.');
  return Number(number);
}

function day(text: string): string {
  const date = parseDate(text);
  if (date === undefined) throw new InvalidArgumentError('Write a day as 2026-01-01.');
  return date;
}
