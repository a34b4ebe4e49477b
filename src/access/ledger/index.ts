/**
 * The disclosure ledger: who saw what of whom, for which purpose and case, and who wrote what. Durable before an answer
 * leaves, and sealed in hash chains, so that what was removed or changed afterwards is found.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import type { Pool } from '../../platform/database.ts';
import { ledgerUnavailable } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { AccessOperation } from './access-operation.ts';
import { AccessRecord } from './access-record.ts';
import { Adoption } from './adoption.ts';
import { Anchors } from './anchors.ts';
import { appendSeal } from './chain.ts';
import { Checkpoints } from './checkpoints.ts';
import type { AccessEntry, Ledger } from './entry.ts';
import { COMMIT_LIMITS, GroupCommit } from './group-commit.ts';
import type { CommitLimits } from './group-commit.ts';
import { KeyRing } from './key-ring.ts';
import { LedgerChain } from './ledger-chain.ts';
import { LedgerCheckpoint } from './ledger-checkpoint.ts';
import { LedgerKey } from './ledger-key.ts';
import { LedgerSeal } from './ledger-seal.ts';
import { LedgerSealedWrite } from './ledger-sealed-write.ts';
import { openMissKey } from './miss-key.ts';
import { prepareEntry } from './prepared-entry.ts';
import type { PreparedEntry } from './prepared-entry.ts';
import type { Suite } from './suites.ts';
import { WriteSealer } from './write-sealer.ts';

export { archiveMonths, ArchiveRefused } from './archive.ts';
export { listArchives } from './archives.ts';
export type { ArchivedMonth } from './archives.ts';
export { packDisclosed, unpackDisclosed } from './disclosed.ts';
export type { AccessEntry, Disclosed, Ledger } from './entry.ts';
export { eachOnce, entryBy } from './entry-by.ts';
export { FEWEST_AHEAD, listMonths, makeMonths, monthsAhead } from './months.ts';
export type { LedgerMonth } from './months.ts';
export { recentAccesses } from './recent.ts';
export type { RecentAccess } from './recent.ts';
export { exportLedger } from './export.ts';
export type { ExportSummary, LedgerExport } from './export.ts';
export { PERSON_FORMS } from './export-lines.ts';
export type { PersonForm } from './export-lines.ts';
export type { ChainSpan } from './items.ts';
export type { KeyRecord } from './key-record.ts';
export { KeyRing, LedgerKeyError, listLedgerKeys, makeLedgerKey } from './key-ring.ts';
export type { SigningKey } from './key-ring.ts';
export { SUITES } from './suites.ts';
export type { Suite } from './suites.ts';
export { verifyExport } from './verify-export.ts';
export type { ExportVerification } from './verify-export.ts';
export { verifyLedger } from './verify.ts';
export type { Fault, FaultKind, LedgerToVerify, Verification } from './verify.ts';

/** The tables of the ledger; the server's role may select and insert there, and nothing else. */
export const ledgerEntities = [
  AccessOperation,
  AccessRecord,
  LedgerChain,
  LedgerSeal,
  LedgerSealedWrite,
  LedgerKey,
  LedgerCheckpoint,
] as const;

/** How checkpoints are signed. */
export interface LedgerSigning {
  readonly suite: Suite;
  /** Folder of the keys, readable for the hub's user alone. */
  readonly keysDir: string;
  /** Whether a first key is made where there is none. */
  readonly make: boolean;
}

/** What a ledger is opened with. */
export interface LedgerParts {
  /** One of its connections is the ledger's for as long as it is open; through a pooler in session mode only. */
  readonly pool: Pool;
  readonly clock: Clock;
  /** Folder for the anchors and the key of the misses; made when it is not there. */
  readonly anchorDir: string;
  readonly log: Logger;
  readonly limits?: CommitLimits;
  /** Unless said, Ed25519 with keys in a folder below the anchors, made on first use. */
  readonly signing?: LedgerSigning;
  /** Between two looks for processes that are gone, in ms; 10,000 unless said. */
  readonly sweepInterval?: number;
  /** Between two checkpoints while there are new seals, in ms; 60,000 unless said. */
  readonly checkpointInterval?: number;
}

const SWEEP_INTERVAL = 10_000;
const CHECKPOINT_INTERVAL = 60_000;
const PATIENCE = 3_000; // ms that closing waits for business transactions to end

/**
 * Opens the ledger of this process: a chain of its own begins. Throws when the database cannot be reached, and
 * LedgerKeyError where there is no key to sign with.
 */
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const { pool, clock, anchorDir, log, limits = COMMIT_LIMITS, sweepInterval = SWEEP_INTERVAL } = parts;
  const { signing = { suite: 'ED25519', keysDir: join(anchorDir, 'keys'), make: true } } = parts;
  const { checkpointInterval: interval = CHECKPOINT_INTERVAL } = parts;
  const ring = await KeyRing.open(signing.keysDir, signing.suite, { make: signing.make, clock });
  const missKey = await openMissKey(anchorDir);
  const anchors = await Anchors.open(anchorDir, log);
  const onChain = (): void => void checkpoints.sign();
  const commit = new GroupCommit({ pool, clock, anchors, log, limits, onChain });
  const checkpoints: Checkpoints = new Checkpoints({ commit, ring, clock, log, interval });
  const adoption = new Adoption({
    clock,
    anchors,
    log,
    signEnd: (session, head) => checkpoints.signEnd(session, head),
  });
  const sealer = new WriteSealer({ commit, adoption, anchors, clock, log });
  await commit.exclusively(() => Promise.resolve());
  await checkpoints.start();

  const sweep = async (): Promise<void> => {
    try {
      await commit.exclusively((session) => adoption.sweep(session));
    } catch (err) {
      log.warn({ err }, 'what other processes left in the ledger was not taken over yet');
    }
  };
  await sweep();
  const sweeping = setInterval(() => void sweep(), sweepInterval);
  sweeping.unref();

  let closing: Promise<void> | undefined;
  const prepared = (entry: AccessEntry): PreparedEntry => {
    if (closing) throw ledgerUnavailable(new Error('The ledger is closed'));
    try {
      return prepareEntry(entry);
    } catch (error) {
      log.error({ err: error }, 'an entry that no ledger could hold');
      throw ledgerUnavailable(error);
    }
  };

  const close = async (): Promise<void> => {
    clearInterval(sweeping);
    await commit.drained();
    for (const until = Date.now() + PATIENCE; sealer.waiting > 0 && Date.now() < until; await sleep(20)) {
      await sealer.look();
    }
    sealer.stop();
    checkpoints.stop();
    await checkpoints.settled();
    const left = sealer.waiting;
    if (left > 0) log.warn({ entries: left }, 'transactions are still under way; the next process seals their entries');
    try {
      // Without a connection there is nothing to close: the chain ended with it.
      if (left === 0 && commit.chain !== undefined) {
        await commit.exclusively(async (session) => {
          session.head = await appendSeal(session.client, session.head, { at: clock.now(), closing: true });
          anchors.note(session.head);
          await checkpoints.signEnd(session, session.head);
        });
      }
    } catch (err) {
      log.warn({ err }, 'the ledger was closed without a closing seal; the next process writes it');
    }
    commit.end();
    await anchors.flush();
  };

  return {
    record: async (entry) => commit.record(prepared(entry)),
    recordIn: async (client, entry) => sealer.recordIn(client, prepared(entry)),
    missKey,
    unsignedSince: () => checkpoints.unsignedSince,
    close: () => (closing ??= close()),
  };
}
