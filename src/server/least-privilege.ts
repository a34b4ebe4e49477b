/** Whether the role that the server works as can do more than the hub ever does. */
import type { Pool } from '../platform/database.ts';
import { WRITE_RIGHTS } from './privileges.ts';

/** Every right of the current role that goes beyond reading all tables and WRITE_RIGHTS ($1: table.column and table). */
const EXCESS = `
  with me as (select * from pg_roles where rolname = current_user),
       tables as (
         select c.oid, c.relname as name, c.relowner as owner
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f'))
  select 'is a superuser' as excess from me where rolsuper
  union all select 'may create roles' from me where rolcreaterole
  union all select 'may create databases' from me where rolcreatedb
  union all select 'may replicate' from me where rolreplication
  union all select 'goes round row security' from me where rolbypassrls
  union all select 'may create tables in schema public' where has_schema_privilege('public', 'create')
  union all select 'owns table ' || t.name from tables t, me where t.owner = me.oid
  union all select 'is a member of ' || pg_get_userbyid(owners.owner)
              from (select distinct owner from tables) owners, me
             where owners.owner <> me.oid and not me.rolsuper and pg_has_role(me.oid, owners.owner, 'member')
  union all select 'may ' || r || ' ' || t.name from tables t, unnest(array['delete', 'truncate', 'trigger']) r
             where has_table_privilege(t.oid, r)
  union all select 'may insert into ' || t.name from tables t
             where has_any_column_privilege(t.oid, 'insert') and t.name <> all ($1)
  union all select 'may update ' || t.name || '.' || a.attname
              from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
             where has_column_privilege(t.oid, a.attnum, 'update') and t.name || '.' || a.attname <> all ($2)`;

/**
 * Throws when the role of the pool owns tables, is a superuser, or may do anything else that the hub does not need.
 * Production mode calls it before it serves.
 */
export async function assertLeastPrivilege(pool: Pool): Promise<void> {
  const rights = Object.entries(WRITE_RIGHTS);
  const inserts = rights.filter(([, { insert }]) => insert === true).map(([table]) => table);
  const updates = rights.flatMap(([table, { update = [] }]) => update.map((column) => `${table}.${column}`));
  const { rows } = await pool.query<{ excess: string }>(EXCESS, [inserts, updates]);
  if (rows.length === 0) return;
  const shown = rows.slice(0, 5).map(({ excess }) => excess);
  const more = rows.length > shown.length ? `, and ${rows.length - shown.length} more` : '';
  throw new Error(
    `The role in HUB_DATABASE_URL ${shown.join(', ')}${more}. ` +
      'The server works as a role of its own that owns nothing: name another one and run hub migrate.',
  );
}
