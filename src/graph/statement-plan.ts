/** What planning makes: a statement, and what is to be known about its answer before it leaves. */
import type { CostNode } from './cost.ts';
import type { DeniedCoordinate } from './planning.ts';
import type { Questions } from './rows-plan.ts';
import type { Slot } from './slot.ts';

/** One selection of a noun in the operation: what an answer may disclose there. */
export interface PlanNode {
  readonly noun: string;
  /** Coordinates asked and not denied. */
  readonly coordinates: readonly string[];
  /** Where the rows answer questions: what was asked, by ordinal. */
  readonly questions?: Questions | undefined;
}

/** A statement and what is to be known about its answer. Holds no value. */
export interface StatementPlan {
  readonly name: string;
  readonly text: string;
  readonly slots: readonly Slot[];
  readonly nodes: readonly PlanNode[];
  /** Coordinates that the answer shows masked, or on some rows only. */
  readonly masked: readonly string[];
  /** Coordinates that the answer shows as null because the caller asked for that. */
  readonly nulled: readonly DeniedCoordinate[];
  /** Whether it reads personal data, so that it needs a purpose and a case. */
  readonly personal: boolean;
  /** Whether it answers every root field, so that nothing is left to code. */
  readonly whole: boolean;
  /** Whether code answers some of its fields about the rows that it reads: then graphql-js completes the answer. */
  readonly coded: boolean;
  /** What its lists may cost, given the values of a request. */
  readonly cost: readonly CostNode[];
}
