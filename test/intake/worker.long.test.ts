import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { education, loan, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('several processes apply at once: every row once, no person twice', async () => {
  const others = [world.another(), world.another()];
  for (const other of others) other.start();
  const sources = ['a', 'b', 'c', 'd', 'e', 'f'];
  // The same people under other keys, from six sources.
  const ids = await Promise.all(sources.map((sourceSystem) => world.staged('LOAN', loans(1, 60), { sourceSystem })));
  await Promise.all(ids.map((id) => world.intake.apply(education, id, {}, world.context)));
  const done = await Promise.all(ids.map((id) => world.intake.settled(id)));
  expect(done.map(({ state, counts }) => [state, counts.recorded])).toEqual(sources.map(() => ['APPLIED', 60]));
  const { rows } = await world.database.owner.query(
    'select (select count(*)::int from person) as people, (select count(*)::int from loan) as loans',
  );
  expect(rows).toEqual([{ people: 60, loans: 360 }]);
});

test('a worker that is gone holds a delivery until its lease is over; the next one goes on where it ended', async () => {
  const rows = loans(101, 150);
  const id = await world.staged('LOAN', rows, { sourceSystem: 'gone' });
  await world.database.owner.query(
    `update delivery set lease_by = gen_random_uuid(), lease_until = now() + interval '400 ms' where id = $1`,
    [id],
  );
  await world.intake.apply(education, id, {}, world.context);
  expect((await world.intake.settled(id, 100)).state).toBe('APPLYING');
  expect(await world.intake.settled(id)).toMatchObject({ state: 'APPLIED', counts: { recorded: 50 } });
});

test('a process that closes ends after the chunk under way, and another finishes the delivery', async () => {
  const first = await openWorld({ chunk: 1 });
  try {
    const id = await first.staged('LOAN', loans(1, 60));
    await first.intake.apply(education, id, {}, first.context);
    while ((await first.intake.settled(id, 0)).appliedThrough < 3) await new Promise((go) => setTimeout(go, 5));
    await first.intake.close();
    const halted = await first.intake.settled(id, 0);
    expect(halted.state).toBe('APPLYING');
    expect(halted.counts.recorded).toBe(halted.appliedThrough);
    first.another().start();
    expect(await first.intake.settled(id)).toMatchObject({ state: 'APPLIED', counts: { recorded: 60 } });
  } finally {
    await first.close();
  }
});

test('a delivery of a source waits for an earlier one of it that is being applied', async () => {
  const early = await world.staged('LOAN', [loan(200, { title: '先' })], { sourceSystem: 'order' });
  const late = await world.staged('LOAN', [loan(200, { title: '后' })], { sourceSystem: 'order' });
  // Another process is at the early one, and dies.
  await world.database.owner.query(
    `update delivery set state = 'APPLYING', lease_by = gen_random_uuid(), lease_until = now() + interval '1 hour' where id = $1`,
    [early],
  );
  await world.intake.apply(education, late, {}, world.context);
  expect((await world.intake.settled(late, 100)).state).toBe('APPLYING');
  await world.database.owner.query(
    `update delivery dead set lease_until = now(), asked_by = late.asked_by from delivery late where dead.id = $1 and late.id = $2`,
    [early, late],
  );
  await world.intake.settled(late);
  const { rows } = await world.database.owner.query(`select title from loan where source_system = 'order'`);
  expect(rows).toEqual([{ title: '后' }]);
});

test('an upload that ends with an error is abandoned, and one that nobody goes on with is swept', async () => {
  const opening = { record: 'LOAN', mode: 'DELTA', asOf: new Date(0), format: 'CSV' } as const;
  const open = () => world.intake.openDelivery(education, opening, world.context);
  const broken = await open();
  await expect(
    world.intake.stage(
      broken,
      (async function* () {
        yield await Promise.resolve([{ rowNo: 1, cells: loan(1) }]);
        throw new Error('the line broke');
      })(),
    ),
  ).rejects.toThrow('the line broke');
  expect((await world.intake.settled(broken)).state).toBe('ABANDONED');

  const left = await open();
  await world.database.owner.query(`update delivery set seen_at = now() - interval '1 day' where id = $1`, [left]);
  const sweeper = world.another({ times: { look: 20, sweep: 0, abandonedAfter: 900, keptDays: 90 } });
  sweeper.start();
  for (let i = 0; i < 100 && (await world.intake.settled(left)).state === 'STAGING'; i += 1)
    await new Promise((go) => setTimeout(go, 20));
  expect((await world.intake.settled(left)).state).toBe('ABANDONED');
});

test('the same file is found by its digest unless it was withdrawn or failed, and then it may be sent again', async () => {
  const fileDigest = Buffer.alloc(32, 7);
  const id = await world.staged('LOAN', [loan(301)], { fileDigest });
  expect((await world.intake.findByDigest(education, 'LOAN', fileDigest))?.id).toBe(id);
  await world.intake.withdraw(education, id, world.context);
  expect(await world.intake.findByDigest(education, 'LOAN', fileDigest)).toBeUndefined();
  const failed = await world.staged('LOAN', [loan(302)], { fileDigest });
  expect((await world.intake.findByDigest(education, 'LOAN', fileDigest))?.id).toBe(failed);
  await world.database.owner.query(`update delivery set state = 'FAILED', finished_at = now() where id = $1`, [failed]);
  expect(await world.intake.findByDigest(education, 'LOAN', fileDigest)).toBeUndefined();
});
