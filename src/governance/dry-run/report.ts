/** What a dry run finds, put together. */
import type { Agreement, Department, Purpose, Role } from '../../access/index.ts';
import type { DeniedCoordinate } from '../../graph/index.ts';
import type { Effect } from './foresee.ts';
import type { Recorded } from './recorded.ts';

/** Requests that something changes for, by operation, client and purpose. */
export interface AffectedRequests extends Pick<
  Recorded,
  'client' | 'department' | 'role' | 'purpose' | 'kind' | 'requests' | 'firstAt' | 'lastAt'
> {
  /** Name of the operation, or the beginning of its text. */
  readonly operation: string;
  readonly effect: Effect;
  /** Why they fail then, or failed until now. */
  readonly code: string | undefined;
  readonly denied: readonly DeniedCoordinate[];
  readonly less: readonly string[];
  readonly more: readonly string[];
}

/**
 * How far the number of persons can be relied on. `ASKED`: the coordinate was asked for, so these would have been told of.
 * `NEVER_ASKED`: nobody asked for it; at most these, of those met so far. `NEVER_READ`: not even rows of its type were read;
 * at most these are known to the department at all. `MORE_ROWS`: at least these, since rows become open that were not.
 */
export type ExposureBasis = 'ASKED' | 'NEVER_ASKED' | 'NEVER_READ' | 'MORE_ROWS';

/** A coordinate that becomes open, or more open, and of how many. */
export interface Exposure {
  readonly department: Department;
  readonly role: Role;
  readonly purposes: readonly Purpose[];
  readonly coordinate: string;
  /** `denied`, `masked:caseload`, `full:region`, … */
  readonly from: string;
  readonly to: string;
  readonly persons: number;
  readonly households: number;
  readonly basis: ExposureBasis;
}

/** An agreement that no longer decides, or a purpose that nothing opens any more. */
export interface Vanishing {
  readonly department: Department;
  readonly role: Role;
  /** The agreement; undefined where a purpose goes that another agreement held. */
  readonly agreement: Pick<Agreement, 'number' | 'title'> | undefined;
  /** Purposes that are gone with it. */
  readonly purposes: readonly Purpose[];
  /** Requests of the span that had one of these purposes and were answered. */
  readonly requests: number;
  readonly lastAt: Date | undefined;
}

/** What a dry run finds. */
export interface DryRunReport {
  /** What was tried: number of the change or of the agreement. */
  readonly candidate: string;
  /** Version in force, against which it was held. */
  readonly baseVersion: number;
  readonly since: Date;
  readonly until: Date;
  /** The day on which both policies were asked: today, or the first day of the agreement that is tried. */
  readonly asOf: string;
  /** Requests in the span. */
  readonly requests: number;
  /** Requests by what becomes of them. */
  readonly effects: Readonly<Record<Effect, number>>;
  readonly affected: readonly AffectedRequests[];
  readonly exposures: readonly Exposure[];
  readonly vanishing: readonly Vanishing[];
}
