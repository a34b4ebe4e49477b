/** The table `delivery`: opened, found, moved from state to state. */
import type { Department } from '../access/index.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import type { FaultCode } from './faults.ts';
import type { DeliveryState, DeliveryStatus } from './intake-service.ts';
import type { DeliveryMode, StepDelivery } from './record-kind.ts';
import type { StepCounts } from './step.ts';

/** A row of the table, as far as the service reads it. */
export interface DeliveryRecord {
  readonly id: string;
  readonly department: Department;
  readonly sourceSystem: string;
  readonly record: string;
  readonly mode: DeliveryMode;
  readonly state: DeliveryState;
  readonly asOf: Date;
  readonly region: string | null;
  readonly fileName: string | null;
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly finishedAt: Date | null;
  readonly appliedThrough: number;
  readonly code: FaultCode | 'INTERNAL' | null;
  readonly endAll: boolean;
  readonly askedBy: AskedBy | null;
  readonly leaseBy: string | null;
  readonly forgotten: boolean;
  readonly rows: number;
  readonly faulty: number;
  readonly repeated: number;
  readonly recorded: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly held: number;
  readonly conflicts: number;
  readonly missing: number;
  readonly ended: number;
}

/** Who asked for a delivery to be applied: what the worker's ledger entries say, in whatever process it runs. */
export interface AskedBy {
  readonly client: string;
  readonly department: Department;
  readonly role: 'SYSTEM' | 'REGISTRAR';
  readonly caseNo: string | null;
  readonly operation: { readonly name: string | null; readonly text: string; readonly digest: string };
  readonly policyVersion: number;
}

const COLUMNS = `id, department, source_system as "sourceSystem", record, mode, state, as_of as "asOf",
  region_code as region, file_name as "fileName", opened_by as "openedBy", opened_at as "openedAt",
  finished_at as "finishedAt", applied_through as "appliedThrough", code, end_all as "endAll", asked_by as "askedBy",
  lease_by as "leaseBy", forgotten_at is not null as forgotten, row_count as rows, faulty_count as faulty,
  repeated_count as repeated, recorded_count as recorded, changed_count as changed, unchanged_count as unchanged,
  rejected_count as rejected, held_count as held, conflict_count as conflicts, missing_count as missing,
  ended_count as ended`;

/** What the deliverer sees of a row of the table. */
export function toStatus(one: DeliveryRecord): DeliveryStatus {
  const { id, department, record, sourceSystem, mode, state, asOf, region, fileName, openedAt, finishedAt } = one;
  const { rows, faulty, repeated, recorded, changed, unchanged, rejected, held, conflicts, missing, ended } = one;
  return {
    id,
    department,
    record,
    sourceSystem,
    mode,
    state,
    asOf,
    region,
    fileName,
    openedAt,
    finishedAt,
    appliedThrough: one.appliedThrough,
    code: one.code,
    counts: { rows, faulty, repeated, recorded, changed, unchanged, rejected, held, conflicts, missing, ended },
  };
}

/** What a step knows of a delivery. */
export const toStepDelivery = (one: DeliveryRecord): StepDelivery => ({
  id: one.id,
  department: one.department,
  sourceSystem: one.sourceSystem,
  record: one.record,
  mode: one.mode,
  asOf: one.asOf,
  regionCode: one.region,
  client: one.openedBy,
});

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A delivery by its id; undefined when there is none. `lock`: nobody else changes it until the transaction ends. */
export async function findDelivery(
  tx: Pick<Pool | PoolClient, 'query'>,
  id: string,
  lock = false,
): Promise<DeliveryRecord | undefined> {
  if (!ID.test(id)) return undefined;
  const { rows } = await (tx as Pool).query<DeliveryRecord>(
    `select ${COLUMNS} from delivery where id = $1${lock ? ' for update' : ''}`,
    [id],
  );
  return rows[0];
}

/** The latest delivery of this very file. */
export async function findByFile(
  pool: Pool,
  department: Department,
  record: string,
  digest: Buffer,
): Promise<DeliveryRecord | undefined> {
  const { rows } = await pool.query<DeliveryRecord>(
    `select ${COLUMNS} from delivery
     where file_digest = $3 and department = $1 and record = $2 and state not in ('WITHDRAWN', 'ABANDONED', 'FAILED')
     order by opened_at desc, id desc limit 1`,
    [department, record, digest],
  );
  return rows[0];
}

/** A new row. */
export interface NewDelivery {
  readonly id: string;
  readonly department: Department;
  readonly sourceSystem: string;
  readonly record: string;
  readonly mode: DeliveryMode;
  readonly asOf: Date;
  readonly region: string | null;
  readonly fileName: string | null;
  readonly fileDigest: Buffer | null;
  readonly format: string;
  readonly openedBy: string;
  readonly at: Date;
}

/** Opens a delivery in state STAGING. */
export async function insertDelivery(tx: Pick<PoolClient, 'query'>, one: NewDelivery): Promise<void> {
  await tx.query(
    `insert into delivery (id, department, source_system, record, mode, state, as_of, region_code, file_name,
       file_digest, format, opened_by, opened_at, seen_at)
     values ($1, $2, $3, $4, $5, 'STAGING', $6, $7, $8, $9, $10, $11, $12, now())`,
    [
      one.id,
      one.department,
      one.sourceSystem,
      one.record,
      one.mode,
      one.asOf,
      one.region,
      one.fileName,
      one.fileDigest,
      one.format,
      one.openedBy,
      one.at,
    ],
  );
}

/** Adds what a step did, and how far it got. */
export async function addCounts(
  tx: Pick<PoolClient, 'query'>,
  id: string,
  counts: StepCounts,
  appliedThrough: number | undefined,
): Promise<void> {
  await tx.query(
    `update delivery set recorded_count = recorded_count + $2, changed_count = changed_count + $3,
       unchanged_count = unchanged_count + $4, rejected_count = rejected_count + $5, held_count = held_count + $6,
       conflict_count = conflict_count + $7, applied_through = coalesce($8, applied_through), seen_at = now()
     where id = $1`,
    [
      id,
      counts.recorded,
      counts.changed,
      counts.unchanged,
      counts.rejected,
      counts.held,
      counts.conflicts,
      appliedThrough ?? null,
    ],
  );
}

/** Has a delivery worked through from its first row: whatever was foreseen or counted before is gone. */
export async function begin(
  tx: Pick<PoolClient, 'query'>,
  id: string,
  state: 'PREVIEWING' | 'APPLYING',
  { asked = null, endAll = false }: { readonly asked?: AskedBy | null; readonly endAll?: boolean } = {},
): Promise<void> {
  await tx.query(
    `update delivery set state = $2, asked_by = $3, end_all = $4, code = null, applied_through = 0, recorded_count = 0,
       changed_count = 0, unchanged_count = 0, rejected_count = 0, held_count = 0, conflict_count = 0, missing_count = 0,
       ended_count = 0, lease_by = null, lease_until = null, seen_at = now()
     where id = $1`,
    [id, state, asked, endAll],
  );
}

/** Lets a delivery wait for whoever brought it. */
export async function standStill(
  tx: Pick<PoolClient, 'query'>,
  id: string,
  state: 'STAGED' | 'PREVIEWED',
  code: FaultCode | 'INTERNAL' | null,
): Promise<void> {
  await tx.query(
    `update delivery set state = $2, code = $3, lease_by = null, lease_until = null, seen_at = now() where id = $1`,
    [id, state, code],
  );
}

/** Ends a delivery. */
export async function finish(
  tx: Pick<PoolClient, 'query'>,
  id: string,
  state: DeliveryState,
  at: Date,
  code: FaultCode | 'INTERNAL' | null = null,
): Promise<void> {
  await tx.query(
    `update delivery set state = $2, finished_at = $3, code = $4, lease_by = null, lease_until = null, seen_at = now()
     where id = $1`,
    [id, state, at, code],
  );
}

/** One answer for a delivery that is not there, is another department's, or is not in a state for the act. */
export const noSuchDelivery = (): Error =>
  badUserInput('There is no such delivery of your department in a state for this. 本部门没有可作此操作的报送批次。', {
    argument: 'id',
  });

/** What became of a delivery of the own department that is in no state for the act, and what to do. */
const STANDING: Readonly<Partial<Record<DeliveryState, string>>> = {
  STAGING: 'Its rows are still arriving: wait until it is STAGED. 数据仍在接收，请待接收完成后再操作。',
  APPLYING:
    'It is being applied, and goes on by itself: look at how far it is. 该批次正在应用，会自行完成，请查看进度。',
  APPLIED:
    'It was applied: correct its rows by another delivery under the same keys. 该批次已应用，如需更正，请以原业务编号另行报送。',
  WITHDRAWN:
    'It was withdrawn and had no effect: deliver the rows again. 该批次已撤回、未产生影响，如仍需要，请重新报送。',
  FAILED:
    'Applying it failed; what was applied stays. Have the operator look into it, then deliver the rows again: what is held already is left as it is. 该批次入库失败，已入库的行保留；请联系运维查明原因后重新报送，已入库的行不会重复。',
  ABANDONED:
    'It was given up before all of its rows had arrived, and nothing of it was applied: deliver the file again. 该批次在数据收齐之前中断，未应用任何一行，请重新报送该文件。',
};

/** The answer for an act that a delivery of the own department is in no state for. */
export const notInState = ({ state }: Pick<DeliveryRecord, 'state'>): Error =>
  badUserInput(`The delivery is ${state}. ${STANDING[state] ?? ''}`, { argument: 'id' });
