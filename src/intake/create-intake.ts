/** The service put together: what each act is made of, and the worker that goes on with what was asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SharingPolicy } from '../access/index.ts';
import type { Ledger } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import { admit } from './admission.ts';
import { applying } from './apply-delivery.ts';
import { apply, preview, withdraw } from './delivery-acts.ts';
import { findByFile, findDelivery, noSuchDelivery, toStatus } from './delivery-rows.ts';
import type { DeliveryRecord } from './delivery-rows.ts';
import { applyHeldRows } from './held-rows.ts';
import type { IntakeCore } from './intake-core.ts';
import type { DeliveryStatus, Intake } from './intake-service.ts';
import { indexKinds } from './kind-index.ts';
import { openRowMeter } from './metrics.ts';
import { previewing } from './preview.ts';
import { readFindings } from './read-findings.ts';
import { openDelivery, stageDelivery } from './receive-delivery.ts';
import type { RecordKind } from './record-kind.ts';
import { SANITY_SHARE } from './snapshot.ts';
import type { MatchSubjects } from './match-subjects.ts';
import type { StepCounts } from './step.ts';
import { submit } from './submission.ts';
import { createWorker } from './worker.ts';
import type { WorkerTimes } from './worker.ts';

/** Rows of a chunk: large enough that what a statement costs by itself is little, small enough to be retried. */
const CHUNK = 10_000;
const LEASE_SECONDS = 30;
/** Between two looks at a delivery that somebody waits for, in ms. */
const LOOK = 100;

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

const isUnderWay = ({ state }: DeliveryStatus): boolean => state === 'PREVIEWING' || state === 'APPLYING';

/** Builds the service. */
export function createIntake(parts: IntakeParts): Intake {
  const { pool, ledger, clock, log, policy, matchSubjects, chunk = CHUNK, share = SANITY_SHARE } = parts;
  const kinds = indexKinds(parts.kinds);
  const meter = openRowMeter();
  const core: IntakeCore = { pool, ledger, clock, policy, kinds, matchSubjects, share, meter };
  const kindOf = ({ record }: DeliveryRecord): RecordKind => kinds.named(record);
  const onRows = (record: string, counts: StepCounts): void => {
    meter.count(record, counts);
  };
  const worker = createWorker(
    { pool, clock, chunk, leaseSeconds: parts.leaseSeconds ?? LEASE_SECONDS },
    [
      applying({ pool, ledger, matchSubjects, kindOf, share, onRows }),
      previewing({ pool, matchSubjects, kindOf, share }),
    ],
    log,
    parts.times,
  );

  async function statusOf(deliveryId: string): Promise<DeliveryStatus> {
    const record = await findDelivery(pool, deliveryId);
    if (record === undefined) throw noSuchDelivery();
    return toStatus(record);
  }

  return {
    kinds: kinds.all,
    kindFor: (caller, record) => kinds.of(caller, record),
    assertSupplier: async (caller) => {
      await admit(core, caller, 'submitRecords', undefined);
    },

    openDelivery: (caller, opening, context) => openDelivery(core, caller, opening, context),
    stage: async (deliveryId, rows) => {
      await stageDelivery(core, deliveryId, rows);
      return statusOf(deliveryId);
    },
    preview: async (caller, deliveryId, context) => {
      const status = await preview(core, caller, deliveryId, context);
      worker.wake();
      return status;
    },
    apply: async (caller, deliveryId, { endAll = false } = {}, context) => {
      const status = await apply(core, caller, deliveryId, endAll, context);
      worker.wake();
      return status;
    },
    settled: async (deliveryId, most = 60_000) => {
      const until = performance.now() + most;
      for (;;) {
        const status = await statusOf(deliveryId);
        if (!isUnderWay(status) || performance.now() >= until) return status;
        await sleep(LOOK);
      }
    },
    withdraw: (caller, deliveryId, context) => withdraw(core, caller, deliveryId, context),
    submit: (caller, submission, context) => submit(core, caller, submission, context),

    findByDigest: async (caller, record, fileDigest) => {
      const found = await findByFile(pool, caller.department, record, fileDigest);
      return found && toStatus(found);
    },
    find: async (caller, deliveryId) => {
      const record = await findDelivery(pool, deliveryId);
      const seen = record !== undefined && [record.department, 'CIVIL_AFFAIRS'].includes(caller.department);
      return seen ? toStatus(record) : undefined;
    },
    findings: (deliveryId) => readFindings(pool, deliveryId),
    applyRows: (tx, deliveryId, rowNos, { drop = false } = {}) => applyHeldRows(core, tx, deliveryId, rowNos, drop),

    register: (registry) => {
      meter.register(registry);
    },
    start: () => {
      worker.start();
    },
    close: () => worker.close(),
  };
}
