/** A ledger of a test's own, and entries for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, verifyLedger } from '../../src/access/ledger/index.ts';
import type { AccessEntry, Ledger, LedgerParts, Verification } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { inTransaction, openPool } from '../../src/platform/database.ts';
import type { Pool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { silentLog } from '../../src/platform/log.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

export const CHECK_TEXT = 'query Check { checkStatus(checks: _) { status programmes { programme } } }';
export const COORDINATES = [['StatusCheck.status'], ['StatusProgramme.programme', 'StatusProgramme.validFrom']];

/** An entry of a status check by the education department; `change` says what is different. */
export function anEntry(change: Partial<AccessEntry> = {}): AccessEntry {
  const person = newId();
  return {
    id: newId(),
    at: new Date(),
    client: 'education.demo',
    department: 'EDUCATION',
    role: 'SYSTEM',
    purpose: 'AID_ELIGIBILITY',
    caseNo: 'ED-2026-000001',
    kind: 'READ',
    decision: 'ALLOWED',
    operation: { digest: Buffer.alloc(32), name: 'Check', text: CHECK_TEXT },
    coordinates: COORDINATES,
    persons: [
      { id: person, node: 0 },
      { id: person, node: 1 },
    ],
    households: [{ id: newId(), node: 1 }],
    misses: [],
    policyVersion: 1,
    items: 1,
    ...change,
  };
}

/** An entry of a report of aid. */
export const aWrite = (change: Partial<AccessEntry> = {}): AccessEntry =>
  anEntry({
    kind: 'WRITE',
    purpose: 'AID_REPORTING',
    operation: { digest: Buffer.alloc(32), text: 'mutation { reportAid(input: _) { total } }' },
    ...change,
  });

export interface TestLedgers {
  readonly database: TestDatabase;
  readonly anchorDir: string;
  /** Another hub process on the same database: a ledger with a pool of its own. */
  open(parts?: Partial<LedgerParts>): Promise<Ledger>;
  verify(anchorDir?: string, grace?: number): Promise<Verification>;
  /** Commits a business transaction with one entry. */
  write(ledger: Ledger, entry?: AccessEntry): Promise<void>;
  drop(): Promise<void>;
}

/** A database and a folder of anchors, without any ledger yet. */
export async function testLedgers(): Promise<TestLedgers> {
  const database = await testDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'hub-ledger-'));
  const anchorDir = join(dir, 'anchors');
  const ledgers: Ledger[] = [];
  const pools: Pool[] = [];
  return {
    database,
    anchorDir,
    open: async (parts = {}) => {
      const pool = parts.pool ?? openPool(database.serverUrl, { max: 1, name: 'test-ledger' });
      if (!parts.pool) pools.push(pool);
      const ledger = await openLedger({ clock: systemClock, anchorDir, log: silentLog, ...parts, pool });
      ledgers.push(ledger);
      return ledger;
    },
    verify: (from = anchorDir, grace = 1_500) => verifyLedger({ pool: database.server, anchorDir: from, grace }),
    write: (ledger, entry = aWrite()) => inTransaction(database.server, (client) => ledger.recordIn(client, entry)),
    drop: async () => {
      await Promise.all(ledgers.map((ledger) => ledger.close()));
      await Promise.all(pools.map((pool) => pool.end()));
      await database.drop();
      rmSync(dir, { recursive: true });
    },
  };
}
