/** The service: who may, what is checked at the door, and what each act does to a delivery. */
import { setTimeout as sleep } from 'node:timers/promises';
import { requireStamp } from '../access/index.ts';
import type { Bound, SharingPolicy } from '../access/index.ts';
import type { Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { UNIQUE_VIOLATION, inTransaction, sqlState } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import { admit, entryFor } from './admission.ts';
import type { Admitted } from './admission.ts';
import { askedBy } from './apply-delivery.ts';
import type { ApplyParts } from './apply-delivery.ts';
import {
  addCounts,
  findByFile,
  findDelivery,
  finish,
  insertDelivery,
  noSuchDelivery,
  toStatus,
  toStepDelivery,
} from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import { REMEDIES } from './faults.ts';
import type { DeliveryFindingRow, DeliveryOpening, DeliveryState, DeliveryStatus, Intake } from './intake-service.ts';
import { toDivision } from './lenient-values.ts';
import { openRowMeter } from './metrics.ts';
import { previewDelivery } from './preview.ts';
import type { RecordKind } from './record-kind.ts';
import { SANITY_SHARE, endSnapshot, noteFeed } from './snapshot.ts';
import { stageRows } from './stage.ts';
import { runStep } from './step.ts';
import type { MatchSubjects } from './step.ts';
import { submitItems } from './submit.ts';
import type { Submitted } from './submit.ts';
import { createWorker } from './worker.ts';
import type { WorkerTimes } from './worker.ts';

/** Most items of one call. */
export const MOST_ITEMS = 1_000;
/** Rows of a chunk: large enough that what a statement costs by itself is little, small enough to be retried. */
const CHUNK = 10_000;
const LEASE_SECONDS = 30;
/** How often an upload says that its process is there, in ms. */
const SEEN_EVERY = 10_000;
const MOST_RESTARTS = 5;
/** Findings read at a time. */
const PAGE = 5_000;
const SOURCE = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const LONGEST_FILE_NAME = 200;

/** What the intake works with. */
export interface IntakeParts {
  /** A pool of its own, without a limit on the time of a statement. */
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'record' | 'recordIn'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly kinds: readonly RecordKind[];
  readonly policy: () => SharingPolicy;
  readonly matchSubjects: MatchSubjects;
  readonly chunk?: number | undefined;
  /** Largest share of what is held that a snapshot ends unasked; 0.1 unless said. */
  readonly share?: number | undefined;
  readonly leaseSeconds?: number | undefined;
  readonly times?: WorkerTimes | undefined;
}

const STILL_OPEN = ` and not exists (
  select from intake_row i where i.row_no = r.row_no and i.verdict in ('HELD', 'CONFLICT'))`;

/** Builds the service. */
export function createIntake(parts: IntakeParts): Intake {
  const { pool, ledger, clock, log, kinds, matchSubjects } = parts;
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const share = parts.share ?? SANITY_SHARE;
  const chunk = parts.chunk ?? CHUNK;
  const meter = openRowMeter();
  const applying: ApplyParts = {
    onRows: (record, counts) => {
      meter.count(record, counts);
    },
    pool,
    ledger,
    clock,
    matchSubjects,
    kindOf: ({ record }) => kindNamed(record),
    chunk,
    share,
    leaseSeconds: parts.leaseSeconds ?? LEASE_SECONDS,
  };
  const worker = createWorker(applying, log, parts.times);

  function kindNamed(name: string): RecordKind {
    const kind = byName.get(name);
    if (kind === undefined) throw new Error(`The kind ${name} is not installed`);
    return kind;
  }

  function kindFor({ department }: Bound, record: string): RecordKind {
    const kind = byName.get(record);
    if (kind?.department === department) return kind;
    const own = kinds.filter((one) => one.department === department).map(({ name }) => name);
    throw badUserInput(
      own.length === 0
        ? 'Your department delivers no records here. 本部门没有可报送的记录。'
        : `The record must be one of ${own.join(', ')}. 记录类型应为其中之一。`,
      { argument: 'record', allowed: own },
    );
  }

  /** Runs an act on a delivery of the caller's department, with its entry, in one transaction. */
  async function act(
    admitted: Admitted,
    deliveryId: string,
    states: readonly DeliveryState[],
    work: (tx: PoolClient, record: DeliveryRecord, at: Date) => Promise<void>,
  ): Promise<DeliveryStatus> {
    return inTransaction(pool, async (tx) => {
      await requireStamp(tx, admitted.context.policyStamp);
      const record = await findDelivery(tx, deliveryId, true);
      if (record?.department !== admitted.caller.department || !states.includes(record.state)) throw noSuchDelivery();
      const at = clock.now();
      await work(tx, record, at);
      await ledger.recordIn(tx, entryFor(admitted, at, record.rows, []));
      return toStatus((await findDelivery(tx, deliveryId)) ?? record);
    });
  }

  async function getStatus(deliveryId: string): Promise<DeliveryStatus> {
    const record = await findDelivery(pool, deliveryId);
    if (record === undefined) throw noSuchDelivery();
    return toStatus(record);
  }

  const intake: Intake = {
    kinds,
    kindFor,

    async assertSupplier(caller) {
      await admit(parts, caller, 'submitRecords', undefined);
    },

    async openDelivery(caller, opening, context) {
      const admitted = await admit(parts, caller, 'submitRecords', context);
      kindFor(caller, opening.record);
      const id = newId();
      const checked = await checkOpening(pool, caller, opening, clock.now());
      await inTransaction(pool, async (tx) => {
        await requireStamp(tx, admitted.context.policyStamp);
        await insertDelivery(tx, { id, ...checked });
        await ledger.recordIn(tx, entryFor(admitted, checked.at, 0, []));
      });
      return id;
    },

    async stage(deliveryId, rows) {
      const record = await findDelivery(pool, deliveryId);
      if (record?.state !== 'STAGING') throw noSuchDelivery();
      const at = clock.now();
      // However long a statement takes, the upload is not left behind while its process lives.
      const alive = setInterval(() => {
        pool
          .query(`update delivery set seen_at = now() where id = $1 and state = 'STAGING'`, [deliveryId])
          .catch(() => undefined);
      }, SEEN_EVERY);
      try {
        const staged = await stageRows(
          pool,
          { deliveryId, kind: kindNamed(record.record), today: clock.today(), at },
          rows,
          async (tx, soFar) => {
            const { rowCount } = await tx.query(
              `update delivery set seen_at = now(), row_count = $2, byte_count = $3 where id = $1 and state = 'STAGING'`,
              [deliveryId, soFar.rows, soFar.bytes],
            );
            if (rowCount !== 1) throw noSuchDelivery();
          },
        );
        await pool.query(
          `update delivery set state = 'STAGED', staged_at = $2, row_count = $3, faulty_count = $4, repeated_count = $5,
             byte_count = $6, seen_at = now() where id = $1 and state = 'STAGING'`,
          [deliveryId, at, staged.rows, staged.faulty, staged.repeated, staged.bytes],
        );
        return await getStatus(deliveryId);
      } catch (error) {
        await finish(pool, deliveryId, 'ABANDONED', clock.now()).catch(() => undefined);
        throw error;
      } finally {
        clearInterval(alive);
      }
    },

    async preview(caller, deliveryId, context) {
      const admitted = await admit(parts, caller, 'previewDelivery', context);
      const record = await findDelivery(pool, deliveryId);
      if (record?.department !== caller.department || record.state !== 'STAGED') throw noSuchDelivery();
      const at = clock.now();
      const counts = await previewDelivery(
        { pool, matchSubjects, kind: kindNamed(record.record), chunk, share },
        record,
        at,
        admitted.context.policyStamp,
      );
      await ledger.record(entryFor(admitted, at, record.rows, [], 'READ'));
      const status = toStatus(record);
      const { refused, ...told } = counts;
      return { ...status, code: refused ? 'TOO_MANY_MISSING' : null, counts: { ...status.counts, ...told } };
    },

    async apply(caller, deliveryId, { endAll = false } = {}, context) {
      const admitted = await admit(parts, caller, 'applyDelivery', context);
      const { operation, policyVersion } = admitted.context;
      const status = await act(admitted, deliveryId, ['STAGED', 'APPLYING', 'APPLIED'], async (tx, record, at) => {
        if (record.state === 'STAGED') {
          await tx.query(`update delivery set state = 'APPLYING', asked_by = $2, end_all = $3 where id = $1`, [
            deliveryId,
            askedBy(caller, operation, policyVersion),
            endAll,
          ]);
        } else if (record.state === 'APPLIED' && endAll && record.code === 'TOO_MANY_MISSING') {
          // After the rows as they came were forgotten, everything would seem missing.
          if (record.forgotten) throw noSuchDelivery();
          await endSnapshot(tx, kindNamed(record.record), record, { at, share, endAll: true });
          await noteFeed(tx, record);
          await finish(tx, deliveryId, 'APPLIED', at);
        } else if (record.state === 'APPLYING' && endAll) {
          await tx.query('update delivery set end_all = true where id = $1', [deliveryId]);
        }
      });
      worker.wake();
      return status;
    },

    async settled(deliveryId, most = 60_000) {
      const until = performance.now() + most;
      for (;;) {
        const status = await getStatus(deliveryId);
        if (status.state !== 'APPLYING' || performance.now() >= until) return status;
        await sleep(100);
      }
    },

    async withdraw(caller, deliveryId, context) {
      const admitted = await admit(parts, caller, 'withdrawDelivery', context);
      return act(admitted, deliveryId, ['STAGING', 'STAGED'], (tx, _record, at) =>
        finish(tx, deliveryId, 'WITHDRAWN', at),
      );
    },

    async submit(caller, { record, asOf, region, items, dryRun = false }, context) {
      const admitted = await admit(parts, caller, 'submitRecords', context);
      const kind = kindFor(caller, record);
      if (items.length > MOST_ITEMS) {
        throw badUserInput(`At most ${MOST_ITEMS} items a call; split them. 每次最多 ${MOST_ITEMS} 条，请分批报送。`, {
          argument: 'items',
        });
      }
      const now = clock.now();
      const opening = { record, mode: 'DELTA', asOf: asOf ?? now, region, format: 'API' } as const;
      const checked = await checkOpening(pool, caller, opening, now);
      const id = newId();
      for (let restarts = 0; ; restarts += 1) {
        try {
          const { results, done } = await inTransaction(pool, async (tx): Promise<Submitted> => {
            await requireStamp(tx, context.policyStamp);
            if (dryRun) await tx.query('savepoint submission');
            await insertDelivery(tx, { id, ...checked });
            const opened = await findDelivery(tx, id);
            if (opened === undefined) throw noSuchDelivery();
            const step = { kind, delivery: toStepDelivery(opened), at: now, preview: dryRun };
            const submitted = await submitItems(tx, step, clock.today(), items, matchSubjects);
            const { done: written, faulty, repeated } = submitted;
            if (dryRun) {
              await tx.query('rollback to savepoint submission');
            } else {
              await addCounts(tx, id, written, items.length);
              await tx.query(
                `update delivery set row_count = $2, faulty_count = $3, repeated_count = $4, staged_at = $5 where id = $1`,
                [id, items.length, faulty, repeated, now],
              );
              await noteFeed(tx, opened);
              await finish(tx, id, 'APPLIED', now);
            }
            await ledger.recordIn(
              tx,
              entryFor(admitted, now, items.length, written.persons, dryRun ? 'READ' : 'WRITE'),
            );
            return submitted;
          });
          if (!dryRun) meter.count(record, done);
          return { deliveryId: dryRun ? null : id, results };
        } catch (error) {
          if (sqlState(error) !== UNIQUE_VIOLATION || restarts === MOST_RESTARTS) throw error;
        }
      }
    },

    async findByDigest(caller, record, fileDigest) {
      const found = await findByFile(pool, caller.department, record, fileDigest);
      return found && toStatus(found);
    },

    async find(caller, deliveryId) {
      const record = await findDelivery(pool, deliveryId);
      const seen = record !== undefined && [record.department, 'CIVIL_AFFAIRS'].includes(caller.department);
      return seen ? toStatus(record) : undefined;
    },

    findings: (deliveryId) => readFindings(pool, deliveryId),

    applyRows: async (tx, deliveryId, rowNos, { drop = false } = {}) => {
      const record = await findDelivery(tx, deliveryId);
      if (record === undefined || rowNos.length === 0) return 0;
      const { rowCount: locked } = await tx.query(
        `select from delivery_row where delivery_id = $1 and row_no = any($2::int[]) and state = 'HELD' order by row_no for update`,
        [deliveryId, rowNos],
      );
      if ((locked ?? 0) === 0) return 0;
      if (!drop) await applyHeld(tx, record, rowNos);
      const { rowCount } = await tx.query(
        `update delivery_row r set state = 'DECIDED'
         where r.delivery_id = $1 and r.row_no = any($2::int[]) and r.state = 'HELD'${drop ? '' : STILL_OPEN}`,
        [deliveryId, rowNos],
      );
      if (drop && (rowCount ?? 0) > 0) {
        const none = { recorded: 0, changed: 0, unchanged: 0, conflicts: 0 };
        await addCounts(tx, deliveryId, { ...none, rejected: rowCount ?? 0, held: -(rowCount ?? 0) }, undefined);
      }
      return rowCount ?? 0;
    },

    register: (registry) => {
      meter.register(registry);
    },
    start: () => {
      worker.start();
    },
    close: () => worker.close(),
  };

  /** The decision is found by the matching; a row that is still in doubt stays held and is counted once. */
  async function applyHeld(tx: PoolClient, record: DeliveryRecord, rowNos: readonly number[]): Promise<void> {
    const step = { kind: kindNamed(record.record), delivery: toStepDelivery(record), at: clock.now(), preview: false };
    const range = { from: Math.min(...rowNos) - 1, through: Math.max(...rowNos) };
    const done = await runStep(tx, step, range, matchSubjects, rowNos);
    await addCounts(
      tx,
      record.id,
      { ...done, held: -(done.recorded + done.changed + done.unchanged + done.rejected) },
      undefined,
    );
  }

  return intake;
}

/** The opening as it goes into the table. Throws BAD_USER_INPUT naming the argument. */
async function checkOpening(pool: Pool, caller: Bound, opening: DeliveryOpening, at: Date) {
  const { record, mode, asOf, region, sourceSystem, fileName, fileDigest, format } = opening;
  if (Number.isNaN(asOf.getTime()) || asOf > at)
    throw badUserInput('asOf must be an instant that is not in the future. 数据时点不得晚于现在。', {
      argument: 'asOf',
    });
  const source = sourceSystem ?? caller.department.toLowerCase().replaceAll('_', '-');
  if (!SOURCE.test(source))
    throw badUserInput('source must be 1 to 64 lower-case letters, digits, dots and dashes.', { argument: 'source' });
  return {
    department: caller.department,
    sourceSystem: source,
    record,
    mode,
    asOf,
    region: region === undefined ? null : await ownRegion(pool, caller, region),
    fileName:
      fileName === undefined ? null : [...fileName.replace(/\p{Cc}/gu, '')].slice(0, LONGEST_FILE_NAME).join(''),
    fileDigest: fileDigest ?? null,
    format,
    openedBy: caller.client,
    at,
  };
}

/** A division that exists and lies within the caller's own. */
async function ownRegion(pool: Pool, { regions }: Bound, sent: string): Promise<string> {
  const code = toDivision(sent.trim());
  const { rowCount } = await pool.query(
    `select from region where code = $1
     and $2::text[] && array[code, township_code, county_code, prefecture_code, province_code]::text[]`,
    [code ?? '', regions],
  );
  if (code === undefined || rowCount === 0)
    throw badUserInput('region must be a division within your own. 区划应在本客户端的辖区内。', { argument: 'region' });
  return code;
}

async function* readFindings(pool: Pool, deliveryId: string): AsyncIterable<readonly DeliveryFindingRow[]> {
  let after: readonly [number, string] = [-1, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await pool.query<Omit<DeliveryFindingRow, 'reason'> & { id: string }>(
      `select id, row_no as "rowNo", source_key as "sourceKey", field, code from delivery_finding
       where delivery_id = $1 and (row_no, id) > ($2::int, $3::uuid) order by row_no, id limit $4`,
      [deliveryId, ...after, PAGE],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ rowNo, sourceKey, field, code }) => ({ rowNo, sourceKey, field, code, reason: REMEDIES[code] }));
    after = [last.rowNo, last.id];
  }
}
