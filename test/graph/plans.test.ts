import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { explainOperations } from './explained.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ seeded: true });
}, 120_000);
afterAll(() => db.drop());

test('each documented reading operation is one statement that scans no big table', async () => {
  const explained = await explainOperations(db);
  expect(explained).toHaveLength(10);
  for (const { operation, statements, scans, reached, characters } of explained) {
    expect({ operation, statements, scans }).toEqual({ operation, statements: 1, scans: [] });
    expect(reached).not.toEqual([]);
    expect(characters).toBeGreaterThan(100);
  }
});
