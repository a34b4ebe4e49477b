/** Civil affairs delivers its lists into an empty hub, chunk by chunk, and its systems read what became of them. */
import { SharingPolicy, loadPolicy, loadRegions } from '../../../src/access/index.ts';
import { civilAffairs } from '../../../src/departments/civil-affairs/index.ts';
import { createIntake } from '../../../src/intake/index.ts';
import type { DeliveryContext, DeliveryStatus, Intake } from '../../../src/intake/index.ts';
import { matchSubjects } from '../../../src/matching/index.ts';
import { fixedClock } from '../../../src/platform/clock.ts';
import { openPool } from '../../../src/platform/database.ts';
import type { Pool } from '../../../src/platform/database.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { NOW, callerOf } from '../../harness/engine.ts';

export type Cells = Readonly<Record<string, string>>;

/** How a list is delivered: the month that it is of, a whole county or what changed, and by whom. */
export interface How {
  readonly asOf?: string;
  readonly mode?: 'SNAPSHOT' | 'DELTA';
  readonly region?: string;
  readonly source?: string;
  /** A snapshot ends more than the sanity share allows. */
  readonly endAll?: boolean;
}

export interface CivilAffairsWorld {
  readonly database: TestDatabase;
  deliver(record: string, rows: readonly Cells[], how?: How): Promise<DeliveryStatus>;
  findings(id: string): Promise<readonly (readonly [rowNo: number, field: string, code: string])[]>;
  /** Rows of a query, as the owner of the tables. */
  rows(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Nobody is in the hub any more. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Longxi and Weiyuan, two counties of Gansu, each with a township. */
export const LONGXI = '621122000000';
export const WEIYUAN = '621123000000';

const registrar = callerOf('CIVIL_AFFAIRS', 'REGISTRAR', {
  purpose: 'DATA_SUPPLY',
  purposes: ['DATA_SUPPLY'],
  caseNo: 'CA-DATA-1',
});

/** The n-th person, born in 1970; the number belongs to nobody. */
export const person = (n: number, name = `张${'甲乙丙丁戊己庚辛壬癸'.charAt(n % 10)}`): Cells => ({
  idNumber: makeResidentId('620199', '1970-05-06', n),
  name,
  region: LONGXI,
});

/** A line of a list: the n-th person on a certificate, the first of them its head. */
export const line = (certificateNo: string, n: number, cells: Cells = {}): Cells => ({
  sourceKey: `${certificateNo}-${n}`,
  ...person(n),
  certificateNo,
  relation: '户主',
  scheme: '农村低保',
  amount: '800',
  startMonth: '2026-01',
  ...cells,
});

/**
 * Opens a database with nobody in it.
 * @param chunk rows of one transaction
 * @param through what the intake reaches the database through, made of its pool
 */
export async function openCivilAffairs(
  chunk = 100,
  through: (pool: Pool) => Pool = (pool) => pool,
): Promise<CivilAffairsWorld> {
  const database = await testDatabase();
  const policy = new SharingPolicy(await loadPolicy(database.server), await loadRegions(database.server));
  const pool = openPool(database.serverUrl, { max: 8, name: 'test-intake', settings: { jit: 'off' } });
  const intake: Intake = createIntake({
    pool: through(pool),
    ledger: { record: () => Promise.resolve(), recordIn: () => Promise.resolve() },
    clock: fixedClock(NOW),
    log: silentLog,
    kinds: civilAffairs.records,
    policy: () => policy,
    matchSubjects,
    chunk,
    times: { look: 20, sweep: 60_000, abandonedAfter: 900, keptDays: 90 },
  });
  intake.start();
  const context: DeliveryContext = {
    operation: { digest: Buffer.alloc(32), text: 'mutation { test }' },
    policyVersion: policy.version,
    policyStamp: policy.stamp,
  };
  return {
    database,
    deliver: async (record, rows, { asOf = '2026-11-20', mode = 'DELTA', region, source = 'list', endAll } = {}) => {
      const id = await intake.openDelivery(
        registrar,
        { record, mode, asOf: new Date(`${asOf}T01:00:00Z`), region, sourceSystem: source, format: 'CSV' },
        context,
      );
      await intake.stage(
        id,
        (async function* () {
          yield await Promise.resolve(rows.map((cells, index) => ({ rowNo: index + 1, cells })));
        })(),
      );
      await intake.apply(registrar, id, endAll === undefined ? {} : { endAll }, context);
      return intake.settled(id);
    },
    findings: async (id) => {
      const found: (readonly [number, string, string])[] = [];
      for await (const part of intake.findings(id))
        for (const { rowNo, field, code } of part) found.push([rowNo, field, code]);
      return found;
    },
    rows: async (text, values = []) => (await database.owner.query<Record<string, unknown>>(text, values)).rows,
    forget: async () => {
      await database.owner.query('truncate delivery, delivery_row, record_history, person cascade');
    },
    close: async () => {
      await intake.close();
      await pool.end();
      await database.drop();
    },
  };
}

/** Everything that follows from the lists, without ids and instants: equal for two hubs in the same state. */
export const STATE = `
  select jsonb_build_object(
    'enrolments', (select jsonb_agg(x order by x) from (select jsonb_build_array(e.certificate_no, p.name, e.programme, e.urban_rural,
        e.category, e.amount_fen, e.top_up_fen, e.status, e.valid_from, e.valid_to, e.causes, e.support_mode, h.member_count, hp.name) as x
      from enrolment e join person p on p.id = e.applicant_id join household h on h.id = e.household_id join person hp on hp.id = h.head_person_id) e),
    'events', (select jsonb_agg(x order by x) from (select jsonb_build_array(e.certificate_no, v.kind, v.effective_on, v.amount_fen) as x
      from enrolment_event v join enrolment e on e.id = v.enrolment_id) v),
    'members', (select jsonb_agg(x order by x) from (select jsonb_build_array(h.source_key, p.name, m.relation, m.role, m.valid_from, m.valid_to) as x
      from membership m join person p on p.id = m.person_id join household h on h.id = m.household_id) m),
    'recipients', (select jsonb_agg(x order by x) from (select jsonb_build_array(e.certificate_no, p.name, t.programme, t.category, t.valid_from, t.valid_to) as x
      from recipient t join person p on p.id = t.person_id join enrolment e on e.id = t.enrolment_id) t)) as state`;
