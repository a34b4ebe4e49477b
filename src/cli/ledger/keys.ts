/** `hub ledger keys`: the keys that sign checkpoints, and a new one. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { systemClock } from '../../platform/clock.ts';
import { readConfig } from '../../platform/config.ts';
import { SUITES, listLedgerKeys, makeLedgerKey } from '../../server/index.ts';
import type { KeyRecord, Suite } from '../../server/index.ts';

const HELP = `
Prints a line for each key: fingerprint, suite, when it was made. Give these lines, by another way than the export, to
whoever verifies exports: hub ledger verify --file … --trust FILE.

--new makes the next key, endorsed by the last one. Hubs that share the folder sign with it from their next checkpoint
on, within a minute; older keys stay in the folder and may be moved away when no hub uses them any more. What they signed
stays verifiable: the ledger and its exports publish all public keys.

Environment:
  HUB_LEDGER_KEYS_DIR  folder of the keys (default: ledger-keys in HUB_DATA_DIR); for the hub's user alone
  HUB_LEDGER_SUITE     ED25519 (default), or SM3WITHSM2`;

/** Adds the subcommand. */
export function addKeys(ledger: Command): void {
  ledger
    .command('keys')
    .summary('签名密钥 · list the keys that sign the ledger, or make a new one')
    .description('Lists the keys that sign the checkpoints of the ledger, or makes a new one.')
    .option('--new', 'make a key that follows the last one')
    .addOption(new Option('--suite <suite>', 'of the new key; HUB_LEDGER_SUITE unless given').choices(SUITES))
    .option('--json', 'print one JSON object a line, with the public key')
    .addHelpText('after', HELP)
    .action(async (options: { new?: true; suite?: Suite; json?: true }) => {
      const { ledgerKeysDir, ledgerSuite } = readConfig();
      if (options.new) await makeLedgerKey(ledgerKeysDir, options.suite ?? ledgerSuite, systemClock);
      const keys = await listLedgerKeys(ledgerKeysDir);
      if (keys.length === 0) {
        process.stderr.write(`尚无密钥 · ${ledgerKeysDir} holds no key yet: hub ledger keys --new\n`);
        process.exitCode = 1;
      }
      for (const key of keys) process.stdout.write(`${options.json ? JSON.stringify(toJson(key)) : line(key)}\n`);
    });
}

const madeAt = ({ madeMicros }: KeyRecord): string => new Date(Number(madeMicros / 1000n)).toISOString();
const line = (key: KeyRecord): string => `${key.fingerprint}  ${key.suite.padEnd(10)}  ${madeAt(key)}`;
const toJson = (key: KeyRecord): object => ({
  fingerprint: key.fingerprint,
  suite: key.suite,
  publicKey: key.publicKey.toString('hex'),
  madeAt: madeAt(key),
  previous: key.previous,
});
