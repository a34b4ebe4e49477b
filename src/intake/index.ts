/** The intake: deliveries of the departments, read, staged, matched, judged, written, and told about row by row. */
export { deliveredBy, householdRecord, personRecord } from './delivered.ts';
export type { Delivered } from './delivered.ts';
export { FAULTS, FindingCode, WARNINGS } from './faults.ts';
export type { FaultCode } from './faults.ts';
export { field, NOT_STORABLE } from './fields.ts';
export type { Aliases, FieldOptions } from './fields.ts';
export type {
  ApplyRows,
  DeliveryContext,
  DeliveryCounts,
  DeliveryFindingRow,
  DeliveryOpening,
  DeliveryState,
  DeliveryStatus,
  Intake,
  ItemOutcome,
  ItemResult,
  Submission,
  SubmissionResult,
  SubmittedItem,
} from './intake-service.ts';
export { toDate, toDecimal, toDivision, toFen, toMonth, toVersion, toWhole, toYesNo } from './lenient-values.ts';
export { STANDARD_FIELDS } from './record-kind.ts';
export type {
  DeliveryMode,
  ParsedRow,
  ParsedSubject,
  RawRow,
  RecordField,
  RecordKind,
  RecordWriter,
  RowFault,
  SnapshotScope,
  StandardField,
  Step,
  StepDelivery,
  TableRight,
  Verdict,
} from './record-kind.ts';
export { createIntake } from './create-intake.ts';
export { MOST_ITEMS } from './submission.ts';
export { INTAKE_SETTINGS } from './intake-row.ts';
export type { IntakeParts } from './create-intake.ts';
export { SANITY_SHARE } from './snapshot.ts';
export type { MatchSubjects } from './match-subjects.ts';
export { ENDED, tableWriter } from './table-writer.ts';
export type { OnceKey, TableWriterOptions } from './table-writer.ts';
export type { WorkerTimes } from './worker.ts';
export { DeliveryActs, DeliveryQueries } from './deliveries.resolver.ts';
export type { IntakeContext } from './deliveries.resolver.ts';
export { Delivery } from './delivery.ts';
export { DeliveryFinding } from './delivery-finding.ts';
