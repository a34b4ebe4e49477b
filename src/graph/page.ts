/** A single row, a list or a connection as one lateral join: rows first (filter, order, limit), their JSON after. */
import { connection } from './connection-page.ts';
import { DEFAULT_ROWS } from './cost.ts';
import { orderKeys } from './order.ts';
import { limitOf, rowsOf } from './page-rows.ts';
import type { PageInput } from './page-rows.ts';
import type { AccessProfile } from './policy.ts';
import { ident, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** `left join lateral (…) alias on true` with the columns `j` (JSON) and `s` (subjects). */
export function pageOf<P extends AccessProfile>(input: PageInput<P>): Sql {
  const { alias, row, object, nodes, chosen, planning, noun } = input;
  const { shape } = input.field;
  const keys = orderKeys(planning, noun, row, chosen);
  if (shape === 'connection') return connection(input, keys);
  const built = object(nodes);
  const items = sql`select ${built.json} as j, ${built.subjects} as s from (${rowsOf(input, keys, shape === 'one' ? raw('1') : limitOf(chosen.first, DEFAULT_ROWS.list))}) ${row.alias} ${join(built.joins, ' ')}`;
  return shape === 'one'
    ? sql`left join lateral (${items}) ${ident(alias)} on true`
    : sql`left join lateral (select coalesce(json_agg(q.j), '[]'::json) as j, string_agg(q.s, '') as s from (${items}) q) ${ident(alias)} on true`;
}
