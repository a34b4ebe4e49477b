/** A table or view as rows of a delivery: by a cursor, so that a million rows need the memory of a few thousand. */
import { findField, readHeaders } from '../../platform/csv/headers.ts';
import { quoteIdent } from '../../platform/database.ts';
import type { Pool, PoolClient } from '../../platform/database.ts';
import type { Template } from '../files/template.ts';
import type { RawRow } from '../record-kind.ts';
import { TableSourceError } from './table-settings.ts';
import type { TableSource } from './table-settings.ts';

const PART = 4_000;

/** A column of the relation, as the catalogue of the database has it. */
interface FoundColumn {
  readonly name: string;
  readonly type: string;
}

/** The column that each field is read from. */
export type ColumnsOfFields = ReadonlyMap<string, FoundColumn>;

const FIND = `
  select a.attname as name, format_type(a.atttypid, null) as type
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
   where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
   order by a.attnum`;

/**
 * The columns of a source by the fields of its template. Throws TableSourceError that says what is missing, and the statement
 * by which the operator mends it.
 */
export async function columnsOf(pool: Pool, source: TableSource, template: Template): Promise<ColumnsOfFields> {
  const [schema, name] = source.relation;
  const relation = `${quoteIdent(schema)}.${quoteIdent(name)}`;
  const fail = (what: string): never => {
    throw new TableSourceError(`The source ${source.name}: ${what}`);
  };
  const { rows: found } = await pool.query<FoundColumn>(FIND, [schema, name]);
  if (found.length === 0)
    fail(`there is no ${relation}. Make it a foreign table of the department's database:\n${exampleOf(source)}`);
  // By number: a name in a schema that is not open cannot even be asked about.
  const { rows } = await pool.query<{ schema: boolean; table: boolean; me: string }>(
    `select has_schema_privilege(n.oid, 'usage') as schema, has_table_privilege(c.oid, 'select') as table, current_user as me
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  );
  const [right] = rows;
  const me = quoteIdent(right?.me ?? '');
  if (right?.schema !== true) fail(`run: grant usage on schema ${quoteIdent(schema)} to ${me};`);
  if (right?.table !== true) fail(`run: grant select on ${relation} to ${me};`);
  return byField(source, template, found, fail);
}

function byField(
  { columns }: TableSource,
  template: Template,
  found: readonly FoundColumn[],
  fail: (what: string) => never,
): ColumnsOfFields {
  const named = Object.entries(columns);
  if (named.length === 0) {
    const fields = readHeaders(
      found.map(({ name }) => name),
      template.columns,
    );
    return new Map(found.flatMap((column, at) => (fields[at] === undefined ? [] : [[fields[at], column] as const])));
  }
  const mapped = new Map<string, FoundColumn>();
  for (const [header, name] of named) {
    const field = findField(header, template.columns);
    const column = found.find((one) => one.name === name);
    if (field === undefined || column === undefined)
      fail(`there is no column ${name} for ${header}; there are ${found.map((one) => one.name).join(', ')}`);
    else mapped.set(field, column);
  }
  const missing = template.columns.filter(({ field, required }) => required && !mapped.has(field));
  if (missing.length > 0) fail(`no column is named for ${missing.map(({ field }) => field).join(', ')}`);
  return mapped;
}

/** The rows as they stand at one moment, numbered from 1. */
export async function* tableRows(
  pool: Pool,
  { relation: [schema, name] }: TableSource,
  columns: ColumnsOfFields,
): AsyncGenerator<readonly RawRow[]> {
  const fields = [...columns.keys()];
  const chosen = [...columns.values()].map(asText).join(', ');
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0');
    await client.query(
      `declare hub_source no scroll cursor for select ${chosen} from ${quoteIdent(schema)}.${quoteIdent(name)}`,
    );
    for (let before = 0; ;) {
      const part = await fetchPart(client);
      if (part.length === 0) break;
      yield part.map((values, at) => ({ rowNo: before + at + 1, cells: cellsOf(fields, values) }));
      before += part.length;
    }
    failed = false;
  } finally {
    const ended = await client.query('rollback').then(
      () => true,
      () => false,
    );
    client.release(failed && !ended);
  }
}

async function fetchPart(client: PoolClient): Promise<readonly (readonly (string | null)[])[]> {
  const { rows } = await client.query<(string | null)[]>({ text: `fetch ${PART} from hub_source`, rowMode: 'array' });
  return rows;
}

function cellsOf(fields: readonly string[], values: readonly (string | null)[]): Record<string, string> {
  const cells: Record<string, string> = {};
  fields.forEach((field, at) => {
    const value = values[at];
    if (value !== null && value !== undefined && value !== '') cells[field] = value;
  });
  return cells;
}

/** As a file would have it: days in China, yes and no in Chinese. */
function asText({ name, type }: FoundColumn): string {
  const column = quoteIdent(name);
  if (type === 'timestamp with time zone') return `(${column} at time zone 'Asia/Shanghai')::date::text`;
  if (type === 'timestamp without time zone') return `${column}::date::text`;
  return type === 'boolean' ? `case when ${column} then '是' when not ${column} then '否' end` : `${column}::text`;
}

/** What an operator runs, with the names of the source. */
function exampleOf({ relation: [schema, name] }: TableSource): string {
  return [
    'create extension if not exists postgres_fdw;',
    "create server department foreign data wrapper postgres_fdw options (host '…', port '5432', dbname '…');",
    "create user mapping for <role of HUB_DATABASE_URL> server department options (user '…', password '…');",
    `create schema if not exists ${quoteIdent(schema)};`,
    `import foreign schema public limit to (${quoteIdent(name)}) from server department into ${quoteIdent(schema)};`,
    `grant usage on schema ${quoteIdent(schema)} to <role>; grant select on ${quoteIdent(schema)}.${quoteIdent(name)} to <role>;`,
  ].join('\n');
}

/** When the source last delivered; undefined before its first time. */
export async function lastDelivered(pool: Pool, { record, sourceSystem }: TableSource): Promise<Date | undefined> {
  const { rows } = await pool.query<{ at: Date | null }>(
    `select max(opened_at) as at from delivery where source_system = $1 and record = $2 and format = 'TABLE'`,
    [sourceSystem, record],
  );
  return rows[0]?.at ?? undefined;
}
