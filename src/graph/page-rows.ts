/** The rows of a list before their JSON: chosen, ordered and bounded, with nothing joined to them yet. */
import type { FieldNode } from 'graphql';
import { beyond } from './cursor.ts';
import { tableOf } from './noun.ts';
import type { Noun, Root } from './noun.ts';
import { orderBy } from './order.ts';
import type { OrderKey } from './order.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Row } from './row.ts';
import type { RowsPlan } from './rows-plan.ts';
import type { Slot } from './slot.ts';
import { and, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** JSON of a row, the joins that it needs, and the text of the subjects that it discloses. */
export interface Built {
  readonly json: Sql;
  readonly joins: readonly Sql[];
  readonly subjects: Sql;
}

/** What a field's rows are made from. */
export interface PageInput<P extends AccessProfile> {
  readonly planning: Planning<P>;
  readonly noun: Noun;
  readonly row: Row;
  readonly chosen: RowsPlan;
  readonly predicates: readonly Sql[];
  readonly field: Pick<Root, 'shape' | 'definition'>;
  readonly nodes: readonly FieldNode[];
  readonly alias: string;
  readonly object: (nodes: readonly FieldNode[]) => Built;
  /** Puts the properties that cursors hold on record; with the rows' subjects, unless their objects have them already. */
  readonly places: (properties: readonly string[]) => Sql | undefined;
}

/** A bound as the plan gives it. */
export const limitOf = (given: Slot | number | undefined, otherwise: number): Sql =>
  typeof given === 'object' ? sql`${{ ...given, type: 'int' }}` : raw(String(given ?? otherwise));

/** Where a page begins: beyond the place that a cursor of the order `given` holds. */
export interface Beyond {
  readonly cursor: Slot;
  readonly given: readonly OrderKey[];
}

/** The rows alone, so that limit and order are done before anything is joined to them. */
export function rowsOf<P extends AccessProfile>(
  { chosen, row, noun, predicates }: Pick<PageInput<P>, 'chosen' | 'row' | 'noun' | 'predicates'>,
  keys: readonly OrderKey[],
  limit: Sql,
  after?: Beyond,
): Sql {
  if (chosen.from !== undefined)
    return sql`select ${row.alias}.* from (${chosen.from.source}) ${row.alias} where ${and(predicates)} order by ${row.column('ordinal')}`;
  const start = after === undefined ? [] : [beyond(keys, after.given, after.cursor)];
  return sql`select ${row.alias}.* from ${tableOf(noun)} ${row.alias} where ${and([...predicates, ...start])} order by ${orderBy(keys)} limit ${limit}`;
}
