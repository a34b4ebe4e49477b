/** `hub ledger verify`: of the database, or of an export without any database. */
import type { Command } from 'commander';
import { LedgerKeyError, listLedgerKeys, verifyExport, verifyLedger } from '../../server/index.ts';
import type { ExportVerification } from '../../server/index.ts';
import { onDatabase } from './on-database.ts';
import { openLedgerProgress } from './progress.ts';
import { readTrust } from './trust.ts';

const EXIT_FAULT = 2;

const HELP = `
Every digest is computed anew, each seal is held against the one before it, every checkpoint against its signature, and the
ends of the chains against the anchors in HUB_ANCHOR_DIR and against each other. Reads only; a hub may be at work meanwhile.

With --file an export is verified, with neither database nor network. Give the fingerprints that you trust: the
installation's own, told to you by another way than the export. A key that a trusted key endorsed is trusted as well.
Without --file the keys in HUB_LEDGER_KEYS_DIR are trusted where there are any.

Environment:
  HUB_DATABASE_URL     any role that may read; without it the embedded database in HUB_DATA_DIR (.hub)
  HUB_ANCHOR_DIR       folder of the anchors (default: anchors in HUB_DATA_DIR)
  HUB_LEDGER_KEYS_DIR  folder of the signing keys (default: ledger-keys in HUB_DATA_DIR)

Exit codes: 0 whole, 2 a fault was found (the first one is named), 1 could not be verified`;

interface Options {
  readonly file?: string;
  readonly trust: readonly string[];
  readonly json?: true;
}

/** Adds the subcommand. */
export function addVerify(ledger: Command): void {
  ledger
    .command('verify')
    .summary('核验 · find the first broken, missing, unsealed or unsigned entry')
    .description(
      'Finds the first entry that is broken, missing, unsealed or unsigned; a tail that was cut off included.',
    )
    .option('--file <export>', 'an export in place of the database')
    .option('--trust <fingerprint|file>', 'a key that is trusted; may be given several times', collect, [])
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ file, trust, json }: Options) => {
      process.exitCode =
        file === undefined ? await ofDatabase(readTrust(trust), json) : await ofExport(file, readTrust(trust), json);
    });
}

const collect = (one: string, before: readonly string[]): string[] => [...before, one];

function ofDatabase(given: readonly string[], json: true | undefined): Promise<number> {
  return onDatabase(async (pool, { anchorDir, ledgerKeysDir }) => {
    const known = await ownKeys(ledgerKeysDir);
    const trust = [...given, ...known];
    const progress = openLedgerProgress();
    const found = await verifyLedger({
      pool,
      anchorDir,
      trust: trust.length > 0 ? trust : undefined,
      onProgress: progress.onProgress,
    }).finally(() => {
      progress.stop();
    });
    return tell(found, json, trust.length > 0 ? [] : [NOBODY_TRUSTED]);
  });
}

const NOBODY_TRUSTED =
  '未指定可信密钥 · No key was given to trust (--trust, or HUB_LEDGER_KEYS_DIR): signatures were checked against the keys that the ledger itself publishes.';

/** Fingerprints of the installation's keys; none where this user may not read them. */
async function ownKeys(dir: string): Promise<string[]> {
  try {
    return (await listLedgerKeys(dir)).map(({ fingerprint }) => fingerprint);
  } catch (error) {
    if (error instanceof LedgerKeyError) throw error;
    return [];
  }
}

async function ofExport(file: string, trust: readonly string[], json: true | undefined): Promise<number> {
  if (trust.length === 0) {
    process.stderr.write(
      '--trust: name the fingerprint of the key that you trust, as hub ledger keys prints it on the installation.\n',
    );
    return 1;
  }
  const found = await verifyExport({ file, trust });
  const notes = found.unsigned
    ? [
        '整份导出未签名 · The export as a whole is not signed: that nothing after its last checkpoint was left out is not proven.',
      ]
    : [];
  return tell(found, json, notes);
}

function tell(found: ExportVerification, json: true | undefined, notes: readonly string[]): number {
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : report(found));
  if (!json) for (const note of [...notes, ...remarks(found)]) process.stdout.write(`  ${note}\n`);
  return found.ok ? 0 : EXIT_FAULT;
}

function remarks({ opaque = 0, clockBack = 0, archives = [] }: ExportVerification): string[] {
  return [
    ...archives
      .filter(({ place }) => place !== '')
      .map(({ month, entries, place, digest }) => {
        const what = counted(entries, 'entry', 'entries');
        return `已归档 · Archived ${month}: ${what} in ${place}, sha256 ${digest}. Verify it with --file.`;
      }),
    ...(opaque > 0 ? [`其中仅核验摘要 · Of ${counted(opaque, 'entry', 'entries')} only the digest was checked.`] : []),
    ...(clockBack > 0 ? [`时钟回拨 · The clock of a hub went back ${counted(clockBack, 'time')}.`] : []),
  ];
}

function report({ firstFault, entries, seals, chains, checkpoints }: ExportVerification): string {
  const checked = [
    counted(entries, 'entry', 'entries'),
    counted(seals, 'seal'),
    counted(chains, 'chain'),
    counted(checkpoints, 'checkpoint'),
  ].join(', ');
  if (firstFault === undefined) return `账本完整 · The ledger is whole: ${checked}.\n`;
  const { kind, chain, seq, entryId, message } = firstFault;
  const where = [
    ['fault', kind],
    ...(chain > 0 ? [['chain', String(chain)]] : []),
    ...(seq > 0 ? [['seal', String(seq)]] : []),
    ...(entryId === undefined ? [] : [['entry', entryId]]),
    ['checked before', checked],
  ].map(([what = '', value = '']) => `  ${what.padEnd(14)}  ${value}\n`);
  return `账本有误 · The ledger has a fault. ${message}\n${where.join('')}`;
}

const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
