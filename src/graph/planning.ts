/** One planning under way: what it is made from, and what was met on the way. Lives for one plan. */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { CostRecord } from './cost.ts';
import { disclosableOf } from './disclosable.ts';
import type { Graph } from './noun.ts';
import { collectFields } from './fields.ts';
import type { Operation } from './operation.ts';
import type { AccessProfile, Denial, Policy } from './policy.ts';
import type { Row } from './row.ts';
import type { PlanAt } from './rows-plan.ts';
import { callerSlot } from './slot.ts';
import { ident } from './sql.ts';
import type { Sql } from './sql.ts';
import type { ValueRules, Values } from './values.ts';

/** What a plan is made from. */
export interface PlanInput<P extends AccessProfile = AccessProfile> {
  readonly graph: Graph;
  readonly policy: Policy<P>;
  readonly profile: P;
  readonly operation: Operation;
  readonly values: Values;
  readonly rules: ValueRules;
  /** What must hold for the statement to answer at all, given the row scopes that it applies. */
  readonly guard?: (scopes: ReadonlySet<string>) => Sql | undefined;
  /** `refuse`: a denied field refuses the operation; `null`: it is null, with one error per coordinate. */
  readonly onDenied: 'refuse' | 'null';
  /** Most bytes that the statement may answer with; beyond, it answers null. */
  readonly largestAnswer?: number;
}

/** A coordinate that the policy denies, as the caller wrote it. */
export interface DeniedCoordinate extends Denial {
  readonly coordinate: string;
}

/** The operation names something that the policy denies; nothing was read. */
export class Denied extends Error {
  readonly denials: readonly DeniedCoordinate[];
  constructor(denials: readonly DeniedCoordinate[]) {
    super(`Denied: ${denials.map(({ coordinate }) => coordinate).join(', ')}`);
    this.denials = denials;
  }
}

/** An operation in a form that no one statement can answer; the message tells the caller what to change. */
export class FormRefused extends Error {}

/** PostgreSQL cuts longer identifiers, and two cut names could be one. */
const LONGEST_NAME = 63;

/** PostgreSQL selects at most 1,664 columns. */
const MOST_NAMES = 1_000;

/** Each relation is a join, and PostgreSQL's stack ends between 300 and 600 of them. */
const MOST_RELATIONS = 250;

/** The state of one planning, shared by all that write parts of the statement. */
export class Planning<P extends AccessProfile = AccessProfile> {
  readonly input: PlanInput<P>;
  readonly graph: Graph;
  /** Coordinates shown masked, or on rows in a narrower scope only. */
  readonly masked = new Set<string>();
  /** Kinds of row scope applied. */
  readonly scopes = new Set<string>();
  /** Denied fields: refused, or null, as the caller wishes. */
  readonly denied = new Map<string, DeniedCoordinate>();
  /** Denied filters, orders and operations: always refused. */
  readonly refused = new Map<string, DeniedCoordinate>();
  /** The lists and relations, each within the one that it stands in. */
  readonly cost = new CostRecord();
  #aliases = 0;
  #relations = 0;

  constructor(input: PlanInput<P>) {
    this.input = input;
    this.graph = input.graph;
  }

  /** A new alias. */
  alias(prefix: string): string {
    return `${prefix}${(this.#aliases += 1)}`;
  }

  /**
   * The alias of one more root field or relation.
   * @throws FormRefused
   */
  relation(): string {
    this.#relations += 1;
    if (this.#relations > MOST_RELATIONS)
      throw new FormRefused(`The operation has more than ${MOST_RELATIONS} relations; ask in several operations`);
    return this.alias('l');
  }

  /**
   * Fields by response name, fragments and conditions resolved.
   * @throws FormRefused
   */
  collect(
    type: GraphQLObjectType,
    nodes: readonly { readonly selectionSet?: FieldNode['selectionSet'] }[],
  ): ReadonlyMap<string, readonly FieldNode[]> {
    const { graph, operation, values } = this.input;
    const sets = nodes.map(({ selectionSet }) => selectionSet);
    const fields = collectFields(graph.schema, operation, values, type, sets);
    if (fields.size > MOST_NAMES)
      throw new FormRefused(`One object has more than ${MOST_NAMES} fields; ask for fewer, or in several operations`);
    return fields;
  }

  /** Those of the fields that the caller wrote for the type itself, in a fragment on it. */
  collectNamed(type: GraphQLObjectType, nodes: readonly FieldNode[]): ReadonlyMap<string, readonly FieldNode[]> {
    const { graph, operation, values } = this.input;
    const sets = nodes.map(({ selectionSet }) => selectionSet);
    const others = new Set(
      [...collectFields(graph.schema, operation, values, type, sets, { onType: false }).values()].flat(),
    );
    const named = [...this.collect(type, nodes)].map(
      ([name, all]) => [name, all.filter((node) => !others.has(node))] as const,
    );
    return new Map(named.filter(([, own]) => own.length > 0));
  }

  /** @throws FormRefused */
  responseName(name: string): Sql {
    if (name.length > LONGEST_NAME)
      throw new FormRefused(`An alias is longer than ${LONGEST_NAME} characters; shorten it`);
    return ident(name);
  }

  /** What plan functions may use, in the row above (none at the root). */
  at(parent: Row | undefined): PlanAt {
    return {
      today: callerSlot<string>('today', 'date'),
      caller: (name, type = 'text') => callerSlot(name, type),
      parent,
      disclosable: () => disclosableOf(this.graph),
    };
  }

  /** The counts below which nothing is told. */
  smallestCount(): number {
    return this.input.policy.smallestCount(this.input.profile);
  }
}
