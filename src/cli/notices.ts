/** `hub notices`: what a department was told because it answers for something, and that it has seen it. */
import type { Command } from 'commander';
import { z } from 'zod';
import { ENVIRONMENT, act, all, asked, inChina, run } from './governing.ts';
import type { Options } from './governing.ts';

const HELP = `${ENVIRONMENT}

Examples:
  hub notices list --unacknowledged --client housing.steward-a.demo --case GOV-2026-000001
  hub notices acknowledge ID --client housing.steward-a.demo --case GOV-2026-000001
  hub notices list --purpose AUDIT --client audit.demo --case AU-2026-000001`;

const notice = z.object({
  id: z.string(),
  kind: z.string(),
  reference: z.string(),
  text: z.string(),
  createdAt: z.string(),
  acknowledgedBy: z.string().nullable(),
});

const LIST = `query Notices($acknowledged: Boolean, $after: String) {
  notices(acknowledged: $acknowledged, first: 200, after: $after) {
    nodes { id kind reference text createdAt acknowledgedBy } pageInfo { hasNextPage endCursor } } }`;

const receipt = z.object({ id: z.string(), acknowledgedBy: z.string(), unchanged: z.boolean() });

/** Adds the subcommands. */
export function addNotices(program: Command): void {
  const notices = program
    .command('notices')
    .summary('通知 · what your department was told')
    .description('通知 · Notices to your department, newest first.')
    .addHelpText('after', HELP);
  asked(notices.command('list').description('查看通知 · List them'), 'GOVERNANCE')
    .option('--unacknowledged', 'only those that nobody has acknowledged')
    .action((options: Options & { unacknowledged?: true }) =>
      run(options, async (asking) => {
        const variables = options.unacknowledged ? { acknowledged: false } : {};
        const found = await all(asking, { name: 'notices', query: LIST, variables, form: notice });
        if (options.json) return found.map((one) => `${JSON.stringify(one)}\n`).join('');
        if (found.length === 0) return '没有通知 · No notice.\n';
        return found
          .map(
            ({ id, kind, text, createdAt, acknowledgedBy }) =>
              `${inChina(createdAt)}  ${kind}  ${id}\n  ${text}\n` +
              (acknowledgedBy === null ? '' : `  已签收 acknowledged: ${acknowledgedBy}\n`),
          )
          .join('');
      }),
    );
  asked(notices.command('acknowledge <id>').description('签收通知 · Acknowledge one'), 'GOVERNANCE').action(
    (id: string, options: Options) =>
      run(options, async (asking) => {
        const done = await act(asking, {
          name: 'acknowledgeNotice',
          query: 'mutation Acknowledge($id: ID!) { acknowledgeNotice(id: $id) { id acknowledgedBy unchanged } }',
          variables: { id },
          form: receipt,
        });
        if (options.json) return `${JSON.stringify(done)}\n`;
        return `${done.unchanged ? '此前已签收 acknowledged before' : '已签收 acknowledged'}: ${done.acknowledgedBy}\n`;
      }),
  );
}
