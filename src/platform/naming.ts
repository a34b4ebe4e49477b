import { DefaultNamingStrategy, type NamingStrategyInterface, type Table } from 'typeorm';

const snake = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

const bare = (table: Table | string): string => (typeof table === 'string' ? table : table.name).replace(/^.*\./, '');

/**
 * How things are called in the database: the snake case of the property, and a prefix that says what kind of thing it is
 * (`pk_person`, `fk_membership__person_id`, `ix_…`, `uq_…`, `ck_…`, `ex_…`). Checks, exclusions and partial or covering
 * indexes carry their name where they are declared, because no rule can guess it from an expression.
 */
export class HubNamingStrategy extends DefaultNamingStrategy implements NamingStrategyInterface {
  override tableName(className: string, custom?: string): string {
    return custom ?? snake(className);
  }
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return snake([...prefixes, custom ?? property].join('_'));
  }
  override relationName(property: string): string {
    return snake(property);
  }
  override joinColumnName(relation: string, referenced: string): string {
    return snake(`${relation}_${referenced}`);
  }
  override primaryKeyName(table: Table | string): string {
    return `pk_${bare(table)}`;
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `fk_${bare(table)}__${columns.join('_')}`;
  }
  override indexName(table: Table | string, columns: string[]): string {
    return `ix_${bare(table)}__${columns.join('_')}`;
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `uq_${bare(table)}__${columns.join('_')}`;
  }
}
