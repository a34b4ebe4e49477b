/** What the intake asks of the matching. */
import type { MatchStep } from '../matching/index.ts';
import type { PoolClient } from '../platform/database.ts';
import type { KnownPerson } from './intake-row.ts';

/** Sets `person_id` and `match` of every row of `intake_row` whose match is null. */
export interface MatchSubjects {
  (tx: PoolClient, step: MatchStep): Promise<void>;
  /** How rows of a source that are beyond doubt are matched while `intake_row` is filled; undefined where none is. */
  readonly beforehand?: (tx: PoolClient, sourceSystem: string) => Promise<KnownPerson | undefined>;
}
