import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadSynthetic } from '../../seeds/synthetic/load.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW } from '../harness/engine.ts';
import { explainOperations } from './explained.ts';

const PERSONS = 1_000_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await loadSynthetic({ pool: db.owner, persons: PERSONS, seed: 1, today: NOW.slice(0, 10) });
  await db.owner.query('vacuum (analyze)');
}, 600_000);
afterAll(() => db.drop(), 60_000);

test('with a million persons each documented reading operation is still one statement that scans no big table', async () => {
  const { rows } = await db.owner.query<{ persons: number }>('select count(*)::int as persons from person');
  expect(rows[0]?.persons).toBe(PERSONS);
  for (const { operation, statements, scans, sorted, reached, characters } of await explainOperations(db)) {
    expect({ operation, statements, scans }).toEqual({ operation, statements: 1, scans: [] });
    if (operation.startsWith('recipients')) expect({ operation, few: sorted <= 100 }).toEqual({ operation, few: true });
    expect(reached).not.toEqual([]);
    expect(characters).toBeGreaterThan(100);
  }
}, 120_000);
