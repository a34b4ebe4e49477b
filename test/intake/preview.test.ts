/** What a preview tells, what it keeps (nothing), and that it is in nobody's way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { education, loan, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** What a preview may move in the row of the delivery itself. */
const PROGRESS = `array['state', 'code', 'seen_at', 'applied_through', 'lease_by', 'lease_until', 'recorded_count', 'changed_count',
  'unchanged_count', 'rejected_count', 'held_count', 'conflict_count', 'missing_count', 'ended_count', 'asked_by', 'end_all']`;

/** A digest of every table. */
async function everything(): Promise<Readonly<Record<string, string>>> {
  const { owner } = world.database;
  const { rows: tables } = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = 'public' order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await owner.query<{ digest: string }>(
      `select coalesce(md5(string_agg(row::text, '|' order by row::text)), '') as digest
       from (select to_jsonb(t)${name === 'delivery' ? ` - ${PROGRESS}` : ''} as row from ${name} t) as of`,
    );
    digests[name] = rows[0]?.digest ?? '';
  }
  return digests;
}

const preview = async (id: string) => {
  await world.intake.preview(education, id, world.context);
  return world.intake.settled(id);
};

test('nothing is kept in any table: neither persons nor reviews, conflicts, findings or feeds', async () => {
  await world.delivered('LOAN', loans(1, 20), { mode: 'SNAPSHOT', asOf: new Date('2026-11-10T00:00:00Z') });
  const other = loan(3);
  const id = await world.staged(
    'LOAN',
    [
      ...loans(2, 18),
      loan(19, { title: '改' }),
      loan(20, { sourceKey: 'L-other', name: other['name'] ?? '' }),
      loan(21),
      loan(22, { region: '999999' }),
      loan(23, { idNumber: '', name: '某' }),
      loan(24, { title: 'forbidden' }),
    ],
    { mode: 'SNAPSHOT' },
  );
  const before = await everything();
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['person', 'match_review', 'registry_conflict', 'loan']));
  const told = await preview(id);
  expect(told).toMatchObject({ state: 'PREVIEWED', counts: { unchanged: 17, changed: 1, rejected: 1 } });
  expect(told.counts.missing).toBeGreaterThan(0);
  expect(await everything()).toEqual(before);
});

test('it is worked on in the background: the delivery shows how far it is, and counts so far', async () => {
  const id = await world.staged('LOAN', loans(101, 300));
  const begun = await world.intake.preview(education, id, world.context);
  expect(begun).toMatchObject({ state: 'PREVIEWING', appliedThrough: 0, counts: { recorded: 0 } });
  const seen: number[] = [];
  for (;;) {
    const { state, appliedThrough, counts } = await world.intake.settled(id, 0);
    expect(counts.recorded).toBe(appliedThrough);
    seen.push(appliedThrough);
    if (state !== 'PREVIEWING') break;
    await sleep(2);
  }
  expect(seen.some((row) => row > 0 && row < 200)).toBe(true);
  expect(await world.intake.settled(id)).toMatchObject({ state: 'PREVIEWED', counts: { recorded: 200 } });
});

test('asked for twice it is worked on once; asked for again later it says what would happen then', async () => {
  const id = await world.staged('LOAN', loans(401, 420));
  await Promise.all([1, 2, 3].map(() => world.intake.preview(education, id, world.context)));
  expect((await world.intake.settled(id)).counts).toMatchObject({ recorded: 20, unchanged: 0 });
  await world.delivered('LOAN', loans(401, 410));
  expect((await preview(id)).counts).toMatchObject({ recorded: 10, unchanged: 10 });
});

test('a delivery that is applied or withdrawn while it is previewed is counted once, or not at all', async () => {
  const [applied, withdrawn] = [
    await world.staged('LOAN', loans(501, 560)),
    await world.staged('LOAN', loans(561, 600)),
  ];
  for (const id of [applied, withdrawn]) await world.intake.preview(education, id, world.context);
  await world.intake.apply(education, applied, {}, world.context);
  await world.intake.withdraw(education, withdrawn, world.context);
  expect(await world.intake.settled(applied)).toMatchObject({ state: 'APPLIED', counts: { recorded: 60 } });
  expect((await world.intake.settled(withdrawn)).state).toBe('WITHDRAWN');
  await expect(world.intake.preview(education, applied, world.context)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

test('it waits for no delivery that is being applied, and none waits for it', async () => {
  const [stuck, other] = [await world.staged('LOAN', [loan(601)]), await world.staged('LOAN', [loan(602)])];
  const stick = (state: string) =>
    world.database.owner.query(
      `update delivery set state = $2, lease_by = gen_random_uuid(), lease_until = now() + interval '1 day' where id = $1`,
      [stuck, state],
    );
  await stick('APPLYING');
  expect((await preview(other)).state).toBe('PREVIEWED');
  await stick('PREVIEWING');
  await world.intake.apply(education, other, {}, world.context);
  expect((await world.intake.settled(other)).state).toBe('APPLIED');
});

test('one that was cut off is gone on with by another process, from where it was', async () => {
  const first = await openWorld({ chunk: 1 });
  try {
    const id = await first.staged('LOAN', loans(1, 40));
    await first.intake.preview(education, id, first.context);
    while ((await first.intake.settled(id, 0)).appliedThrough < 3) await sleep(2);
    await first.intake.close();
    const halted = await first.intake.settled(id, 0);
    expect(halted.state).toBe('PREVIEWING');
    expect(halted.appliedThrough).toBeLessThan(40);
    first.another().start();
    expect(await first.intake.settled(id)).toMatchObject({ state: 'PREVIEWED', counts: { recorded: 40 } });
  } finally {
    await first.close();
  }
});

test('a fault of the hub ends the preview and not the delivery', async () => {
  const broken = await openWorld({ matchSubjects: () => Promise.reject(new Error('a fault')) });
  try {
    const id = await broken.staged('LOAN', loans(1, 3));
    await broken.intake.preview(education, id, broken.context);
    expect(await broken.intake.settled(id)).toMatchObject({ state: 'STAGED', code: 'INTERNAL' });
  } finally {
    await broken.close();
  }
});

test('the ledger has it as a read', async () => {
  const id = await world.staged('LOAN', loans(701, 703));
  world.entries.length = 0;
  await preview(id);
  expect(world.entries.map(({ kind, coordinates, persons }) => [kind, coordinates, persons])).toEqual([
    ['READ', [['Mutation.previewDelivery']], []],
  ]);
});
