/** The order of a list: by which properties, which way, with the id last so that no two rows stand in one place. */
import { mayChooseBy } from './choosing.ts';
import { primaryKey } from './noun.ts';
import type { Noun } from './noun.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Row } from './row.ts';
import type { RowsPlan } from './rows-plan.ts';
import { join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** One property of an order. */
export interface OrderKey {
  readonly property: string;
  readonly column: Sql;
  readonly descending: boolean;
  /** TypeORM's name of the column's type. */
  readonly type: string;
  readonly nullable: boolean;
}

/** The keys of a plan's order; each is checked against the policy like a field that is read. */
export function orderKeys<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  row: Row,
  { order = [] }: Pick<RowsPlan, 'order'>,
): OrderKey[] {
  const { table } = noun;
  if (table === undefined) return [];
  const id = { property: 'id', column: sql`${row.alias}.${primaryKey(noun)}`, type: 'uuid', nullable: false };
  let upward = true;
  const keys = order.map((entry): OrderKey => {
    const chosen = typeof entry === 'string' ? { property: entry, coordinate: undefined } : entry;
    const descending = chosen.property.startsWith('-');
    if (typeof entry !== 'string') upward = !descending;
    const property = descending ? chosen.property.slice(1) : chosen.property;
    mayChooseBy(planning, noun, property, chosen.coordinate);
    const { type = 'text', nullable = true } = table.columns.get(property) ?? {};
    return { property, column: row.column(property), descending, type, nullable };
  });
  return [...keys, { ...id, descending: !upward }];
}

/** The same order from its other end. */
export const reversed = (keys: readonly OrderKey[]): OrderKey[] =>
  keys.map((key) => ({ ...key, descending: !key.descending }));

/** The keys as `order by` takes them. */
export const orderBy = (keys: readonly OrderKey[]): Sql =>
  join(
    keys.map(({ column, descending }) => sql`${column}${raw(descending ? ' desc' : '')}`),
    ', ',
  );
