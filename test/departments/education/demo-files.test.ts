/** The files of the walk through the demo, which begins at the education department. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoFiles, writeDemoFiles } from '../../../seeds/index.ts';
import { parseItem } from '../../../src/aid/parse-item.ts';
import { readHeaders } from '../../../src/cli/aid/headers.ts';
import { nameKey, normaliseResidentId } from '../../../src/registry/identity/index.ts';
import { testDatabase, type TestDatabase } from '../../harness/database.ts';
import { load, TODAY } from '../../seeds/population.ts';

let database: TestDatabase;
let dir: string;
let files: DemoFiles;
beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(join(tmpdir(), 'hub-demo-'));
  await load(database.owner, 2_000);
  files = await writeDemoFiles({ pool: database.owner, dir });
});
afterAll(async () => {
  await database.drop();
  await rm(dir, { recursive: true });
});

const cellsOf = async (path: string): Promise<string[][]> => parse(await readFile(path, 'utf8'));

async function standing(idNumber: string): Promise<string> {
  const number = normaliseResidentId(idNumber);
  if (!number.ok) return 'malformed';
  const { rows } = await database.owner.query<{ standing: string; name_key: string }>(
    `select case
       when exists (select from recipient r where r.person_id = p.id
         and daterange(r.valid_from, r.valid_to, '[]') @> $2::date) then 'recipient'
       when exists (select from recipient r where r.person_id = p.id) then 'former'
       else 'never' end as standing, p.name_key
     from person_identifier i join person p on p.id = i.person_id where i.match_key = $1`,
    [number.key, TODAY],
  );
  return rows[0]?.standing ?? 'nobody';
}

test('the ten are five recipients, one former, two never, one nobody and one malformed number', async () => {
  const [header, ...rows] = await cellsOf(files.ten);
  expect(header).toEqual(['姓名', '身份证号', '个案编号']);
  expect(await Promise.all(rows.map(([, number = '']) => standing(number)))).toEqual([
    ...Array<string>(5).fill('recipient'),
    'former',
    'never',
    'never',
    'nobody',
    'malformed',
  ]);
});

test('the first eight come with their own cases of education, the last two with cases that are not registered', async () => {
  const [, ...rows] = await cellsOf(files.ten);
  const found = rows.map(async ([, number = '', caseNo = '']) => {
    const key = normaliseResidentId(number);
    const { rowCount } = await database.owner.query(
      `select from caseload c join person_identifier i on i.person_id = c.person_id
       where c.department = 'EDUCATION' and c.case_no = $1 and i.match_key = $2`,
      [caseNo, key.ok ? key.key : ''],
    );
    return rowCount;
  });
  expect(await Promise.all(found)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
});

test('one name of the ten does not agree', async () => {
  const [, ...rows] = await cellsOf(files.ten);
  const agree = rows.slice(0, 8).map(async ([name = '', number = '']) => {
    const key = normaliseResidentId(number);
    const found = await database.owner.query<{ name_key: string }>(
      'select name_key from person p join person_identifier i on i.person_id = p.id where match_key = $1',
      [key.ok ? key.key : ''],
    );
    return found.rows[0]?.name_key === nameKey(name);
  });
  expect(await Promise.all(agree)).toEqual([true, true, true, true, false, true, true, true]);
});

test('the three grants have headers that the hub reads, and not one fault', async () => {
  const [header = [], ...rows] = await cellsOf(files.grants);
  const fields = readHeaders(header);
  expect(rows.length).toBe(3);
  for (const row of rows) {
    const item = Object.fromEntries(fields.map((field, column) => [field, row[column]]));
    expect(parseItem(item, { department: 'EDUCATION', today: TODAY }).fault).toBeUndefined();
  }
});

test('the grants are for three recipients of three households, and not yet in the database', async () => {
  const [, ...rows] = await cellsOf(files.grants);
  const [, ...households] = await cellsOf(files.households);
  expect(households.map(([name]) => name)).toEqual(rows.map((row) => row[3]));
  expect(new Set(households.map((row) => row[2])).size).toBe(3);
  expect(await Promise.all(rows.map((row) => standing(row[4] ?? '')))).toEqual(['recipient', 'recipient', 'recipient']);
  const { rows: held } = await database.owner.query('select id from aid_grant where source_key = any($1::text[])', [
    rows.map((row) => row[0]),
  ]);
  expect(held).toEqual([]);
});

test('written again they are the same', async () => {
  const before = await Promise.all([files.ten, files.grants, files.households].map((path) => readFile(path, 'utf8')));
  const again = await writeDemoFiles({ pool: database.owner, dir });
  const after = await Promise.all([again.ten, again.grants, again.households].map((path) => readFile(path, 'utf8')));
  expect(after).toEqual(before);
});
