import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestDatabase } from '../harness/database.ts';
import { testDatabase } from '../harness/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('a test database has the tables of the migrations, and nobody in it', async () => {
  const { rows } = await database.server.query<{ count: string }>('select count(*) from person');
  expect(rows).toEqual([{ count: '0' }]);
});
