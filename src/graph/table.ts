/**
 * What the engine knows of a table. TypeORM's own metadata is read once and let go: each piece of it holds all the others,
 * the driver, and what they were built with.
 */
import type { DataSource, EntityMetadata } from 'typeorm';

/** A table, by the properties of its class. */
export interface Table {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
  readonly relations: ReadonlyMap<string, Relation>;
  /** Property of the primary key. */
  readonly key: string | undefined;
}

/** A column. */
export interface Column {
  readonly name: string;
  /** PostgreSQL's short name of its type, e.g. `varchar`; with `[]` for an array. */
  readonly type: string;
  readonly nullable: boolean;
}

/** A relation to another table. */
export interface Relation {
  /** Column of the foreign key; undefined where it is the other table's. */
  readonly key: string | undefined;
  /** Class of the other table. */
  readonly target: object;
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'char',
  'timestamp with time zone': 'timestamptz',
};
const shortName = (type: string): string => SHORT_NAMES[type] ?? type;

/** Reads the table off its metadata. */
export function readTable(metadata: EntityMetadata, { driver }: Pick<DataSource, 'driver'>): Table {
  // A column that a property declares comes before one that a relation of the same name brings along.
  const columns = metadata.columns.toSorted((a, b) => Number(!a.relationMetadata) - Number(!b.relationMetadata));
  return {
    name: metadata.tableName,
    columns: new Map(
      columns.map((column) => [
        column.propertyName,
        {
          name: column.databaseName,
          type: shortName(driver.normalizeType(column)) + (column.isArray ? '[]' : ''),
          nullable: column.isNullable,
        },
      ]),
    ),
    relations: new Map(
      metadata.relations.map(({ propertyName, joinColumns, inverseEntityMetadata }) => [
        propertyName,
        { key: joinColumns[0]?.databaseName, target: inverseEntityMetadata.target as object },
      ]),
    ),
    key: metadata.primaryColumns[0]?.propertyName,
  };
}
