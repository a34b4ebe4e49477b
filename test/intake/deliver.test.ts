import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { education, housing, loan, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const count = async (sql: string, params: readonly unknown[] = []): Promise<number> => {
  const { rows } = await world.database.owner.query<{ n: string }>(`select count(*) as n from ${sql}`, [...params]);
  return Number(rows[0]?.n);
};

test('rows are recorded once, with where they came from; the same file again changes nothing', async () => {
  const first = await world.delivered('LOAN', loans(1, 20));
  expect(first).toMatchObject({ state: 'APPLIED', counts: { rows: 20, recorded: 20, faulty: 0, held: 0 } });
  const before = await world.database.owner.query('select * from loan order by id');
  const people = await count('person');

  const again = await world.delivered('LOAN', loans(1, 20), { asOf: new Date('2026-11-21T00:00:00Z') });
  expect(again).toMatchObject({ state: 'APPLIED', counts: { rows: 20, recorded: 0, unchanged: 20 } });
  expect((await world.database.owner.query('select * from loan order by id')).rows).toEqual(before.rows);
  expect(await count('person')).toBe(people);
  expect(await count('record_history')).toBe(0);
});

test('one bad row among good ones costs no other; the finding names row, field and code', async () => {
  const rows = [
    loan(101),
    loan(102, { lentOn: '2026-02-30' }),
    undefined,
    loan(104, { title: '' }),
    loan(105, { lentOn: '2027-01-01' }),
    loan(106, { title: 'forbidden' }),
    loan(107),
  ];
  const { id, counts, state } = await world.delivered('LOAN', rows);
  expect(state).toBe('APPLIED');
  expect(counts).toMatchObject({ rows: 7, faulty: 4, recorded: 2, rejected: 1 });
  expect(await world.findings(id)).toEqual([
    [2, 'lentOn', 'BAD_DATE'],
    [3, '', 'UNREADABLE_ROW'],
    [4, 'title', 'MISSING_FIELD'],
    [5, 'lentOn', 'FUTURE_DATE'],
    [6, '', 'NOT_RECORDABLE'],
  ]);
});

test('a change keeps the old version; what is older than what is held is not taken', async () => {
  await world.delivered('LOAN', [loan(201)]);
  const changed = await world.delivered('LOAN', [loan(201, { title: '新书' })]);
  expect(changed.counts).toMatchObject({ changed: 1, recorded: 0 });
  const { rows } = await world.database.owner.query(
    `select h.content->>'title' as old, t.title as now from record_history h join loan t on t.id = h.row_id
     where t.source_key = 'L-201'`,
  );
  expect(rows).toEqual([{ old: '第201册', now: '新书' }]);

  const late = await world.delivered('LOAN', [loan(201)], { asOf: new Date('2026-11-01T00:00:00Z') });
  expect(late.counts).toMatchObject({ rejected: 1, changed: 0 });
  expect(await world.findings(late.id)).toEqual([[1, 'sourceKey', 'OLDER_THAN_HELD']]);
});

test('a key that comes twice: the same content stands once, different contents are refused and name each other', async () => {
  const rows = [loan(301), loan(302), loan(301), loan(302, { title: '另一册' }), loan(303)];
  const { id, counts } = await world.delivered('LOAN', rows);
  expect(counts).toMatchObject({ rows: 5, repeated: 1, faulty: 2, recorded: 2 });
  const { rows: found } = await world.database.owner.query(
    'select row_no, other_row, code from delivery_finding where delivery_id = $1 order by row_no',
    [id],
  );
  expect(found).toEqual([
    { row_no: 2, other_row: 4, code: 'DUPLICATE_KEY' },
    { row_no: 4, other_row: 2, code: 'DUPLICATE_KEY' },
  ]);
});

test('what is given once only is refused the second time, within a delivery and against what is held', async () => {
  const one = await world.delivered('LOAN', [loan(401, { copyNo: 'C1' }), loan(402, { copyNo: 'C1' })]);
  expect(one.counts).toMatchObject({ recorded: 1, rejected: 1 });
  const two = await world.delivered('LOAN', [loan(403, { copyNo: 'C1' })]);
  expect(await world.findings(two.id)).toEqual([[1, 'copyNo', 'ALREADY_HELD']]);
});

test('a record of nobody needs no person', async () => {
  const people = await count('person');
  const { counts } = await world.delivered('SHELF', [
    { sourceKey: 'S1', books: '12' },
    { sourceKey: 'S2', books: '1,001' },
  ]);
  expect(counts).toMatchObject({ recorded: 1, faulty: 1 });
  expect(await count('person')).toBe(people);
});

test('a preview keeps nothing and counts what applying then counts', async () => {
  const rows = [
    ...loans(501, 515),
    loan(501),
    loan(1, { title: '改' }),
    loan(2),
    loan(516, { idNumber: '', name: '某' }),
  ];
  const id = await world.staged('LOAN', rows);
  const held = await count('loan');
  const people = await count('person');
  await world.intake.preview(education, id, world.context);
  const preview = await world.intake.settled(id);
  expect([await count('loan'), await count('person')]).toEqual([held, people]);
  await world.intake.apply(education, id, {}, world.context);
  const applied = await world.intake.settled(id);
  expect(preview.counts).toEqual(applied.counts);
  expect(applied.counts).toMatchObject({ recorded: 15, repeated: 1, changed: 1, unchanged: 1 });
});

test('a home under a code that is gone is recorded under today’s; one that was split keeps its code', async () => {
  await world.delivered('LOAN', [
    loan(601, { region: '360721' }),
    loan(602, { region: '360782' }),
    loan(603, { region: '620922' }),
  ]);
  const { rows } = await world.database.owner.query(
    `select l.source_key as key, p.county_code as county, p.province_code as province
     from loan l join person p on p.id = l.person_id where l.source_key in ('L-601', 'L-602', 'L-603') order by 1`,
  );
  expect(rows).toEqual([
    { key: 'L-601', county: '360704000000', province: '360000000000' },
    { key: 'L-602', county: '360782000000', province: '360000000000' },
    { key: 'L-603', county: '620922000000', province: '620000000000' },
  ]);
});

test('whoever reads what was read sees nothing of another department’s delivery', async () => {
  const id = await world.staged('LOAN', [loan(701)]);
  expect(await world.intake.find(housing, id)).toBeUndefined();
  for (const act of ['preview', 'withdraw'] as const)
    await expect(world.intake[act](housing, id, world.context)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(world.intake.apply(housing, id, {}, world.context)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const opening = { record: 'LOAN', mode: 'DELTA', asOf: new Date(0), format: 'CSV' } as const;
  await expect(world.intake.openDelivery(housing, opening, world.context)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  expect((await world.intake.withdraw(education, id, world.context)).state).toBe('WITHDRAWN');
});

test('only systems and registrars deliver, and for that purpose', async () => {
  const opening = { record: 'LOAN', mode: 'DELTA', asOf: new Date(0), format: 'CSV' } as const;
  const open = (change: object) => world.intake.openDelivery({ ...education, ...change }, opening, world.context);
  await expect(open({ role: 'STEWARD' })).rejects.toMatchObject({ code: 'OPERATION_DENIED' });
  await expect(open({ purpose: 'AID_REPORTING' })).rejects.toMatchObject({ code: 'PURPOSE_NOT_ALLOWED' });
  await expect(open({ purpose: undefined })).rejects.toMatchObject({ code: 'PURPOSE_REQUIRED' });
  expect(world.entries.slice(-3).map(({ decision, reason }) => [decision, reason])).toEqual([
    ['REFUSED', 'OPERATION_DENIED'],
    ['REFUSED', 'PURPOSE_NOT_ALLOWED'],
    ['REFUSED', 'PURPOSE_REQUIRED'],
  ]);
});

test('the ledger names the persons whose records were written, and the delivery moves its feed', async () => {
  world.entries.length = 0;
  await world.delivered('LOAN', loans(801, 810), { asOf: new Date('2026-11-22T01:00:00Z') });
  const told = world.entries.filter(({ coordinates }) => coordinates[0]?.[0] === 'Mutation.applyDelivery');
  expect(told.flatMap(({ persons }) => persons)).toHaveLength(10);
  expect(told.every(({ purpose, client }) => purpose === 'DATA_SUPPLY' && client === education.client)).toBe(true);
  const { rows } = await world.database.owner.query(
    `select department, as_of from feed where source_system = 'education' and record = 'LOAN' and region_code is null`,
  );
  expect(rows).toEqual([{ department: 'EDUCATION', as_of: new Date('2026-11-22T02:00:00Z') }]);
});
