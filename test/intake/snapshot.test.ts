import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { education, loan, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.database.owner.query('delete from loan'));

const SNAPSHOT = { mode: 'SNAPSHOT' } as const;
const at = (day: string) => ({ ...SNAPSHOT, asOf: new Date(`2026-11-${day}T00:00:00+08:00`) });
const ended = async (): Promise<readonly (readonly [string, string])[]> => {
  const { rows } = await world.database.owner.query<{ key: string; on: string }>(
    `select source_key as key, ended_on::text as on from loan where ended_on is not null order by 1`,
  );
  return rows.map(({ key, on }) => [key, on]);
};

test('what a snapshot lacks has ended on the day before, with its old version kept; what comes back stands again', async () => {
  await world.delivered('LOAN', loans(1, 20), at('10'));
  const second = await world.delivered('LOAN', loans(2, 20), at('15'));
  expect(second).toMatchObject({ state: 'APPLIED', code: null, counts: { unchanged: 19, missing: 1, ended: 1 } });
  expect(await ended()).toEqual([['L-1', '2026-11-14']]);
  const { rows } = await world.database.owner.query(
    `select content->>'ended_on' as ended from record_history where source_key = 'L-1'`,
  );
  expect(rows).toEqual([{ ended: null }]);

  const third = await world.delivered('LOAN', loans(1, 20), at('20'));
  expect(third.counts).toMatchObject({ changed: 1, unchanged: 19, ended: 0 });
  expect(await ended()).toEqual([]);
});

test('a delta ends nothing', async () => {
  await world.delivered('LOAN', loans(1, 5));
  expect((await world.delivered('LOAN', [loan(1)])).counts).toMatchObject({ missing: 0, ended: 0 });
  expect(await ended()).toEqual([]);
});

test('more missing than the set share: everything else is applied, nothing ends until somebody has looked', async () => {
  await world.delivered('LOAN', loans(1, 20), at('10'));
  const id = await world.staged('LOAN', [...loans(1, 15), loan(21)], at('15'));
  await world.intake.preview(education, id, world.context);
  const preview = await world.intake.settled(id);
  await world.intake.apply(education, id, {}, world.context);
  const applied = await world.intake.settled(id);
  expect(applied).toMatchObject({ state: 'APPLIED', code: 'TOO_MANY_MISSING' });
  expect(applied.counts).toMatchObject({ recorded: 1, unchanged: 15, missing: 5, ended: 0 });
  expect(preview).toMatchObject({ code: 'TOO_MANY_MISSING', counts: applied.counts });
  expect(await world.findings(id)).toEqual([[0, '', 'TOO_MANY_MISSING']]);
  expect(await ended()).toEqual([]);

  const confirmed = await world.intake.apply(education, id, { endAll: true }, world.context);
  expect(confirmed).toMatchObject({ state: 'APPLIED', code: null, counts: { missing: 5, ended: 5 } });
  expect(await ended()).toHaveLength(5);
});

test('a row with a fault was delivered all the same: its record does not end', async () => {
  await world.delivered('LOAN', loans(1, 20), at('10'));
  const { counts } = await world.delivered('LOAN', [loan(1, { lentOn: '?' }), ...loans(2, 20)], at('15'));
  expect(counts).toMatchObject({ faulty: 1, missing: 0, ended: 0 });
});

test('a snapshot of a county ends what was delivered for that county, and nothing of another or of everywhere', async () => {
  await world.delivered('LOAN', loans(1, 10), { ...at('10'), region: '621122' });
  await world.delivered('LOAN', loans(11, 20), { ...at('10'), region: '621121' });
  await world.delivered('LOAN', loans(21, 30), at('10'));
  const { counts } = await world.delivered('LOAN', loans(2, 10), { ...at('15'), region: '621122' });
  expect(counts).toMatchObject({ unchanged: 9, missing: 1, ended: 1 });
  expect((await ended()).map(([key]) => key)).toEqual(['L-1']);
});

test('an older snapshot ends nothing that is younger', async () => {
  await world.delivered('LOAN', loans(1, 20), at('10'));
  await world.delivered('LOAN', [loan(21)], { mode: 'DELTA', asOf: new Date('2026-11-15T00:00:00+08:00') });
  const { counts } = await world.delivered('LOAN', loans(1, 20), at('12'));
  expect(counts).toMatchObject({ unchanged: 20, missing: 0, ended: 0 });
});

test('confirming after the rows were forgotten is refused: everything would seem missing', async () => {
  await world.delivered('LOAN', loans(1, 20), at('10'));
  const { id } = await world.delivered('LOAN', loans(1, 15), at('15'));
  await world.database.server.query('select forget_delivered_rows($1)', [new Date('2026-11-01T00:00:00Z')]);
  const { rows: kept } = await world.database.owner.query('select from delivery_row where delivery_id = $1', [id]);
  expect(kept).toHaveLength(15);
  await world.database.server.query('select forget_delivered_rows($1)', [new Date('2099-01-01T00:00:00Z')]);
  const { rows: gone } = await world.database.owner.query('select from delivery_row where delivery_id = $1', [id]);
  expect(gone).toHaveLength(0);
  await expect(world.intake.apply(education, id, { endAll: true }, world.context)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  expect(await ended()).toEqual([]);
});
