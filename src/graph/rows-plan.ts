import type { Row } from './row.ts';
import type { Choice, Slot } from './slot.ts';
import type { Sql } from './sql.ts';

type Constructor = abstract new (...args: never[]) => object;

/** The questions that rows answer, by ordinal: whom they were about, and for which case (null: that of the request). */
export interface Questions {
  /** The argument that holds them, as it came. */
  readonly asked: Slot<readonly unknown[]>;
  readonly keys: Slot<readonly (string | null)[]>;
  readonly cases: Slot<readonly (string | null)[]>;
}

/** What an entry of the ledger can name: a field of a noun, or a mutation. */
export interface Disclosable {
  readonly coordinate: string;
  /** Group of the sharing catalogue; null for a mutation. */
  readonly group: string | null;
  /** Whether it can be shared behind a mask; without one it is shared in full or not at all. */
  readonly maskable: boolean;
  /** Chinese term. */
  readonly title: string;
}

/** What a plan function may use beside its arguments. */
export interface PlanAt {
  /** Today in Asia/Shanghai. */
  readonly today: Slot<string>;
  /** A value of the caller: `client`, `department`, `caseNo`, … */
  caller(name: string, type?: string): Slot;
  /** The row in which the field stands; undefined at the root. */
  readonly parent: Row | undefined;
  /** All that entries of the ledger can name. */
  disclosable(): readonly Disclosable[];
}

/** Whole months of a date that groups are made by, both included. */
export interface Months {
  /** The field of the type over groups. */
  readonly of: string;
  readonly from: Slot;
  readonly to: Slot;
}

/** Which rows a compiled field answers with. Plain data: the engine adds row scope, page and JSON. */
export interface RowsPlan {
  /** The entity, or a type declared with `@Over`; left out where the field's type is an interface or a union. */
  readonly of?: Constructor | undefined;
  /**
   * The row with this id, of whichever noun; where the field is a list, one item for each of these ids, in their order
   * and null for those that have no row in scope. Only nouns that the selection asks something of are looked up.
   */
  readonly byId?: Slot | undefined;
  /** Rows whose property equals that property of the parent row, e.g. `{ householdId: 'id' }`. */
  readonly on?: Readonly<Record<string, string>>;
  /** Equality filters; each property is checked against the policy like a field that is read. */
  readonly equals?: Readonly<Record<string, Slot | undefined>>;
  /** Rows valid on that day, both ends included (validFrom, validTo). */
  readonly validOn?: Slot | undefined;
  /** Rows in the region or below it (needs the place columns). */
  readonly within?: Slot | undefined;
  /**
   * A predicate of the module's own; `uses` names the properties it reads, which the policy checks, and the argument through
   * which the caller asks about one, where a refusal is to name that.
   */
  readonly where?: { readonly uses: readonly (string | Choice)[]; readonly predicate: (row: Row) => Sql } | undefined;
  /**
   * Rows of a `@Derived` type: a query with one column per property in snake case, and three more: `ordinal` (from 1), and
   * `missed`, the ordinal where the question found nobody, and `fruitless`, where it told nothing of anybody.
   */
  readonly from?: { readonly source: Sql; readonly questions?: Questions | undefined } | undefined;
  /**
   * For a type over groups (`@GroupsOf`): the fields that the caller groups by (`propertyList`). Rows are narrowed by
   * `equals`, `within`, `validOn` and `months`, each of which takes groups whole or leaves them out.
   */
  readonly groups?: { readonly by: Slot; readonly months?: Months | undefined } | undefined;
  /**
   * Order by these properties (a leading `-` for descending), the id comes last: upward, or the way of a property that
   * the caller chose (`propertyList`), so that one index serves both directions.
   */
  readonly order?: readonly (string | Choice)[] | undefined;
  /** Page size and cursor: slots of the arguments, or a fixed bound. A connection goes backward with `last` and `before`. */
  readonly first?: Slot | number | undefined;
  readonly after?: Slot | undefined;
  readonly last?: Slot | undefined;
  readonly before?: Slot | undefined;
}
