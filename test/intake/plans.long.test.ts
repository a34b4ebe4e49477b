/** What a chunk reads grows with its rows and not with their square, though nothing was ever analysed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Step } from '../../src/intake/index.ts';
import { fillStep, runStep } from '../../src/intake/step.ts';
import { matchSubjects } from '../../src/matching/index.ts';
import { NOW } from '../harness/engine.ts';
import { watched } from '../harness/looks.ts';
import { LOAN, education, loan, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const ROWS = 2_000;
/** Rows that any node of a plan may look at, for each row of the chunk. */
const MOST_EACH = 40;

/** What is looked at too often while the rows become records, and what became of them. */
async function looks(rows: readonly Record<string, string>[]): Promise<{ told: string[]; recorded: number }> {
  const id = await world.staged('LOAN', rows);
  const told: string[] = [];
  const tx = await world.database.server.connect();
  try {
    await tx.query('begin');
    const delivery: Step['delivery'] = {
      id,
      department: 'EDUCATION',
      sourceSystem: 'education',
      record: 'LOAN',
      mode: 'DELTA',
      asOf: new Date(NOW),
      regionCode: null,
      client: education.client,
    };
    const step = { kind: LOAN, delivery, at: new Date(NOW), preview: false };
    const range = { from: 0, through: rows.length };
    const watching = watched(tx, MOST_EACH * ROWS, told);
    const filled = await fillStep(watching, step, range, matchSubjects);
    const { recorded } = await runStep(watching, step, range, matchSubjects, filled);
    await tx.query('commit');
    return { told, recorded };
  } finally {
    tx.release();
  }
}

const rowsFrom = (first: number, home: (n: number) => string): Record<string, string>[] =>
  Array.from({ length: ROWS }, (_, n) => loan(first + n, { region: home(n) }));

test('thousands of new persons, of villages that no list has any more', async () => {
  const { told, recorded } = await looks(rowsFrom(1, (n) => `621122${String(100_001 + n)}`));
  expect(told).toEqual([]);
  expect(recorded).toBeGreaterThan(ROWS * 0.9);
}, 120_000);

test('the same persons again, with other rows, at homes of today', async () => {
  const { told, recorded } = await looks(
    rowsFrom(1, () => '621122').map((row) => ({ ...row, sourceKey: `${row['sourceKey'] ?? ''}-2` })),
  );
  expect(told).toEqual([]);
  expect(recorded).toBeGreaterThan(ROWS * 0.9);
}, 120_000);
