/** A department that delivers, over a table of its own: what the intake does with any kind, and with no department's. */
import { SharingPolicy, loadPolicy, loadRegions } from '../../src/access/index.ts';
import type { Bound } from '../../src/access/index.ts';
import type { AccessEntry } from '../../src/access/ledger/index.ts';
import { createIntake } from '../../src/intake/index.ts';
import type { DeliveryContext, DeliveryStatus, Intake, IntakeParts, RawRow } from '../../src/intake/index.ts';
import { matchSubjects } from '../../src/matching/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { openPool } from '../../src/platform/database.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW, callerOf } from '../harness/engine.ts';
import { LOAN, SHELF } from './kinds.ts';

const PROVENANCE = `source_system varchar not null, source_key varchar not null, as_of timestamptz not null,
  recorded_at timestamptz not null, delivery_id uuid, digest bytea, ended_on date`;

const TABLES = [
  `create table loan (id uuid primary key, person_id uuid not null references person (id), title varchar not null,
     lent_on date not null, deposit_fen bigint, copy_no varchar unique, ${PROVENANCE},
     constraint ck_loan__title check (title <> 'forbidden'), unique (source_system, source_key))`,
  `create index ix_loan__person_id on loan (person_id)`,
  `create table shelf (id uuid primary key, books int not null, ${PROVENANCE}, unique (source_system, source_key))`,
];

export { LOAN, SHELF };

/** Whoever delivers for education. */
export const education = callerOf('EDUCATION', 'SYSTEM', {
  purpose: 'DATA_SUPPLY',
  purposes: ['DATA_SUPPLY'],
  caseNo: 'ED-DATA-1',
});

/** The world of the tests. */
export interface IntakeWorld {
  readonly database: TestDatabase;
  readonly intake: Intake;
  readonly context: DeliveryContext;
  /** What the ledger was told. */
  readonly entries: AccessEntry[];
  /** Another process over the same database. */
  another(parts?: Partial<IntakeParts>): Intake;
  /** Opens, stages; the id. */
  staged(record: string, rows: readonly Cells[], how?: Partial<Parameters<Intake['openDelivery']>[1]>): Promise<string>;
  /** … and applies to the end. */
  delivered(
    record: string,
    rows: readonly Cells[],
    how?: Partial<Parameters<Intake['openDelivery']>[1]>,
  ): Promise<DeliveryStatus>;
  /** Codes of the findings by row. */
  findings(id: string): Promise<readonly (readonly [rowNo: number, field: string, code: string])[]>;
  close(): Promise<void>;
}

/** The cells of a row, or one that could not be read. */
export type Cells = Readonly<Record<string, string>> | undefined;

/** Opens a database with the two tables, and an intake that applies. */
export async function openWorld(parts: Partial<IntakeParts> = {}): Promise<IntakeWorld> {
  const database = await testDatabase();
  for (const statement of TABLES) await database.owner.query(statement);
  const role = new URL(database.serverUrl).username;
  for (const table of ['loan', 'shelf'])
    await database.owner.query(`grant select, insert, update on ${table} to "${role}"`);
  const entries: AccessEntry[] = [];
  const policy = new SharingPolicy(await loadPolicy(database.server), await loadRegions(database.server));
  const pool = openPool(database.serverUrl, { max: 8, name: 'test-intake', settings: { jit: 'off' } });
  const intakes: Intake[] = [];
  const another: IntakeWorld['another'] = (more = {}) => {
    const intake = createIntake({
      pool,
      ledger: {
        record: (entry) => Promise.resolve(void entries.push(entry)),
        recordIn: (_tx: PoolClient, entry) => Promise.resolve(void entries.push(entry)),
      },
      clock: fixedClock(NOW),
      log: silentLog,
      kinds: [LOAN, SHELF],
      policy: () => policy,
      matchSubjects,
      chunk: 7,
      times: { look: 20, sweep: 60_000, abandonedAfter: 900, keptDays: 90 },
      ...parts,
      ...more,
    });
    intakes.push(intake);
    return intake;
  };
  const intake = another();
  intake.start();
  const context: DeliveryContext = {
    operation: { digest: Buffer.alloc(32), text: 'mutation { test }' },
    policyVersion: policy.version,
    policyStamp: policy.stamp,
  };
  const staged: IntakeWorld['staged'] = async (record, rows, how = {}) => {
    const opening = { record, mode: 'DELTA', asOf: new Date(NOW), format: 'CSV', ...how } as const;
    const id = await intake.openDelivery(education, opening, context);
    await intake.stage(id, batches(rows));
    return id;
  };
  return {
    database,
    intake,
    context,
    entries,
    another,
    staged,
    delivered: async (record, rows, how) => {
      const id = await staged(record, rows, how);
      await intake.apply(education, id, {}, context);
      return intake.settled(id);
    },
    findings: async (id) => {
      const found: (readonly [number, string, string])[] = [];
      for await (const part of intake.findings(id))
        for (const { rowNo, field: name, code } of part) found.push([rowNo, name, code]);
      return found;
    },
    close: async () => {
      await Promise.all(intakes.map((one) => one.close()));
      await pool.end();
      await database.drop();
    },
  };
}

async function* batches(rows: readonly Cells[]): AsyncIterable<readonly RawRow[]> {
  for (let at = 0; at < rows.length; at += 10) {
    yield await Promise.resolve(
      rows.slice(at, at + 10).map((cells, i): RawRow => {
        const rowNo = at + i + 1;
        return cells === undefined ? { rowNo, unreadable: 'UNREADABLE_ROW' } : { rowNo, cells };
      }),
    );
  }
}

/** A number that says little about its neighbours': people of the tests must not look like one another's slips. */
const mixed = (number: number, salt: number): number => (Math.imul(number * 31 + salt, 0x9e3779b1) >>> 8) & 0xffff;
const two = (number: number): string => String(number).padStart(2, '0');

/** The cells of somebody's loan; two different numbers are two different people. */
export function loan(number: number, change: Readonly<Record<string, string>> = {}): Record<string, string> {
  const birthDate = `${1930 + (mixed(number, 1) % 75)}-${two(1 + (mixed(number, 2) % 12))}-${two(1 + (mixed(number, 3) % 28))}`;
  const sign = (salt: number): string => String.fromCodePoint(0x4e00 + (mixed(number, salt) % 8_000));
  return {
    sourceKey: `L-${number}`,
    idNumber: makeResidentId('620199', birthDate, mixed(number, 4) % 996),
    name: sign(5) + sign(6) + sign(7),
    region: '621122',
    title: `第${number}册`,
    lentOn: '2026-10-01',
    ...change,
  };
}

export const loans = (from: number, to: number): Record<string, string>[] =>
  Array.from({ length: to - from + 1 }, (_, i) => loan(from + i));

/** A caller of another department. */
export const housing: Bound = callerOf('HOUSING', 'SYSTEM', {
  purpose: 'DATA_SUPPLY',
  purposes: ['DATA_SUPPLY'],
  caseNo: 'HO-DATA-1',
});
