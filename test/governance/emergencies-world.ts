/** Those who meet an emergency, those who answer for it, and two hub processes on one database and one clock. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import type { Bound } from '../../src/access/index.ts';
import { openLedger } from '../../src/access/ledger/index.ts';
import type { Ledger } from '../../src/access/ledger/index.ts';
import { createEmergencies, createNoticeBoard } from '../../src/governance/index.ts';
import { fromBytes } from '../../src/platform/bytes.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { dateInChina } from '../../src/platform/dates.ts';
import { silentLog } from '../../src/platform/log.ts';
import { toGraphQLError } from '../../src/server/graphql-errors.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { openEngine } from '../harness/engine.ts';
import { rowsIn } from '../registry/rows.ts';

/** A Monday morning in China. */
export const MORNING = '2026-11-23T09:00:00+08:00';

/** A clock that is set by hand. */
export interface SetClock extends Clock {
  set(iso: string): void;
}

export function handClock(iso: string): SetClock {
  let at = new Date(iso);
  return { now: () => new Date(at), today: () => dateInChina(at), set: (next) => void (at = new Date(next)) };
}

const caller = (client: string, rest: Pick<Bound, 'department' | 'role'> & Partial<Bound>): Bound => ({
  client,
  regions: ['620000000000'],
  purposes: ['EMERGENCY', 'CASE_HANDLING', 'GOVERNANCE', 'AUDIT'],
  tokenId: 'test',
  ...rest,
});

/** Who asks, each for the purpose that it usually has. */
export const WHO = {
  hospital: caller('health.test', {
    department: 'HEALTH',
    role: 'SYSTEM',
    purpose: 'EMERGENCY',
    caseNo: 'JZ-2026-000001',
  }),
  window: caller('window.test', {
    department: 'CIVIL_AFFAIRS',
    role: 'WINDOW',
    purpose: 'EMERGENCY',
    caseNo: 'YJ-2026-000001',
  }),
  healthSteward: caller('health.steward-a.test', {
    department: 'HEALTH',
    role: 'STEWARD',
    purpose: 'GOVERNANCE',
    caseNo: 'GOV-1',
  }),
  civilSteward: caller('civil-affairs.steward-a.test', {
    department: 'CIVIL_AFFAIRS',
    role: 'STEWARD',
    purpose: 'GOVERNANCE',
    caseNo: 'GOV-2',
  }),
  housingSteward: caller('housing.steward-a.test', {
    department: 'HOUSING',
    role: 'STEWARD',
    purpose: 'GOVERNANCE',
    caseNo: 'GOV-3',
  }),
  educationSteward: caller('education.steward-a.test', {
    department: 'EDUCATION',
    role: 'STEWARD',
    purpose: 'GOVERNANCE',
    caseNo: 'GOV-4',
  }),
  auditor: caller('audit.test', { department: 'AUDIT', role: 'AUDITOR', purpose: 'AUDIT', caseNo: 'AU-1' }),
} as const satisfies Readonly<Record<string, Bound>>;

/** An answer or why there is none. */
export interface Told {
  readonly data?: Record<string, unknown> | null;
  /** Code of the first error. */
  readonly code?: unknown;
  readonly message?: string;
}

/** A hub process. */
export type Hub = (text: string, caller: Bound, variables?: Readonly<Record<string, unknown>>) => Promise<Told>;

export interface EmergenciesWorld {
  readonly db: TestDatabase;
  readonly clock: SetClock;
  readonly hub: Hub;
  /** Another process on the same database, with plans of its own. */
  readonly other: Hub;
  /** Makes the next ledger entry of a write fail. */
  failNextWrite(): void;
  /** In no caseload of the hospital; at home in the province of the callers. */
  readonly patient: string;
  readonly household: string;
  /** At home in another province. */
  readonly stranger: string;
  close(): Promise<void>;
}

export async function openEmergenciesWorld(): Promise<EmergenciesWorld> {
  const db = await testDatabase();
  const clock = handClock(MORNING);
  const anchorDir = mkdtempSync(join(tmpdir(), 'hub-emergencies-'));
  const ledger = await openLedger({ pool: db.server, clock, anchorDir, log: silentLog });
  let failing = false;
  const faulty: Ledger = {
    ...ledger,
    recordIn: async (client, entry) => {
      await ledger.recordIn(client, entry);
      if (!failing) return;
      failing = false;
      throw new Error('The power went');
    },
  };
  const hub = await openProcess(db, clock, faulty);
  const other = await openProcess(db, clock, ledger);
  const rows = rowsIn(db.owner);
  const household = await rows.household({ member_count: 2 });
  const patient = await rows.person({ phone: '13900000001', address: '某村1号' });
  await rows.membership({ household_id: household, person_id: patient });
  await rows.settlement({ person_id: patient });
  const stranger = await rows.person({
    name: '李四',
    region_code: '360199001001',
    township_code: '360199001000',
    county_code: '360199000000',
    prefecture_code: '360100000000',
    province_code: '360000000000',
  });
  return {
    db,
    clock,
    hub,
    other,
    failNextWrite: () => void (failing = true),
    patient,
    household,
    stranger,
    close: async () => {
      await ledger.close();
      await db.drop();
      rmSync(anchorDir, { recursive: true, force: true });
    },
  };
}

async function openProcess(db: TestDatabase, clock: Clock, ledger: Ledger): Promise<Hub> {
  const { engine, schema } = await openEngine(db, { clock, record: (entry) => ledger.record(entry) });
  const parts = { pool: db.server, ledger, clock };
  const services = { emergencies: createEmergencies(parts), noticeBoard: createNoticeBoard(parts) };
  return async (text, asker, variables = {}) => {
    const document = parse(text);
    const [invalid] = validate(schema, document);
    if (invalid !== undefined) throw invalid;
    try {
      const context = { caller: asker, onDenied: 'refuse' as const, requestId: 'test', ...services };
      const { text: json, data, errors = [] } = await engine.execute({ document, variables, context });
      const [fault] = errors;
      if (fault !== undefined) return refused(fault);
      return { data: json === undefined ? (data ?? null) : (JSON.parse(fromBytes(json)) as Record<string, unknown>) };
    } catch (thrown) {
      return refused(thrown);
    }
  };
}

function refused(thrown: unknown): Told {
  const { message, extensions } = toGraphQLError(thrown, 'test', silentLog);
  return { code: extensions['code'], message };
}

export const OPEN = 'mutation Open($reason: String!) { openEmergency(reason: $reason) { id until told unchanged } }';
export const CLOSE = 'mutation { closeEmergency { id closedAt unchanged } }';
export const REVIEW = `mutation Review($input: ReviewEmergencyInput!) {
  reviewEmergency(input: $input) { id verdict reviewedAt unchanged } }`;
export const REASON = '急诊收治昏迷病人，需联系家属并核对病史';

/** Opens an emergency; its id. */
export async function openBy(hub: Hub, asker: Bound): Promise<string> {
  const { data, message } = await hub(OPEN, asker, { reason: REASON });
  const opened = data?.['openEmergency'] as { id: string } | undefined;
  if (opened === undefined) throw new Error(message);
  return opened.id;
}
