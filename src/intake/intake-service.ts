/** What the intake offers to those who bring rows in: files, folders, the API, and reviews that were decided. */
import type { Registry } from 'prom-client';
import type { Bound, Department } from '../access/index.ts';
import type { AccessEntry } from '../access/ledger/index.ts';
import type { PoolClient } from '../platform/database.ts';
import type { FaultCode } from './faults.ts';
import type { DeliveryMode, RawRow, RecordKind } from './record-kind.ts';

/** STAGING → STAGED (→ PREVIEWING → PREVIEWED) → APPLYING → APPLIED; or WITHDRAWN, FAILED, ABANDONED. */
export type DeliveryState =
  'STAGING' | 'STAGED' | 'PREVIEWING' | 'PREVIEWED' | 'APPLYING' | 'APPLIED' | 'WITHDRAWN' | 'FAILED' | 'ABANDONED';

/** States in which all rows are there and none is applied. */
export const WAITING_STATES = ['STAGED', 'PREVIEWING', 'PREVIEWED'] as const;
/** Whether a delivery waits to be applied or withdrawn. */
export const isWaiting = ({ state }: { readonly state: DeliveryState }): boolean =>
  (WAITING_STATES as readonly DeliveryState[]).includes(state);

/** How a delivery is opened. */
export interface DeliveryOpening {
  /** Name of a kind of the caller's own department. */
  readonly record: string;
  readonly mode: DeliveryMode;
  /** When the rows were true in their source; not in the future. */
  readonly asOf: Date;
  /** Division that the delivery is about, 6 to 12 digits, within the caller's own; absent: all that the source has. */
  readonly region?: string | undefined;
  /** The source, where one client brings several; the client unless said. */
  readonly sourceSystem?: string | undefined;
  readonly fileName?: string | undefined;
  /** SHA-256 of the file as it came. */
  readonly fileDigest?: Buffer | undefined;
  /** CSV, XLSX, API, TABLE … */
  readonly format: string;
}

/**
 * Counts of rows. Nothing in it tells whether a person was known before. While a delivery is PREVIEWING or PREVIEWED they say what
 * applying would do.
 */
export interface DeliveryCounts {
  /** Rows that came, those that could not be read included. */
  readonly rows: number;
  /** Rows with a fault that lost them before they were staged. */
  readonly faulty: number;
  /** Rows whose key came again later in the same delivery with the same content. */
  readonly repeated: number;
  readonly recorded: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Refused when they were applied: not identified, already held. */
  readonly rejected: number;
  /** Held for identity review. */
  readonly held: number;
  /** In conflict with another record. */
  readonly conflicts: number;
  /** Of a snapshot: held records that are not in it. */
  readonly missing: number;
  /** Of those: ended. */
  readonly ended: number;
}

/** A delivery as its own department sees it. */
export interface DeliveryStatus {
  readonly id: string;
  readonly department: Department;
  readonly record: string;
  readonly sourceSystem: string;
  readonly mode: DeliveryMode;
  readonly state: DeliveryState;
  readonly asOf: Date;
  readonly region: string | null;
  readonly fileName: string | null;
  readonly openedAt: Date;
  readonly finishedAt: Date | null;
  /** Row up to which it is applied; previewed, while it is PREVIEWING or PREVIEWED. */
  readonly appliedThrough: number;
  /** Set where a snapshot waits for `endAll` (PREVIEWED: would wait), the delivery failed, or (STAGED) its preview did. */
  readonly code: FaultCode | 'INTERNAL' | null;
  readonly counts: DeliveryCounts;
}

/** What the ledger entry says of the operation, and what let it in; absent: the policy in force is asked. */
export interface DeliveryContext {
  readonly operation: AccessEntry['operation'];
  readonly policyVersion: number;
  readonly policyStamp: number;
}

/** One item of a call of the API: cells by field name, values as text, number or Boolean. */
export interface SubmittedItem {
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A call of the API. */
export interface Submission {
  readonly record: string;
  readonly asOf?: Date | undefined;
  readonly region?: string | undefined;
  readonly items: readonly SubmittedItem[];
  /** Everything but the write. */
  readonly dryRun?: boolean | undefined;
}

/** What became of an item: RECORDED also for a change. */
export type ItemOutcome = 'RECORDED' | 'CHANGED' | 'UNCHANGED' | 'REJECTED' | 'HELD' | 'CONFLICT';

/** One result per item, in order. */
export interface ItemResult {
  readonly index: number;
  readonly sourceKey: string | null;
  readonly outcome: ItemOutcome;
  /** Of what was rejected, held or in conflict; of a doubt otherwise. */
  readonly code: FaultCode | null;
  readonly field: string | null;
}

/** What became of a call. */
export interface SubmissionResult {
  /** Null for a dry run. */
  readonly deliveryId: string | null;
  readonly results: readonly ItemResult[];
}

/**
 * The intake. Every act is of the own department, by its SYSTEM or REGISTRAR with the purpose DATA_SUPPLY; throws
 * PURPOSE_REQUIRED, PURPOSE_NOT_ALLOWED, OPERATION_DENIED, BAD_USER_INPUT (also for a delivery that is not the
 * department's, or not in a state for it) and POLICY_CHANGED, and then nothing was done.
 */
export interface Intake {
  /** Every kind of every department. */
  readonly kinds: readonly RecordKind[];
  /** The kind of that name of the caller's department; throws BAD_USER_INPUT naming those that there are. */
  kindFor(caller: Bound, record: string): RecordKind;
  /** Throws what `openDelivery` would throw of this caller, so that nothing is read of what nobody may deliver. */
  assertSupplier(caller: Bound): Promise<void>;
  /** Opens a delivery in state STAGING; its id. */
  openDelivery(caller: Bound, opening: DeliveryOpening, context?: DeliveryContext): Promise<string>;
  /**
   * Reads and stages rows in constant memory; the delivery is STAGED afterwards. When the rows end with an error the
   * delivery is ABANDONED and the error thrown on. Row numbers ascend.
   */
  stage(deliveryId: string, rows: AsyncIterable<readonly RawRow[]>): Promise<DeliveryStatus>;
  /** Has a worker find out what applying would do now; returns at once. Nothing is kept but the counts. */
  preview(caller: Bound, deliveryId: string, context?: DeliveryContext): Promise<DeliveryStatus>;
  /**
   * Sets the delivery to be applied by a worker, of this process or another; returns at once. `endAll` ends the missing
   * of a snapshot beyond the sanity share too, also after the rows were applied.
   */
  apply(
    caller: Bound,
    deliveryId: string,
    options?: { readonly endAll?: boolean | undefined },
    context?: DeliveryContext,
  ): Promise<DeliveryStatus>;
  /** Resolves when no worker is to go on with the delivery, or the time (in ms) is over; its status then. */
  settled(deliveryId: string, most?: number): Promise<DeliveryStatus>;
  /** Takes a delivery back that was not applied. */
  withdraw(caller: Bound, deliveryId: string, context?: DeliveryContext): Promise<DeliveryStatus>;
  /** Rows of the API: staged, applied and answered in one call. */
  submit(caller: Bound, submission: Submission, context: DeliveryContext): Promise<SubmissionResult>;
  /** The department's delivery of this very file for this kind that was neither withdrawn nor abandoned and did not fail, the latest. */
  findByDigest(caller: Bound, record: string, fileDigest: Buffer): Promise<DeliveryStatus | undefined>;
  /** A delivery of the caller's department (any, for civil affairs); undefined when there is none. */
  find(caller: Bound, deliveryId: string): Promise<DeliveryStatus | undefined>;
  /** Findings of a delivery in the order of rows, in parts, for the result file. The caller's scope was checked by `find`. */
  findings(deliveryId: string): AsyncIterable<readonly DeliveryFindingRow[]>;
  /** Applies rows that were held, after a review was decided: the match is found by the decision. In `tx`'s transaction. */
  applyRows: ApplyRows;
  /** Shows the counts of rows among the metrics. */
  register(registry: Registry): void;
  /** Lets the worker and the sweeper begin. */
  start(): void;
  /** Ends the worker after the chunk under way. */
  close(): Promise<void>;
}

/** One finding as the result file tells it. */
export interface DeliveryFindingRow {
  readonly rowNo: number;
  readonly sourceKey: string | null;
  readonly field: string;
  readonly code: FaultCode;
  /** What is wrong, and what to do: Chinese and English, without values. */
  readonly reason: string;
  readonly remedy: string;
}

/**
 * Applies held rows again, within the transaction of the act that decided them; how many left the review. A row that is
 * to be let go is dropped and not applied.
 */
export type ApplyRows = (
  tx: PoolClient,
  deliveryId: string,
  rowNos: readonly number[],
  options?: { readonly drop?: boolean },
) => Promise<number>;
