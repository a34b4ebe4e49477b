import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrations } from '../../migrations/index.ts';
import { openPool } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { assertLeastPrivilege } from '../../src/server/least-privilege.ts';
import { prepareDatabase, RightsMissingError } from '../../src/server/prepare-database.ts';
import { WRITE_RIGHTS } from '../../src/server/privileges.ts';
import type { TestDatabase } from '../harness/database.ts';
import { emptyDatabase, testDatabase } from '../harness/database.ts';
import { asAdmin } from '../harness/urls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const prepare = ({ ownerUrl, serverUrl }: { ownerUrl: string; serverUrl: string }): Promise<string[]> =>
  prepareDatabase({ ownerUrl, serverUrl, log: silentLog });

test('a database that is prepared already is left as it is', async () => {
  expect(await prepare(database)).toEqual([]);
});

test('two processes that prepare an empty database at once run every migration once', async () => {
  const empty = await emptyDatabase();
  const ran = await Promise.all([prepare(empty), prepare(empty)]);
  expect(ran.flat()).toEqual(migrations.map(({ name }) => name));
  await empty.drop();
});

test('the hub’s role reads every table, writes what the table of rights names, and nothing else', async () => {
  await expect(assertLeastPrivilege(database.server)).resolves.toBeUndefined();
  const { rows } = await database.server.query<{ table: string; right: string }>(
    `select table_name as table, lower(privilege_type) as right from information_schema.role_table_grants
      where grantee = current_user and table_schema = 'public' and privilege_type <> 'SELECT' order by 1, 2`,
  );
  const named = Object.entries(WRITE_RIGHTS).filter(([, { insert }]) => insert === true);
  expect(rows.map(({ table, right }) => `${right} ${table}`).sort()).toEqual(
    named.map(([table]) => `insert ${table}`).sort(),
  );
  const { rows: unreadable } = await database.server.query(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
        and not has_table_privilege(oid, 'select')`,
  );
  expect(unreadable).toEqual([]);
});

test('every table of the table of rights exists, with its columns', async () => {
  for (const [table, { update = [] }] of Object.entries(WRITE_RIGHTS)) {
    await database.owner.query(`select ${['1', ...update].join(', ')} from ${table} limit 0`);
  }
});

test.each([
  ['delete from aid_grant'],
  ['update aid_grant set amount_fen = 0'],
  ['update access_record set client = client'],
  ['delete from access_record'],
  ['truncate ledger_seal'],
  ['update person set ethnicity = ethnicity, id = id'],
  ['insert into policy_head (version) values (1)'],
  ['create table loot (id int)'],
])('the database refuses the hub’s role: %s', async (statement) => {
  await expect(database.server.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('rights that somebody gave by hand are found, and taken away by the next preparation', async () => {
  const role = new URL(database.serverUrl).username;
  await database.owner.query(`grant delete on person to ${role}`);
  await database.owner.query('grant update (amount_fen) on aid_grant to public');
  await expect(assertLeastPrivilege(database.server)).rejects.toThrow(
    /may delete person.*may update aid_grant\.amount_fen/,
  );
  await prepare(database);
  await expect(assertLeastPrivilege(database.server)).resolves.toBeUndefined();
});

test('the owner and a superuser are refused as the server’s role', async () => {
  await expect(assertLeastPrivilege(database.owner)).rejects.toThrow(/owns table.*hub migrate/);
  const admin = openPool(database.adminUrl, { max: 1, name: 'test' });
  await expect(assertLeastPrivilege(admin)).rejects.toThrow('is a superuser');
  await admin.end();
});

test('without the right to make roles the SQL for an administrator is named, and does it', async () => {
  const empty = await emptyDatabase();
  const role = `hub_test_${randomBytes(4).toString('hex')}`;
  const password = 'päss wörd';
  const server = new URL(empty.serverUrl);
  server.username = role;
  server.password = encodeURIComponent(password);
  const wanted = { ownerUrl: empty.ownerUrl, serverUrl: server.href };

  const refused: unknown = await prepare(wanted).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RightsMissingError);
  const { sql } = refused as RightsMissingError;
  expect(sql).toMatch(new RegExp(`^create role "${role}" login .*SCRAM-SHA-256`));
  expect(sql).not.toContain(password);

  const admin = openPool(empty.adminUrl, { max: 1, name: 'test' });
  await admin.query(sql);
  expect(await prepare(wanted)).toHaveLength(migrations.length);
  await empty.drop();
  await admin.end();
  await asAdmin((query) => query(`drop role ${role}`));
});

test('with the right to make roles the server’s role is made', async () => {
  const empty = await emptyDatabase();
  const role = `hub_test_${randomBytes(4).toString('hex')}`;
  const owner = new URL(empty.ownerUrl).username;
  const server = new URL(empty.serverUrl);
  server.username = role;
  await asAdmin((query) => query(`alter role ${owner} createrole`));
  try {
    await prepare({ ownerUrl: empty.ownerUrl, serverUrl: server.href });
  } finally {
    await asAdmin((query) => query(`alter role ${owner} nocreaterole`));
  }
  await empty.drop();
  await asAdmin((query) => query(`drop role ${role}`));
});

test('a role that cannot sign in is named before the hub is served', async () => {
  const wrong = new URL(database.serverUrl);
  wrong.password = 'wrong';
  await expect(prepare({ ownerUrl: database.ownerUrl, serverUrl: wrong.href })).rejects.toThrow(
    /HUB_DATABASE_URL .*cannot sign in/,
  );
});
