import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadReference } from '../../seeds/index.ts';
import { readRegionChanges, readRegions } from '../../seeds/reference/regions.ts';
import { readTable } from '../../seeds/reference/tables.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { testDatabase, type TestDatabase } from '../harness/database.ts';
import { figures } from './population.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const snapshot = async (): Promise<unknown> => {
  const tables = ['region', 'region_version', 'region_change'];
  const sql = tables.map((table) => `select xmin::text, t::text as row from ${table} t`).join(' union all ');
  return (await database.owner.query(`${sql} order by 2`)).rows;
};

test('loading is safe to repeat: the second time touches no row', async () => {
  const counts = await loadReference({ pool: database.owner });
  const before = await snapshot();
  expect(await inTransaction(database.owner, (client) => loadReference({ client }))).toEqual(counts);
  expect(await snapshot()).toEqual(before);
  expect(await figures(database.owner, 'select count(*) as n from region')).toEqual({ n: counts.regions });
});

test('both provinces are there with all levels, and each division lies in the one above it', async () => {
  const { rows } = await database.owner.query(
    `select province_code as province, level, count(*)::int as n from region where valid_to is null
     group by 1, 2 order by 1, 2`,
  );
  expect(rows).toEqual([
    { province: '360000000000', level: 'COUNTY', n: 100 },
    { province: '360000000000', level: 'PREFECTURE', n: 11 },
    { province: '360000000000', level: 'PROVINCE', n: 1 },
    { province: '360000000000', level: 'TOWNSHIP', n: expect.any(Number) },
    { province: '620000000000', level: 'COUNTY', n: expect.any(Number) },
    { province: '620000000000', level: 'PREFECTURE', n: 14 },
    { province: '620000000000', level: 'PROVINCE', n: 1 },
    { province: '620000000000', level: 'TOWNSHIP', n: expect.any(Number) },
  ]);
  const orphans = await database.owner.query(
    `select r.code from region r left join region p on p.code = r.parent_code
     where (r.level = 'PROVINCE') <> (p.code is null) or r.valid_from < p.valid_from`,
  );
  expect(orphans.rows).toEqual([]);
});

test('every current county has townships', async () => {
  const { rows } = await database.owner.query(
    `select code, name from region r where level = 'COUNTY' and valid_to is null
     and not exists (select from region t where t.parent_code = r.code)`,
  );
  expect(rows).toEqual([]);
});

test('a county that was renamed has two versions that meet', async () => {
  const { rows } = await database.owner.query(
    `select name, valid_from, valid_to from region_version where code = '360402000000' order by valid_from`,
  );
  expect(rows).toEqual([
    { name: '庐山区', valid_from: '1900-01-01', valid_to: '2016-12-30' },
    { name: '濂溪区', valid_from: '2016-12-31', valid_to: null },
  ]);
});

test('a code that was replaced ends when its heir begins', async () => {
  const { rows } = await database.owner.query(
    `select c.from_code, c.to_code from region_change c
     join region old on old.code = c.from_code join region heir on heir.code = c.to_code
     where c.kind = 'RECODE' and (old.valid_to + 1 <> c.effective_on or heir.valid_from <> c.effective_on)`,
  );
  expect(rows).toEqual([]);
});

test('every change names its source and codes of the file', async () => {
  const known = new Set((await readRegions()).map((region) => region.code));
  for (const change of await readRegionChanges()) {
    expect(change.source).not.toBe('');
    expect(known).toContain(change.fromCode);
    expect(known).toContain(change.toCode);
  }
});

test.each([
  ['sex.csv', 4],
  ['marital-status.csv', 8],
  ['ethnicity.csv', 56],
  ['relation.csv', 84],
  ['education-level.csv', 8],
  ['disability-type.csv', 7],
])('%s has its %d codes, each once and with a name', async (file, count) => {
  const rows = await readTable(file);
  expect(rows.length).toBe(count);
  expect(new Set(rows.map((row) => row['code'])).size).toBe(count);
  for (const row of rows) expect(row['name']).toMatch(/\p{Script=Han}/u);
});
