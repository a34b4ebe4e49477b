/** `hub keys`: the keys that the hub signs tokens with. */
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { KeyError, listOwnKeys, makeOwnKey, retireOwnKey, rotateOwnKeys } from '../server/index.ts';
import type { OwnKeyState, StatedKey } from '../server/index.ts';

/** The key is not there, or is still needed. */
const EXIT_REFUSED = 2;

const HELP = `
The keys lie in HUB_KEYS_DIR (signing-keys in HUB_DATA_DIR), a file each with mode 0600. Hubs that run take up what
changes here within seconds; whoever checks their tokens finds the public halves under /.well-known/jwks.json.

A rotation without haste: hub keys new, a day later hub keys rotate, and from an hour and two minutes after that on
hub keys retire <the old one>. A key in wrong hands: hub keys rotate, and at once hub keys retire <it> --now.

Exit codes: 0 done, 1 failed or wrong usage, 2 refused: there is no such key, or it is still needed`;

const WORDS: Readonly<Record<OwnKeyState, string>> = {
  NEXT: '待用 next',
  SIGNING: '在用 signs',
  VERIFYING: '仅验证 verifies',
  EXPIRED: '已过期 expired',
};

/** Adds the subcommands. */
export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .summary('签名密钥管理 · the keys that the hub signs tokens with')
    .description("The hub's own signing keys (EC P-256, ES256).")
    .addHelpText('after', HELP);
  keys
    .command('list')
    .summary('查看 · print all keys and what each is for')
    .description('Prints id, state, when it was made, and until when an earlier key is believed.')
    .action(() =>
      run(async (folder) => {
        const found = await listOwnKeys(folder, systemClock);
        return found.length === 0 ? '没有密钥 · There is no key: hub keys new makes one.\n' : found.map(line).join('');
      }),
    );
  keys
    .command('new')
    .summary('预先发布 · make a key that is published and signs from the next rotation on')
    .description('Makes a key. The first of all signs at once, any other from the next rotation on. Prints its id.')
    .action(() => run(async (folder) => `${await makeOwnKey(folder, systemClock)}\n`));
  keys
    .command('rotate')
    .summary('轮换 · from now on another key signs')
    .description(
      'The key that was made ahead signs from now on, or a new one. Earlier keys are believed until the last of their ' +
        'tokens has expired. Prints the id of the key that signs.',
    )
    .action(() => run(async (folder) => `${await rotateOwnKeys(folder, systemClock)}\n`));
  keys
    .command('retire <id>')
    .summary('停用 · remove a key; its tokens are refused within seconds')
    .description('Removes a key that no valid token needs any more.')
    .option('--now', 'also one that signs or is believed: its tokens are refused within seconds')
    .action((kid: string, { now }: { now?: true }) =>
      run(async (folder) => {
        const key = await retireOwnKey(folder, kid, { clock: systemClock, now: now === true });
        return `${key.kid}\n`;
      }),
    );
}

async function run(work: (folder: string) => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await work(readConfig().keysDir));
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_REFUSED;
  }
}

function line({ key, state, until }: StatedKey): string {
  const made = instant(key.createdAt);
  const end = until === undefined ? '' : `  至 until ${instant(until)}`;
  return `${key.kid}  ${WORDS[state]}  ${made}${end}\n`;
}

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();
