import type { Sql } from './sql.ts';

/** One row of a noun inside a statement. */
export interface Row {
  /** Quoted alias. */
  readonly alias: Sql;
  /** The column of a property, qualified with the alias. */
  column(property: string): Sql;
}
