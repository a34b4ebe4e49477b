/**
 * What the matching is asked to do. It reads and completes the temporary table `intake_row` of the transaction: the columns
 * row_no, source_key, new_person_id, id_type, id_value, id_key, name, name_key, sex, birth_date and the place are given,
 * person_id and match are set. CERTAIN: somebody known. CREATED: somebody new, of whom this row is the first. REVIEW: a person
 * of civil affairs decides. NONE: nobody, and nothing by which somebody could be created, or rejected by decision.
 */
import type { Department } from '../access/index.ts';

/** One step of applying a delivery: some rows, one transaction. */
export interface MatchStep {
  /** The clock's now. */
  readonly at: Date;
  /** When the rows were true in their source. */
  readonly asOf: Date;
  readonly sourceSystem: string;
  readonly department: Department;
  readonly deliveryId: string;
  /** Division that the delivery is about, 12 digits: the home of a new person whose row names none. */
  readonly regionCode: string | null;
  /** Nothing but `intake_row` is written. */
  readonly preview: boolean;
}
