/** What every act of the intake works with. */
import type { Pool } from '../platform/database.ts';
import type { AdmissionParts } from './admission.ts';
import type { KindIndex } from './kind-index.ts';
import type { RowMeter } from './metrics.ts';
import type { MatchSubjects } from './match-subjects.ts';

/** Beside ledger, clock and policy. */
export interface IntakeCore extends AdmissionParts {
  /** A pool of the intake's own, without a limit on the time of a statement. */
  readonly pool: Pool;
  readonly kinds: KindIndex;
  readonly matchSubjects: MatchSubjects;
  /** Largest share of what is held that a snapshot ends unasked. */
  readonly share: number;
  readonly meter: RowMeter;
}
