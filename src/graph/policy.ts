/** What the engine asks of the policy. The rules themselves live in `access`; the engine knows no role and no purpose. */
import type { FieldRule, RowAnchors } from './model.ts';
import type { Row } from './row.ts';
import type { Sql } from './sql.ts';

/** Callers with equal keys share plans: same policy version, same agreement, same kinds of region. */
export interface AccessProfile {
  readonly key: string;
}

/** A row scope by its name in the policy, as SQL over one row. */
export interface RowScope {
  readonly kind: string;
  /**
   * The predicate over the row; `undefined` when every row is in scope, `'via'` when the row has no anchor of its own
   * for this scope and its parent (`RowAnchors.via`) decides.
   */
  predicate(row: Row, anchors: RowAnchors): Sql | undefined | 'via';
}

/** A refusal: why, and who could change it. */
export interface Denial {
  readonly kind: 'deny';
  readonly reason: string;
  readonly owner: string;
}

/** What the policy says about one field for one profile. `scope` narrows it further than the row is. */
export type Decision =
  | { readonly kind: 'full'; readonly scope?: RowScope }
  | { readonly kind: 'mask'; readonly mask: (expression: Sql, row: Row) => Sql; readonly scope?: RowScope }
  | Denial;

/** The policy as the engine sees it. */
export interface Policy<P extends AccessProfile = AccessProfile> {
  /** Version that plans are made from; a statement answers nothing once the stamp in the database is not its caller's. */
  readonly version: number;
  operation(profile: P, name: string): { readonly kind: 'allow'; readonly personal: boolean } | Denial;
  field(profile: P, coordinate: string, rule: FieldRule): Decision;
  rows(profile: P, type: string): RowScope | Denial;
  /** Counts below this are not told (0: every count is). */
  smallestCount(profile: P): number;
}

/** Whether a row scope is a refusal. */
export const isDenial = (scope: RowScope | Denial): scope is Denial => 'reason' in scope;
