/** Stewards of several departments and the services that they work with, on a database of its own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bound, Department } from '../../src/access/index.ts';
import { openLedger } from '../../src/access/ledger/index.ts';
import { createAccessRequests } from '../../src/governance/index.ts';
import type { AccessRequestReceipt, AccessRequests, RequestAccessInput } from '../../src/governance/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { HubError } from '../../src/platform/errors.ts';
import { newId } from '../../src/platform/id.ts';
import { silentLog } from '../../src/platform/log.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

/** A steward of a department; `who` tells two of one department apart. */
export const steward = (department: Department, who: 'a' | 'b' = 'a'): Bound => ({
  client: `${department.toLowerCase().replaceAll('_', '-')}.steward-${who}.test`,
  department,
  role: 'STEWARD',
  regions: ['360000000000', '620000000000'],
  purposes: ['GOVERNANCE'],
  purpose: 'GOVERNANCE',
  caseNo: 'GOV-2026-000001',
  tokenId: 'test',
});

type Act = keyof AccessRequests;
type InputOf<A extends Act> = Parameters<AccessRequests[A]>[1];

export interface RequestsWorld {
  readonly db: TestDatabase;
  /** An act on a day, at nine in the morning in China. */
  act<A extends Act>(
    act: A,
    on: string,
    caller: Bound,
    input: InputOf<A>,
    change?: { readonly policyStamp: number },
  ): Promise<AccessRequestReceipt>;
  /** The message of the refusal of an act. */
  refusal<A extends Act>(
    act: A,
    on: string,
    caller: Bound,
    input: InputOf<A>,
    change?: { readonly policyStamp: number },
  ): Promise<HubError>;
  /** What the graph tells a caller on a day. */
  read(query: string, on: string, caller: Bound, variables?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): Promise<void>;
}

/** A request of the housing department, for all purposes of its agreement, that nothing is wrong with; each has a key of its own. */
export const asking = (change: Partial<RequestAccessInput> = {}): RequestAccessInput => ({
  key: newId(),
  role: 'SYSTEM',
  groups: [{ name: 'death', access: 'FULL' }],
  rows: [{ type: 'Person', scope: 'CASELOAD' }],
  operations: ['person'],
  purposes: ['CASE_HANDLING', 'AID_ELIGIBILITY', 'AID_REPORTING'],
  legalBasis: '《社会救助法》第42条',
  scenario: '核对公租房在保家庭成员是否健在',
  mode: 'SERVICE_INTERFACE',
  validFrom: '2026-12-01',
  validUntil: '2027-06-30',
  ...change,
});

/** Asks for a group of civil affairs and one of medical security. */
export const ofTwoOwners = () =>
  asking({
    groups: [
      { name: 'death', access: 'FULL' },
      { name: 'serious-illness', access: 'FULL', scope: 'CASELOAD' },
    ],
  });

/** The answer that grants. */
export const grant = (request: string, change: object = {}) => ({ request, verdict: 'GRANT' as const, ...change });
/** The answer that refuses, with reason and basis. */
export const refuse = (request: string, change: object = {}) => ({
  request,
  verdict: 'REFUSE' as const,
  reason: '现有共享已能满足需要',
  legalBasis: '《个人信息保护法》第6条',
  ...change,
});

export async function openRequestsWorld(): Promise<RequestsWorld> {
  const db = await testDatabase();
  const anchorDir = mkdtempSync(join(tmpdir(), 'hub-requests-'));
  const clockOf = (on: string) => fixedClock(`${on}T09:00:00+08:00`);
  const ledger = await openLedger({ pool: db.server, clock: clockOf('2026-11-20'), anchorDir, log: silentLog });
  const engines = new Map<string, Promise<TestEngine>>();
  const engineOn = (on: string): Promise<TestEngine> => {
    const engine = engines.get(on) ?? openEngine(db, { clock: clockOf(on) });
    engines.set(on, engine);
    return engine;
  };
  const { graph } = await engineOn('2026-11-20');

  const act: RequestsWorld['act'] = async (name, on, caller, input, change = undefined) => {
    const { rows } = await db.owner.query<{ version: number; stamp: string }>('select version, stamp from policy_head');
    const services = createAccessRequests({ pool: db.server, ledger, clock: clockOf(on), graph });
    const run = services[name] as (...given: unknown[]) => Promise<AccessRequestReceipt>;
    return run(caller, input, {
      operation: { digest: createHash('sha256').update(name).digest(), text: `mutation { ${name} }` },
      policyVersion: rows[0]?.version ?? 0,
      policyStamp: Number(rows[0]?.stamp),
      ...change,
    });
  };
  return {
    db,
    act,
    refusal: async (...given) => {
      const thrown: unknown = await act(...given).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown instanceof HubError) return thrown;
      throw thrown instanceof Error ? thrown : new Error(`${given[0]} was not refused`);
    },
    read: async (query, on, caller, variables = {}) => {
      const { data, errors } = await (await engineOn(on)).ask(query, caller, { variables });
      if (errors.length > 0)
        throw new Error(errors.map(({ code, message }) => `${String(code)}: ${message}`).join('\n'));
      return data;
    },
    close: async () => {
      await ledger.close();
      await db.drop();
      rmSync(anchorDir, { recursive: true, force: true });
    },
  };
}
