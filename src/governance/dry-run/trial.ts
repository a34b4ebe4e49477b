/**
 * An operation put to a policy without being run: the planner itself says what is denied, masked and told. So whatever is
 * said beforehand about a policy is decided by the same code as the requests that follow.
 */
import { Denied, FormRefused, makePlan } from '../../graph/index.ts';
import type { DeniedCoordinate, Graph, Operation, Policy, ValueRules, Values } from '../../graph/index.ts';
import type { Profile } from '../../access/index.ts';

/** What a policy decides about an operation with some form of values. */
export interface Trial {
  /** Denied however the caller asks: operations, filters, orders. */
  readonly refused: readonly DeniedCoordinate[];
  /** Everything that a refusal names; empty where the operation passes. */
  readonly denied: readonly DeniedCoordinate[];
  /** Coordinates told, the denied ones left out. */
  readonly told: ReadonlySet<string>;
  /** Coordinates told masked, or on some rows only. */
  readonly masked: ReadonlySet<string>;
  /** Nouns that rows are read of. */
  readonly nouns: ReadonlySet<string>;
  /** Kinds of row scope applied. */
  readonly scopes: ReadonlySet<string>;
  /** Whether it needs a purpose and a case. */
  readonly personal: boolean;
  /** Coordinates that the policy was asked about: what is read, and what chooses and orders rows. */
  readonly chosen: ReadonlySet<string>;
}

/** What operations are tried with. */
export interface TrialInput {
  readonly graph: Graph;
  readonly policy: Policy<Profile>;
  readonly profile: Profile;
  readonly operation: Operation;
  readonly values: Values;
}

/** The codes of divisions in made-up values are the names of their levels. */
export const LEVELS = ['province', 'prefecture', 'county', 'township', 'village'] as const;

const RULES: ValueRules = { levelOf: (code) => code, maxFirst: Number.MAX_SAFE_INTEGER };

const NOTHING: Trial = {
  refused: [],
  denied: [],
  told: new Set(),
  masked: new Set(),
  nouns: new Set(),
  scopes: new Set(),
  personal: false,
  chosen: new Set(),
};

/** @returns undefined for a form that no statement can answer */
export function tryOperation(input: TrialInput): Trial | undefined {
  const scopes = new Set<string>();
  const chosen = new Set<string>();
  const policy = listening(input.policy, chosen);
  const plan = (onDenied: 'refuse' | 'null') =>
    makePlan({
      ...input,
      policy,
      rules: RULES,
      onDenied,
      guard: (applied) => {
        for (const scope of applied) scopes.add(scope);
        return undefined;
      },
    });
  try {
    const { nodes, masked, nulled, personal } = plan('null');
    const told = new Set(nodes.flatMap(({ coordinates }) => coordinates));
    const nouns = new Set(nodes.map(({ noun }) => noun));
    const denied = nulled.length === 0 ? [] : denialsOf(() => plan('refuse'));
    return { refused: [], denied, told, masked: new Set(masked), nouns, scopes, personal, chosen };
  } catch (error) {
    if (error instanceof FormRefused) return undefined;
    if (!(error instanceof Denied)) throw error;
    return { ...NOTHING, refused: error.denials, denied: denialsOf(() => plan('refuse')), chosen };
  }
}

function denialsOf(plan: () => unknown): readonly DeniedCoordinate[] {
  try {
    plan();
    return [];
  } catch (error) {
    if (error instanceof Denied) return error.denials;
    throw error;
  }
}

/** The policy, and a note of every field that it is asked about. */
const listening = (policy: Policy<Profile>, heard: Set<string>): Policy<Profile> => ({
  version: policy.version,
  operation: (profile, name) => policy.operation(profile, name),
  field: (profile, coordinate, rule) => {
    heard.add(coordinate);
    return policy.field(profile, coordinate, rule);
  },
  rows: (profile, type) => policy.rows(profile, type),
  smallestCount: (profile) => policy.smallestCount(profile),
});
