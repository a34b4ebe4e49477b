/** `hub clients`: the systems of departments that may ask the hub for tokens. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import { openPool } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { openLog } from '../platform/log.ts';
import {
  ClientError,
  addClient,
  addClientCertificate,
  addClientKeys,
  findClient,
  isActiveOn,
  listClients,
  removeClientCertificate,
  removeClientKey,
  setClientState,
} from '../server/index.ts';
import type { RegisteredClient } from '../server/index.ts';

/** There is no such client, or it cannot be so. */
const EXIT_REFUSED = 2;

const HELP = `
A client is a system of a department. It makes a key pair, keeps the private half, and gives you the public one; the hub
holds no secret of it. How it asks for tokens is in docs/callers.md.

Environment:
  DATABASE_URL  role that owns the tables; without it the embedded database in HUB_DATA_DIR (.hub)

Exit codes: 0 done, 1 failed or wrong usage, 2 refused: the message names what is at fault`;

interface AddOptions {
  readonly department: string;
  readonly role: string;
  readonly regions: readonly string[];
  readonly purposes: readonly string[];
  readonly key: string;
  readonly certificate?: string;
  readonly from?: string;
  readonly until?: string;
}

interface Change {
  readonly add?: string;
  readonly remove?: string;
}

/** Adds the subcommands. */
export function addClients(program: Command): void {
  const clients = program
    .command('clients')
    .summary('接入系统管理 · the systems of departments that may ask for tokens')
    .description('Registered clients.')
    .addHelpText('after', HELP);
  clients
    .command('add <name>')
    .summary('登记 · register a system')
    .description('Registers a system with what it may at most; no more than the agreements of its department open.')
    .requiredOption('--department <name>', 'e.g. EDUCATION')
    .option('--role <name>', 'what it is within its department', 'SYSTEM')
    .requiredOption('--regions <codes>', 'divisions of 12 digits, with commas between', commas)
    .requiredOption('--purposes <list>', 'e.g. AID_ELIGIBILITY,AID_REPORTING', commas)
    .requiredOption('--key <file>', 'its public key: PEM, JWK or JWK set')
    .option('--certificate <file>', 'its certificate (PEM): tokens are bound to it')
    .option('--from <date>', 'first day; today by default')
    .option('--until <date>', 'last day; without end by default')
    .action((name: string, options: AddOptions) => onDatabase((pool) => add(pool, name, options)));
  clients
    .command('show [name]')
    .summary('查看 · print a client, or all of them')
    .description('Prints a client, or a line for each of them.')
    .option('--json', 'print one JSON object a line')
    .action((name: string | undefined, { json = false }: { json?: boolean }) =>
      onDatabase((pool) => show(pool, name, json)),
    );
  for (const [command, state, summary] of [
    ['disable', 'DISABLED', '停用 · give a client no more tokens; hub tokens revoke --all-of ends those that it has'],
    ['enable', 'ACTIVE', '恢复 · give a client tokens again'],
  ] as const) {
    clients
      .command(`${command} <name>`)
      .summary(summary)
      .action((name: string) =>
        onDatabase(async (pool) => {
          await setClientState(pool, name, state);
          return `${name} ${state}\n`;
        }),
      );
  }
  clients
    .command('key <name>')
    .summary('密钥更换 · add or remove a public key of a client')
    .description('A client changes its key by having two for a while: add the new one, use it, remove the old one.')
    .option('--add <file>', 'a public key: PEM, JWK or JWK set')
    .option('--remove <id>', 'the id of a key')
    .action((name: string, change: Change) => onDatabase((pool) => changeKeys(pool, name, change)));
  clients
    .command('certificate <name>')
    .summary('证书绑定 · bind the tokens of a client to a certificate, or no more')
    .description('Where a client has a certificate, it gets tokens with it alone, and they are good with it alone.')
    .option('--add <file>', 'a certificate (PEM)')
    .option('--remove <thumbprint>', 'a SHA-256 thumbprint as hub clients show prints it')
    .action((name: string, change: Change) => onDatabase((pool) => changeCertificates(pool, name, change)));
}

async function add(pool: Pool, name: string, options: AddOptions): Promise<string> {
  const { from = systemClock.today(), until, key, certificate, ...rest } = options;
  await addClient(pool, {
    name,
    ...rest,
    key: await textOf(key),
    certificate: certificate === undefined ? undefined : await textOf(certificate),
    validFrom: from,
    validUntil: until,
  });
  return `已登记 registered ${name}\n`;
}

async function show(pool: Pool, name: string | undefined, json: boolean): Promise<string> {
  const one = name === undefined ? undefined : await findClient(pool, name);
  if (name !== undefined && one === undefined) throw new ClientError(`There is no client ${name}.`);
  const found = one === undefined ? await listClients(pool) : [one];
  if (json) return found.map((client) => `${JSON.stringify(plain(client))}\n`).join('');
  if (one !== undefined) return details(one);
  if (found.length === 0) return '尚无接入系统 · No client is registered.\n';
  return found
    .map((client) => `${client.client.padEnd(32)}${stateOf(client).padEnd(16)}${client.department}\n`)
    .join('');
}

const plain = ({ keys, ...client }: RegisteredClient) => ({ ...client, keys: [...keys.keys()] });

const stateOf = (client: RegisteredClient): string =>
  client.state === 'DISABLED'
    ? '停用 disabled'
    : isActiveOn(client, systemClock.today())
      ? '有效 active'
      : '逾期 expired';

function details(client: RegisteredClient): string {
  const { department, role, regions, purposes, keys, certificates, validFrom, validUntil } = client;
  const lines: readonly (readonly [string, string])[] = [
    ['名称 client', client.client],
    ['状态 state', stateOf(client)],
    ['部门 department', department],
    ['角色 role', role],
    ['区划 regions', regions.join(', ')],
    ['目的 purposes', purposes.join(', ')],
    ['有效期 valid', `${validFrom} – ${validUntil ?? ''}`.trimEnd()],
    ...[...keys].map(([kid, { algorithm }]) => ['密钥 key', `${kid} (${algorithm})`] as const),
    ...certificates.map((thumbprint) => ['证书 certificate', thumbprint] as const),
  ];
  return lines.map(([what, value]) => `${what}\t${value}\n`).join('');
}

async function changeKeys(pool: Pool, name: string, { add: file, remove }: Change): Promise<string> {
  if (file === undefined && remove === undefined) throw new ClientError('Say --add <file> or --remove <id>.');
  const added = file === undefined ? [] : await addClientKeys(pool, name, await textOf(file));
  if (remove !== undefined) await removeClientKey(pool, name, remove);
  return [...added.map((kid) => `+ ${kid}\n`), ...(remove === undefined ? [] : [`- ${remove}\n`])].join('');
}

async function changeCertificates(pool: Pool, name: string, { add: file, remove }: Change): Promise<string> {
  if (file === undefined && remove === undefined) throw new ClientError('Say --add <file> or --remove <thumbprint>.');
  const added = file === undefined ? undefined : await addClientCertificate(pool, name, await textOf(file));
  if (remove !== undefined) await removeClientCertificate(pool, name, remove);
  return [...(added === undefined ? [] : [`+ ${added}\n`]), ...(remove === undefined ? [] : [`- ${remove}\n`])].join(
    '',
  );
}

async function onDatabase(work: (pool: Pool) => Promise<string>): Promise<void> {
  const config = readConfig();
  if (config.databaseUrl === undefined && config.hubDatabaseUrl !== undefined)
    throw new ConfigError(['DATABASE_URL: missing; clients are registered by the role that owns the tables']);
  const embedded =
    config.databaseUrl === undefined ? await startEmbedded({ dir: config.dataDir, log: openLog('warn') }) : undefined;
  const pool = openPool(config.databaseUrl ?? embedded?.ownerUrl ?? '', { max: 1, name: 'hub-clients' });
  try {
    process.stdout.write(await work(pool));
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_REFUSED;
  } finally {
    await pool.end();
    await embedded?.stop();
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new ClientError(`${file} cannot be read.`);
  });
}

const commas = (text: string): readonly string[] => text.split(',').map((word) => word.trim());
