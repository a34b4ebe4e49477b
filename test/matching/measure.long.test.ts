import { expect, test } from '@jest/globals';
import { GOALS, measureMatching } from '../../seeds/truth/measure.ts';
import { testDatabase } from '../harness/database.ts';

test('of 40,000 rows about known people, what is certain is right, and hardly anybody known is missed', async () => {
  const database = await testDatabase();
  try {
    const measured = await measureMatching({ pool: database.server, persons: 40_000, seed: 20_261_122 });
    expect(measured.total.rows).toBe(40_000);
    expect(measured.precision).toBeGreaterThanOrEqual(GOALS.precision);
    expect(measured.recall).toBeGreaterThanOrEqual(GOALS.recall);
  } finally {
    await database.drop();
  }
}, 300_000);
