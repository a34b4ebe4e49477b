/** `hub tokens revoke` and `hub tokens list`: tokens that hold no longer. */
import type { Command } from 'commander';
import { z } from 'zod';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { openPool } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { HubError } from '../platform/errors.ts';
import { openLog } from '../platform/log.ts';
import { NoTokenError } from '../server/demo-token/index.ts';
import { toAsking } from './governing.ts';
import { RefusedError, UnreachableError, ask } from './query/ask.ts';

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;

const REVOKE_HELP = `
A token is revoked by its identifier (the claim jti), which the hub's log and its issuer name; a token that is given in place
of it is read here and never sent. It holds from the next request on every hub process.

A steward revokes tokens of its own department, a steward of civil affairs those of any. Where no steward can be reached,
--as-operator writes into the database as its owner (DATABASE_URL, or the embedded database of HUB_DATA_DIR).

Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the steward

Exit codes: 0 revoked, also where it was before, 2 refused, 1 failed

Examples:
  hub tokens revoke 0193a5c2-7d1e-7c3b-9a54-1f2e3d4c5b6a --reason "密钥外泄 key leaked" \\
    --client education.steward-a.demo --case GOV-2026-000001
  hub tokens revoke --all-of education.demo --reason "换发密钥 keys changed" --as-operator`;

interface Options {
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly case?: string;
}

interface RevokeOptions extends Options {
  readonly reason: string;
  readonly allOf?: string;
  readonly before?: string;
  readonly asOperator?: true;
}

/** Adds the subcommands. */
export function addTokens(program: Command): void {
  const tokens = program
    .command('tokens')
    .summary('撤销令牌 · revoke tokens, and list what was revoked')
    .description('Tokens that hold no longer although they have not expired.');
  withCaller(
    tokens
      .command('revoke')
      .summary('撤销 · revoke a token, or all tokens of a client')
      .description('Revokes a token by its identifier, or all tokens of a client that were issued before an instant.')
      .argument('[token-id]', 'the claim jti of the token')
      .requiredOption('--reason <text>', 'why, in 2 to 500 characters; nothing personal')
      .option('--all-of <client>', 'all tokens of this client in place of one')
      .option(
        '--before <instant>',
        'with --all-of: those issued earlier, e.g. 2026-11-22T08:00:00+08:00 (default: now)',
      )
      .option('--as-operator', 'as the owner of the database, without a steward'),
  )
    .addHelpText('after', REVOKE_HELP)
    .action(async (tokenId: string | undefined, options: RevokeOptions) => {
      process.exitCode = await guarded(() => revoke(tokenId, options));
    });
  withCaller(
    tokens
      .command('list')
      .summary('查阅 · list the revocations of your department')
      .description('Lists the revocations of the steward’s department that may still bind a token, newest first.'),
  ).action(async (options: Options) => {
    process.exitCode = await guarded(() => list(options));
  });
}

const withCaller = (command: Command): Command =>
  command
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the steward; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
    .option('--case <number>', 'your own number of the matter (Hub-Case), which the hub asks for');

/** Wrong usage, said in a sentence. */
class UsageError extends Error {}

async function guarded(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const refused = error instanceof RefusedError || error instanceof NoTokenError || error instanceof HubError;
    if (!refused && !(error instanceof UnreachableError) && !(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return refused ? EXIT_REFUSED : EXIT_STOPPED;
  }
}

const standing = z.object({ revokedAt: z.coerce.date(), already: z.boolean() });

async function revoke(given: string | undefined, options: RevokeOptions): Promise<number> {
  const { allOf, before, reason, asOperator } = options;
  if ((given === undefined) === (allOf === undefined))
    throw new UsageError('请给出令牌编号或 --all-of Name either the token or --all-of a client.');
  if (before !== undefined && (allOf === undefined || Number.isNaN(Date.parse(before))))
    throw new UsageError('--before goes with --all-of and is an instant such as 2026-11-22T08:00:00+08:00.');
  const tokenId = given === undefined ? undefined : identifierOf(given);
  if (asOperator === true) {
    const what =
      tokenId !== undefined
        ? { tokenId }
        : { client: allOf ?? '', issuedBefore: before === undefined ? undefined : new Date(before) };
    const { revokeAsOperator } = await import('../server/index.ts');
    return done(await onDatabase((owner) => revokeAsOperator(owner, { what, reason, clock: systemClock })));
  }
  const [type, field, input] =
    tokenId !== undefined
      ? ['RevokeTokenInput', 'revokeToken', { tokenId, reason }]
      : ['RevokeClientTokensInput', 'revokeClientTokens', { client: allOf, reason, issuedBefore: before ?? null }];
  const query = `mutation Revoke($input: ${type}!) { ${field}(input: $input) { revokedAt already } }`;
  const { data } = await send({ query, variables: { input } }, options);
  return done(standing.parse(data[field]));
}

function done({ revokedAt, already }: z.infer<typeof standing>): number {
  const since = revokedAt.toISOString();
  process.stdout.write(already ? `此前已撤销 revoked before, since ${since}\n` : `已撤销 revoked at ${since}\n`);
  return 0;
}

const page = z.object({
  revocations: z.object({
    nodes: z.array(
      z.object({
        revokedAt: z.string(),
        department: z.string(),
        tokenId: z.string().nullable(),
        client: z.string().nullable(),
        issuedBefore: z.string().nullable(),
        revokedBy: z.string(),
        reason: z.string(),
      }),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

const LIST = `query ListRevocations($after: String) { revocations(first: 200, after: $after) {
  nodes { revokedAt department tokenId client issuedBefore revokedBy reason }
  pageInfo { hasNextPage endCursor }
} }`;

async function list(options: Options): Promise<number> {
  let after: string | null = null;
  do {
    const { data } = await send({ query: LIST, variables: { after } }, options);
    const { nodes, pageInfo } = page.parse(data).revocations;
    for (const one of nodes) {
      const what = one.tokenId ?? `${one.client ?? ''} < ${one.issuedBefore ?? ''}`;
      process.stdout.write(`${[one.revokedAt, one.department, what, one.revokedBy, one.reason].join('  ')}\n`);
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return 0;
}

const send = async (operation: Parameters<typeof ask>[0], options: Options) =>
  ask(operation, await toAsking({ ...options, purpose: 'GOVERNANCE' }));

const claims = z.object({ jti: z.string() });

/** What the token is called, where somebody gave the token itself. */
function identifierOf(given: string): string {
  const [, payload, signature] = given.split('.');
  if (payload === undefined || signature === undefined) return given;
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).jti;
  } catch {
    throw new UsageError('这不是令牌编号 This is neither the identifier of a token nor a token with one (jti).');
  }
}

async function onDatabase<T>(work: (owner: Pool) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = readConfig();
  const embedded = databaseUrl === undefined ? await startEmbedded({ dir: dataDir, log: openLog('warn') }) : undefined;
  const pool = openPool(databaseUrl ?? embedded?.ownerUrl ?? '', { max: 1, name: 'hub-tokens' });
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await embedded?.stop();
  }
}
