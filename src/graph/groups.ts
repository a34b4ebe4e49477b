/** Types over groups of another noun's rows: what the groups are made by, and what is counted in each. */
import type { GraphQLObjectType } from 'graphql';
import type { CountModel, FieldModel, GroupsModel, RowAnchors } from './model.ts';
import { above, isFiner } from './place.ts';
import type { Row } from './row.ts';
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';
import type { Table } from './table.ts';

/** What groups can be made by. */
export interface Dimension {
  /** Property of the grouped noun. */
  readonly property: string;
  readonly of: (row: Row) => Sql;
  /** The month of a date, `YYYY-MM`. */
  readonly isMonth: boolean;
}

/** What is to be known of a noun whose rows are grouped. */
interface Grouped {
  readonly name: string;
  readonly anchors: RowAnchors;
  readonly table: Table | undefined;
}

/** The groups that a type stands for. */
export interface Groups<N> extends Omit<GroupsModel, 'of'> {
  /** The noun whose rows are grouped. */
  readonly of: N;
  /** By field of the type. */
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly counts: ReadonlyMap<string, CountModel>;
}

/** Reads a type over groups; what does not fit the grouped noun is added to the faults. */
export function readGroups<N extends Grouped>(
  type: GraphQLObjectType,
  model: GroupsModel,
  of: N,
  faults: string[],
): Groups<N> {
  const dimensions = new Map<string, Dimension>();
  const counts = new Map<string, CountModel>();
  const known = (coordinate: string, property: string): void => {
    if (of.table?.columns.has(property) !== true && of.table?.relations.has(property) !== true)
      faults.push(`${coordinate}: ${of.name} has no ${property}`);
  };
  for (const { name, extensions } of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${name}`;
    const { hubBy, hubCount } = extensions as FieldModel;
    if (hubBy !== undefined) {
      dimensions.set(name, dimensionOf(hubBy));
      known(coordinate, hubBy.property);
    } else if (hubCount !== undefined) {
      counts.set(name, hubCount);
      if (hubCount.kind !== 'rows') known(coordinate, hubCount.property);
    } else faults.push(`${coordinate}: neither @GroupedBy nor @Counting`);
  }
  const named = [...above(model.finest), model.finest, ...(model.neverEmpty === undefined ? [] : [model.neverEmpty])];
  for (const property of named) known(type.name, property);
  if (!isFiner(model.finest, '')) faults.push(`${type.name}: ${model.finest} is no place at which cells could end`);
  if (of.anchors.person === undefined) faults.push(`${type.name}: rows of ${of.name} are no persons' rows`);
  return { ...model, of, dimensions, counts };
}

function dimensionOf({ property, month }: NonNullable<FieldModel['hubBy']>): Dimension {
  const isMonth = month === true;
  return {
    property,
    isMonth,
    of: (row) => (isMonth ? sql`to_char(${row.column(property)}, 'YYYY-MM')` : row.column(property)),
  };
}
