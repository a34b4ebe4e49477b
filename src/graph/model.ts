/**
 * The words with which a module describes its nouns to the engine. They travel as GraphQL extensions, so the built
 * schema is the one place where the engine, the policy and the start-up checks read them.
 */
import { Extensions } from 'type-graphql';
import type { PlanAt, RowsPlan } from './rows-plan.ts';
import type { Row } from './row.ts';
import type { Slot } from './slot.ts';
import type { Sql } from './sql.ts';

/** How much harm the disclosure of a field may do (网络数据分类分级: general, internal, personal, sensitive personal). */
export type Sensitivity = 'PUBLIC' | 'INTERNAL' | 'PERSONAL' | 'SENSITIVE';

/** The rule of one field: policy rows speak of groups, never of single fields. */
export interface FieldRule {
  /** Group of the sharing catalogue in schema/policy/catalogue.json; the start is refused when it is not there. */
  readonly group: string;
  /** Department that answers for the field (数源部门), e.g. CIVIL_AFFAIRS. */
  readonly owner: string;
  readonly sensitivity: Sensitivity;
  /** Name of the mask (access/masks.ts) that serves callers who may see the field only in part. */
  readonly mask?: string;
}

/** How a row is tied to what row scopes speak of. Values are property names of the class. */
export interface RowAnchors {
  /** Property that holds the person's id: the row is about this person. */
  readonly person?: string;
  /** Property that holds the household's id. */
  readonly household?: string;
  /** The row carries the place columns (region, township, county, prefecture, province). */
  readonly place?: true;
  /** Property that holds the department which recorded the row. */
  readonly department?: string;
  /** Property that holds all departments whose business the row is, where there are several: an array. */
  readonly departments?: string;
  /** To-one relation to the noun whose scope also bounds this one, where the row has no anchor of its own. */
  readonly via?: string;
  /** Open to every authenticated caller: code lists, regions. No personal data. */
  readonly public?: true;
}

type Constructor<T = object> = abstract new (...args: never[]) => T;

/** Extensions that the engine reads off a GraphQL object type. */
export interface TypeModel {
  /** The TypeORM entity whose table the rows come from; none for a type without a table (a page, an edge, a payload). */
  readonly hubEntity?: () => Constructor;
  readonly hubRows?: RowAnchors;
  /** The class that declares the type; plans name nouns by it. */
  readonly hubClass?: object;
  /** Rows come from the plan's own source (`RowsPlan.from`) with one column per property in snake case. */
  readonly hubDerived?: true;
  /** Rows are groups of another noun's rows. */
  readonly hubGroups?: GroupsModel;
  /** What code answers about a row of another noun: no rows of its own. */
  readonly hubAnswered?: true;
}

/** How rows of a noun are grouped. */
export interface GroupsModel {
  readonly of: () => Constructor;
  /** Place property at which the groups of callers end who are told no small counts: there the cells are large enough. */
  readonly finest: string;
  /** Properties for each value of which a person has one row a day at most: persons are counted without sorting rows. */
  readonly once: readonly string[];
  /**
   * A text that is never empty, where the index that groups are read from says so (`where programme <> ''`): statistics say
   * it as well and find the index, pages do not and are kept from sorting what they could read in order.
   */
  readonly neverEmpty?: string;
}

/** What is counted in a group: its rows, the different ends of a to-one relation, or the sum of a column of money. */
export type CountModel =
  | { readonly kind: 'rows' }
  | { readonly kind: 'distinct'; readonly property: string }
  | { readonly kind: 'sum'; readonly property: string };

/** Extensions that the engine reads off a GraphQL field. */
export interface FieldModel {
  readonly hubRule?: FieldRule;
  readonly hubPlan?: PlanFunction<never>;
  readonly hubComputed?: (row: Row, at: PlanAt) => Sql;
  /** The property, or the month of a date, that groups are made by. */
  readonly hubBy?: { readonly property: string; readonly month?: true };
  readonly hubCount?: CountModel;
  /** A field that code answers (a mutation, the state of the hub), on stock graphql-js. */
  readonly hubCode?: { readonly open: boolean };
  /** A field of a noun that code answers about each row: the properties of the row that the code is given. */
  readonly hubNeeds?: readonly string[];
}

/** Called once per plan with the arguments as slots: an argument that is absent from the request is absent here. */
export type PlanFunction<A> = (args: Planned<A>, at: PlanAt) => RowsPlan;

/** Arguments as the plan sees them: objects keep their form, what they hold becomes a slot. */
export type Planned<A> = {
  readonly [K in keyof A]: PlannedValue<A[K]>;
};
type PlannedValue<V> =
  NonNullable<V> extends readonly unknown[] | string | number | boolean | bigint | Date
    ? Slot<NonNullable<V>> | Extract<V, undefined>
    : Planned<NonNullable<V>> | Extract<V, undefined>;

/** The rule of a field: who owns it, how sensitive it is, how it is masked. */
export const Rule = (rule: FieldRule) => Extensions({ hubRule: rule });

/** The row scope's hold on an entity; on the class, beside `@Entity()` and `@ObjectType()`. */
export const Rows =
  (anchors: RowAnchors): ClassDecorator =>
  (target) =>
    Extensions({ hubRows: anchors, hubClass: target, hubEntity: () => target })(target);

/** A second GraphQL type over an entity's table, with its own fields and its own row scope. */
export const Over =
  (entity: () => Constructor, anchors: RowAnchors): ClassDecorator =>
  (target) =>
    Extensions({ hubRows: anchors, hubClass: target, hubEntity: entity })(target);

/** A GraphQL type whose rows a plan makes itself (`RowsPlan.from`): an answer to a question, not a record. */
export const Derived =
  (anchors: RowAnchors): ClassDecorator =>
  (target) =>
    Extensions({ hubRows: anchors, hubClass: target, hubDerived: true })(target);

/** A GraphQL type whose rows are groups of a noun's rows (`RowsPlan.groups`), under the row scope of that noun. */
export const GroupsOf =
  (of: () => Constructor, options: Omit<GroupsModel, 'of'>): ClassDecorator =>
  (target) =>
    Extensions({ hubRows: {}, hubClass: target, hubDerived: true, hubGroups: { of, ...options } })(target);

/**
 * A GraphQL type that code answers with, about a row of a noun: every field of it has its rule, and stands or is denied
 * as a whole. The agreement names it among its rows, with the scope of the rows that it is about.
 */
export const Answered = (): ClassDecorator => (target) =>
  Extensions({ hubRows: {}, hubClass: target, hubDerived: true, hubAnswered: true })(target);

/** A field of a type over groups: the property that they are made by; null where the caller does not group by it. */
export const GroupedBy = (property: string, part?: 'month') =>
  Extensions({ hubBy: { property, ...(part === undefined ? {} : { month: true }) } });

/** A field of a type over groups: what is counted in each. */
export const Counting = (count: CountModel) => Extensions({ hubCount: count });

/** A list, a connection or a root field on the compiled road: says which rows, in which order, for which arguments. */
export const Plan = <A = Record<never, never>>(plan: PlanFunction<A>) => Extensions({ hubPlan: plan });

/** A field that is an SQL expression over its row (a count, an age band, a flag). */
export const Computed = (expression: (row: Row, at: PlanAt) => Sql) => Extensions({ hubComputed: expression });

/**
 * What code answers, on stock graphql-js.
 *
 * A root field (`open`): every mutation, and queries whose answer is no rows. `open` ones hold no personal data, so they
 * need no purpose and no agreement and are not on record; a query that is not open is refused at the start, since code
 * passes no plan.
 *
 * A field of a noun (`needs`): the plan decides about it as about any other, the statement reads what the code needs of each
 * row in scope, and the code is asked after the record is durable, with an object of these properties as its root. What it
 * needs reaches the code and never the caller, so it is not asked about. Such a field is told in full or denied.
 */
export const Code = (options: { readonly open: boolean } | { readonly needs: readonly string[] }) =>
  Extensions('needs' in options ? { hubNeeds: options.needs } : { hubCode: options });

/** Body of a method whose field is compiled: type-graphql wants a method for its arguments, nobody ever calls it. */
export function compiled(): never {
  throw new Error('This field is answered by its plan; the engine was not asked');
}
