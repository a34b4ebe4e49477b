/** A department's own database behind postgres_fdw, read as a source. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Templates } from '../../src/intake/files/index.ts';
import { columnsOf, openTables, readTableSources } from '../../src/intake/sources/index.ts';
import type { TableSource, TablesParts } from '../../src/intake/sources/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { openPool, quoteIdent, quoteText } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { emptyDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { education, loan, openWorld } from '../intake/world.ts';
import type { IntakeWorld } from '../intake/world.ts';
import { loanTemplates } from './loan-templates.ts';

const COUNT = 9_000;

let world: IntakeWorld;
let library: TestDatabase;
let templates: Templates;
let role: string;
beforeAll(async () => {
  [world, library] = await Promise.all([openWorld({ chunk: 4_000 }), emptyDatabase()]);
  templates = loanTemplates();

  await library.owner.query(
    `create table lending (key text, id_no text, name text, place text, title text, lent_at timestamptz, spare boolean)`,
  );
  const people = Array.from({ length: 3 }, (_, n) => loan(n + 1));
  for (const { sourceKey, idNumber, name } of people)
    await library.owner.query(
      `insert into lending values ($1, $2, $3, '621122', '第一册', '2026-09-30T20:00:00Z', true)`,
      [sourceKey, idNumber, name],
    );

  role = new URL(world.database.serverUrl).username;
  const owner = new URL(library.ownerUrl);
  const admin = openPool(
    world.database.adminUrl.replace(/\/[^/?]*(\?|$)/, `/${new URL(world.database.ownerUrl).pathname.slice(1)}$1`),
    {
      max: 1,
      name: 'test-admin',
    },
  );
  await admin.query('create extension postgres_fdw');
  await admin.query(
    `grant usage on foreign data wrapper postgres_fdw to ${quoteIdent(new URL(world.database.ownerUrl).username)}`,
  );
  await admin.end();
  for (const statement of [
    `create server library foreign data wrapper postgres_fdw options (host ${quoteText(owner.hostname)}, port ${quoteText(owner.port)}, dbname ${quoteText(owner.pathname.slice(1))})`,
    `create user mapping for ${quoteIdent(role)} server library options (user ${quoteText(owner.username)}, password ${quoteText(decodeURIComponent(owner.password))})`,
    'create schema exchange',
    `create foreign table exchange.lending (key text, id_no text, name text, place text, title text, lent_at timestamptz, spare boolean) server library options (schema_name 'public', table_name 'lending')`,
  ])
    await world.database.owner.query(statement);
}, 120_000);
afterAll(async () => {
  await world.close();
  await library.drop();
});

const source: TableSource = {
  name: 'library',
  client: 'education.demo',
  record: 'LOAN',
  sourceSystem: 'library',
  relation: ['exchange', 'lending'],
  columns: { 业务编号: 'key', idNumber: 'id_no', 姓名: 'name', 区划: 'place', 题名: 'title', 借出日期: 'lent_at' },
  mode: 'SNAPSHOT',
  region: undefined,
  everyMinutes: 60,
};
const tables = (change: Partial<TablesParts> = {}, clock: Clock = fixedClock(NOW)) =>
  openTables({
    sources: [source],
    pool: world.database.server,
    clock,
    log: silentLog,
    intake: world.intake,
    templates,
    callerOf: () => Promise.resolve(education),
    ...change,
  });

test('what is missing is said with the statement that mends it', async () => {
  const pool = world.database.server;
  const template = templates.get('LOAN')!;
  const check = (change: Partial<TableSource> = {}) => columnsOf(pool, { ...source, ...change }, template);
  await expect(check({ relation: ['exchange', 'none'] })).rejects.toThrow('import foreign schema');
  await expect(check()).rejects.toThrow(`grant usage on schema "exchange" to "${role}"`);
  await world.database.owner.query(`grant usage on schema exchange to ${quoteIdent(role)}`);
  await expect(check()).rejects.toThrow(`grant select on "exchange"."lending" to "${role}"`);
  await world.database.owner.query(`grant select on exchange.lending to ${quoteIdent(role)}`);
  await expect(check({ columns: { ...source.columns, 题名: 'book' } })).rejects.toThrow('no column book for 题名');
  await expect(check({ columns: { 业务编号: 'key' } })).rejects.toThrow('no column is named for name');
  expect([...(await check())].length).toBe(6);
});

test('a foreign table is delivered when it is due, days being days in China', async () => {
  const [first] = await tables().look();
  expect(first).toMatchObject({
    state: 'APPLIED',
    mode: 'SNAPSHOT',
    sourceSystem: 'library',
    counts: { rows: 3, recorded: 3 },
  });
  const { rows } = await world.database.owner.query(
    `select distinct lent_on from loan where source_system = 'library'`,
  );
  expect(rows).toEqual([{ lent_on: '2026-10-01' }]);
  expect(await tables().look()).toEqual([]);
});

test('a later time finds it due again, and two processes at once deliver it once', async () => {
  const later = fixedClock(new Date(new Date(NOW).getTime() + 61 * 60_000).toISOString());
  const intake = world.another({ clock: later });
  const both = await Promise.all([tables({ intake }, later).look(), tables({ intake }, later).look()]);
  expect(both.flat()).toHaveLength(1);
  expect(both.flat()[0]).toMatchObject({ counts: { rows: 3, recorded: 0, unchanged: 3 } });
});

test('a large table comes by a cursor, every row of it once', async () => {
  await library.owner.query(
    `insert into lending select 'big-' || n, null, 'x', '621122', null, null, null from generate_series(1, $1) n`,
    [COUNT],
  );
  const muchLater = fixedClock(new Date(new Date(NOW).getTime() + 240 * 60_000).toISOString());
  const [status] = await tables({ intake: world.another({ clock: muchLater }) }, muchLater).look();
  expect(status).toMatchObject({ counts: { rows: COUNT + 3, faulty: COUNT } });
});

test('a source that fails keeps no other one from being read', async () => {
  const broken = { ...source, name: 'broken', sourceSystem: 'broken', relation: ['exchange', 'none'] } as const;
  const view = { ...source, name: 'view', sourceSystem: 'view', relation: ['exchange', 'loans'], columns: {} } as const;
  await world.database.owner.query(
    `create view exchange.loans as select key as "业务编号", name as "姓名", title as "题名", '2026-10-01'::date as "借出日期"
       from (values ('v-1', '王', '第二册')) as v (key, name, title)`,
  );
  await world.database.owner.query(`grant select on exchange.loans to ${quoteIdent(role)}`);
  const ended = await tables({ sources: [broken, view] }).look();
  expect(ended).toHaveLength(1);
  expect(ended[0]).toMatchObject({ sourceSystem: 'view', counts: { rows: 1 } });
});

test('settings that cannot be used name the file and the source', () => {
  const path = join(testFolder('sources'), 'sources.json');
  const read = (content: unknown) => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return () => readTableSources(path);
  };
  const one = {
    name: 'a',
    client: 'c',
    record: 'LOAN',
    sourceSystem: 's',
    relation: 'x.y',
    mode: 'delta',
    everyMinutes: 5,
  };
  expect(read({ sources: [one] })()).toMatchObject([{ relation: ['x', 'y'], mode: 'DELTA', columns: {} }]);
  expect(read('{')).toThrow(path);
  expect(read({ sources: [{ ...one, relation: 'y' }] })).toThrow('sources.0.relation');
  expect(read({ sources: [one, one] })).toThrow('two sources are named a');
});
