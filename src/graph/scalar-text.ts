/**
 * The JSON text of each pair of GraphQL type and column type. The database writes the answer, so what graphql-js would
 * do in `serialize` is done here, once, in SQL. A pair that is not listed stops the start.
 */
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

type ToText = (expression: Sql) => Sql;
const asIs: ToText = (expression) => expression;

const RULES: Readonly<Record<string, ToText>> = {
  'ID uuid': asIs,
  'ID varchar': asIs,
  'String varchar': asIs,
  'String text': asIs,
  'String char': asIs,
  'Int integer': asIs,
  'Int smallint': asIs,
  'Boolean boolean': asIs,
  'Date date': asIs,
  'Month char': asIs,
  'Month varchar': asIs,
  'RegionCode varchar': asIs,
  'Decimal numeric': (e) => sql`${e}::text`,
  'DateTime timestamptz': (e) => sql`to_char(${e} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  'Yuan bigint': (e) => sql`(${e}::numeric / 100)::numeric(20, 2)::text`,
  'enum varchar': asIs,
  'enum char': asIs,
  'enum[] text[]': asIs,
  'enum[] varchar[]': asIs,
  'String[] text[]': asIs,
  'String[] varchar[]': asIs,
};

/**
 * @param graphqlType name of the scalar, `enum` for any enum, with `[]` for a list
 * @param columnType PostgreSQL's short name of the column type, with `[]` for an array
 * @returns undefined when the pair has no rule
 */
export function scalarText(graphqlType: string, columnType: string): ToText | undefined {
  return RULES[`${graphqlType} ${columnType}`];
}

/** The PostgreSQL type that a parameter of a GraphQL input type is cast to. */
export const parameterType = (graphqlType: string): string =>
  ({ Int: 'int', Float: 'float8', Boolean: 'boolean', Date: 'date', DateTime: 'timestamptz' })[graphqlType] ?? 'text';
