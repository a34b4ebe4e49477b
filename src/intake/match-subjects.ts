/** What the intake asks of the matching. */
import type { Department } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import type { KnownPerson } from './intake-row.ts';

/** What the matching is told of a step. */
export interface MatchingStep {
  readonly at: Date;
  readonly asOf: Date;
  readonly sourceSystem: string;
  readonly department: Department;
  readonly deliveryId: string;
  readonly regionCode: string | null;
  readonly preview: boolean;
}

/** Sets `person_id` and `match` of every row of `intake_row` whose match is null. */
export interface MatchSubjects {
  (tx: PoolClient, step: MatchingStep): Promise<void>;
  /** How rows of a source that are beyond doubt are matched while `intake_row` is filled; undefined where none is. */
  readonly beforehand?: (tx: PoolClient, sourceSystem: string) => Promise<KnownPerson | undefined>;
}
