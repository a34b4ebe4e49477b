import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { explainOperations, indexesOfPages } from './explained.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ seeded: true });
}, 120_000);
afterAll(() => db.drop());

test('each documented reading operation is one statement that scans no big table, and chosen orders sort no lists', async () => {
  const explained = await explainOperations(db);
  const documented = readdirSync('schema/operations')
    .filter((file) => readFileSync(`schema/operations/${file}`, 'utf8').includes('\nquery '))
    .map((file) => file.replace('.graphql', ''));
  expect(explained.map(({ operation }) => operation)).toEqual(expect.arrayContaining(documented));
  for (const { operation, statements, scans, sorted, reached, characters } of explained) {
    expect({ operation, statements, scans }).toEqual({ operation, statements: 1, scans: [] });
    // What one small division holds may be sorted.
    if (operation.startsWith('recipients')) expect({ operation, few: sorted <= 100 }).toEqual({ operation, few: true });
    expect(reached).not.toEqual([]);
    expect(characters).toBeGreaterThan(100);
  }
});

test('a page is never read from the index of statistics, which fits its conditions and not its order', async () => {
  expect(await indexesOfPages(db)).toEqual([]);
});
