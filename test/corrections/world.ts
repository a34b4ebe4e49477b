/** Departments that ask, dispute and answer on any day, over one database and one ledger; without HTTP. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Bound, Department, Role } from '../../src/access/index.ts';
import { openLedger } from '../../src/access/ledger/index.ts';
import type { Ledger } from '../../src/access/ledger/index.ts';
import { createCorrections, createRecalls, openRecaller } from '../../src/corrections/index.ts';
import type { Corrections, Recaller, Recalls } from '../../src/corrections/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { HubError } from '../../src/platform/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { Outcome, TestEngine } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { rowsIn } from '../registry/rows.ts';
import { DISPUTED } from './example.ts';

/** A system of the department in its case; every department's caseload holds every person. */
export const system = (department: Department, change: Partial<Bound> = {}): Bound =>
  callerOf(department, 'SYSTEM', { caseNo: `${department}-1`, ...change });

/** A registrar of the department. */
export const registrar = (department: Department, change: Partial<Bound> = {}): Bound =>
  callerOf(department, 'REGISTRAR' satisfies Role, {
    client: `${department.toLowerCase()}.registrar.test`,
    caseNo: 'DQ-1',
    purposes: ['DATA_SUPPLY', 'DATA_QUALITY'],
    purpose: 'DATA_QUALITY',
    ...change,
  });

/** Somebody whom all departments have a case about. */
export interface Someone {
  readonly personId: string;
  readonly recordId: string;
  readonly grantId: string;
}

interface Acts {
  open: Corrections['open'];
  answer: Corrections['answer'];
  withdraw: Corrections['withdraw'];
  acknowledge: Recalls['acknowledge'];
  act: Recalls['act'];
}
type InputOf<A extends keyof Acts> = Parameters<Acts[A]>[1];
type ResultOf<A extends keyof Acts> = Awaited<ReturnType<Acts[A]>>;

export interface CorrectionsWorld {
  readonly db: TestDatabase;
  readonly ledger: Ledger;
  readonly rows: ReturnType<typeof rowsIn>;
  readonly graph: TestEngine['graph'];
  someone(): Promise<Someone>;
  /** What the graph tells a caller on a day, at nine in the morning in China; recorded in the ledger. */
  ask(query: string, on: string, caller: Bound, variables?: Readonly<Record<string, unknown>>): Promise<Outcome>;
  /** The data of it. @throws what was refused */
  read<T = Record<string, unknown>>(...asked: Parameters<CorrectionsWorld['ask']>): Promise<T>;
  act<A extends keyof Acts>(act: A, on: string, caller: Bound, input: InputOf<A>): Promise<ResultOf<A>>;
  /** The refusal of an act. */
  refusal<A extends keyof Acts>(act: A, on: string, caller: Bound, input: InputOf<A>): Promise<HubError>;
  recallerOn(on: string): Recaller;
  close(): Promise<void>;
}

const CASELOADS = ['EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT', 'CIVIL_AFFAIRS'];
const clockOf = (on: string) => fixedClock(on.includes('T') ? on : `${on}T09:00:00+08:00`);

export async function openCorrectionsWorld(): Promise<CorrectionsWorld> {
  const db = await testDatabase();
  const anchorDir = testFolder('corrections');
  const rows = rowsIn(db.owner);
  const ledger = await openLedger({ pool: db.server, clock: clockOf('2026-09-01'), anchorDir, log: silentLog });
  const engines = new Map<string, Promise<TestEngine>>();
  const engineOn = (on: string): Promise<TestEngine> => {
    const engine = engines.get(on) ?? openEngine(db, { clock: clockOf(on), record: (entry) => ledger.record(entry) });
    engines.set(on, engine);
    return engine;
  };
  const { graph } = await engineOn('2026-09-01');

  const act: CorrectionsWorld['act'] = async (name, on, caller, input) => {
    const head = await db.owner.query<{ version: number; stamp: string }>('select version, stamp from policy_head');
    const parts = { pool: db.server, ledger, clock: clockOf(on), graph };
    const services: Acts = { ...createCorrections(parts), ...createRecalls(parts) };
    const run = services[name] as (...given: unknown[]) => Promise<never>;
    return run(caller, input, {
      operation: { digest: createHash('sha256').update(name).digest(), text: `mutation { ${name} }` },
      policyVersion: head.rows[0]?.version ?? 0,
      policyStamp: Number(head.rows[0]?.stamp),
    });
  };
  const ask: CorrectionsWorld['ask'] = async (query, on, caller, variables = {}) =>
    (await engineOn(on)).ask(query, caller, { variables });
  let terms = 0;

  return {
    db,
    ledger,
    rows,
    graph,
    act,
    ask,
    async someone() {
      const personId = await rows.person({ recorded_at: '2026-08-01T00:00:00Z' });
      for (const department of CASELOADS)
        await rows.insert('caseload', {
          department,
          person_id: personId,
          case_no: `${department}-1`,
          opened_on: '2026-01-01',
        });
      const recordId = await rows.insert(DISPUTED.table, {
        source_key: `${personId}-${String((terms += 1))}`,
        as_of: '2026-08-01T00:00:00Z',
        recorded_at: '2026-08-01T00:00:00Z',
        person_id: personId,
        ...DISPUTED.values,
      });
      const grantId = await rows.grant({
        department: 'HOUSING',
        programme: 'RENT_SUBSIDY',
        person_id: personId,
        recorded_at: '2026-08-01T00:00:00Z',
      });
      return { personId, recordId, grantId };
    },
    async read<T>(...asked: Parameters<CorrectionsWorld['ask']>) {
      const { data, errors } = await ask(...asked);
      if (errors.length > 0)
        throw new Error(errors.map(({ code, message }) => `${String(code)}: ${message}`).join('\n'));
      return data as T;
    },
    async refusal(...given) {
      const thrown: unknown = await act(...given).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown instanceof HubError) return thrown;
      throw thrown instanceof Error ? thrown : new Error(`${given[0]} was not refused`);
    },
    recallerOn: (on) => openRecaller({ pool: db.server, graph, clock: clockOf(on), log: silentLog }),
    close: async () => {
      await ledger.close();
      await db.drop();
      rmSync(anchorDir, { recursive: true, force: true });
    },
  };
}
