import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '../../src/platform/database.ts';
import { education, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  // Whoever is called so is in doubt until the decision; everybody else is found.
  world = await openWorld({
    matchSubjects: async (tx, step) => {
      const { matchSubjects } = await import('../../src/matching/index.ts');
      const { rows } = await tx.query<{ doubt: boolean }>(`select to_regclass('pg_temp.decided') is null as doubt`);
      if (rows[0]?.doubt === true) await tx.query(`update intake_row set match = 'REVIEW' where row_no <= 3`);
      await matchSubjects(tx, step);
    },
  });
});
afterAll(() => world.close());

const statesOf = async (id: string): Promise<readonly string[]> => {
  const { rows } = await world.database.owner.query<{ state: string }>(
    `select state from delivery_row where delivery_id = $1 and row_no <= 3 order by row_no`,
    [id],
  );
  return rows.map(({ state }) => state);
};

const decide = (id: string, rowNos: readonly number[], drop: boolean): Promise<number> =>
  inTransaction(world.database.server, async (tx) => {
    await tx.query('create temporary table decided (id int) on commit drop');
    return world.intake.applyRows(tx, id, rowNos, { drop });
  });

test('rows in doubt are held, outlast the retention, and are applied or dropped by a decision, once', async () => {
  const { id, counts } = await world.delivered('LOAN', loans(1, 10));
  expect(counts).toMatchObject({ rows: 10, recorded: 7, held: 3 });
  expect(await world.findings(id)).toEqual([1, 2, 3].map((rowNo) => [rowNo, '', 'HELD_FOR_REVIEW']));

  await world.database.server.query('select forget_delivered_rows($1)', [new Date('2099-01-01T00:00:00Z')]);
  expect(await statesOf(id)).toEqual(['HELD', 'HELD', 'HELD']);

  expect(await decide(id, [1, 2], false)).toBe(2);
  expect(await decide(id, [3], true)).toBe(1);
  expect(await decide(id, [1, 2, 3], false)).toBe(0);
  expect(await statesOf(id)).toEqual(['DECIDED', 'DECIDED', 'DECIDED']);
  const { rows } = await world.database.owner.query('select source_key as key from loan order by source_key');
  expect(rows.map(({ key }: { key: string }) => key)).toEqual([
    'L-1',
    'L-10',
    'L-2',
    'L-4',
    'L-5',
    'L-6',
    'L-7',
    'L-8',
    'L-9',
  ]);
  expect((await world.intake.find(education, id))?.counts).toMatchObject({ recorded: 9, rejected: 1, held: 0 });

  await world.database.server.query('select forget_decided_rows()');
  expect(await statesOf(id)).toEqual([]);
});

test('a decision that leaves a row in doubt leaves it held', async () => {
  const { id } = await world.delivered('LOAN', loans(21, 24));
  const still = await inTransaction(world.database.server, (tx) => world.intake.applyRows(tx, id, [1]));
  expect(still).toBe(0);
  expect(await statesOf(id)).toEqual(['HELD', 'HELD', 'HELD']);
});
