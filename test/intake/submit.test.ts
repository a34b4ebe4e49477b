import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { education, housing, loan, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const submit = async (
  items: readonly Readonly<Record<string, unknown>>[],
  { caller = education, record = 'LOAN', dryRun = false } = {},
) => {
  const submission = { record, items: items.map((fields) => ({ fields })), dryRun };
  const { results, deliveryId } = await world.intake.submit(caller, submission, world.context);
  return { deliveryId, told: results.map(({ outcome, code, field }) => [outcome, code, field]), results };
};

test('each item has its own result, in order, and a bad one costs no other', async () => {
  const { told, results } = await submit([
    loan(1),
    loan(2, { lentOn: 'yesterday' }),
    { ...loan(3), lenton: '2026-01-01' },
    { ...loan(4), deposit: 12.5 },
    { ...loan(5), title: { nested: true } },
    loan(6, { idNumber: '62' }),
    loan(1),
    loan(7, { sourceKey: 'X' }),
    loan(8, { sourceKey: 'X' }),
  ]);
  expect(told).toEqual([
    ['RECORDED', null, null],
    ['REJECTED', 'BAD_DATE', 'lentOn'],
    ['REJECTED', 'UNKNOWN_FIELD', ''],
    ['RECORDED', null, null],
    ['REJECTED', 'BAD_TEXT', 'title'],
    ['REJECTED', 'NOT_IDENTIFIED', 'idNumber'],
    ['RECORDED', null, null],
    ['REJECTED', 'DUPLICATE_KEY', 'sourceKey'],
    ['REJECTED', 'DUPLICATE_KEY', 'sourceKey'],
  ]);
  expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const { rows } = await world.database.owner.query(
    'select source_key as key, deposit_fen as fen from loan order by 1',
  );
  expect(rows).toEqual([
    { key: 'L-1', fen: null },
    { key: 'L-4', fen: '1250' },
  ]);
});

test('sent again nothing changes; a changed item is changed', async () => {
  await submit([loan(11), loan(12)]);
  const before = await world.database.owner.query('select * from loan order by id');
  expect((await submit([loan(12), loan(11)])).told.map(([outcome]) => outcome)).toEqual(['UNCHANGED', 'UNCHANGED']);
  expect((await world.database.owner.query('select * from loan order by id')).rows).toEqual(before.rows);
  expect((await submit([loan(11, { title: '改' })])).told.map(([outcome]) => outcome)).toEqual(['CHANGED']);
});

test('a dry run tells the same, keeps nothing and is on record as a read', async () => {
  world.entries.length = 0;
  const items = [loan(21), loan(11), loan(22, { title: '' })];
  const { rows: before } = await world.database.owner.query('select count(*) as n from delivery_row');
  const dry = await submit(items, { dryRun: true });
  expect(dry.deliveryId).toBeNull();
  expect((await world.database.owner.query('select count(*) as n from delivery_row')).rows).toEqual(before);
  expect(world.entries.map(({ kind, decision }) => [kind, decision])).toEqual([['READ', 'ALLOWED']]);
  expect(dry.told).toEqual((await submit(items)).told);
});

test('another department’s kind, too many items and another’s region are refused before anything is written', async () => {
  await expect(submit([loan(31)], { caller: housing })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(submit(Array.from({ length: 1_001 }, (_, n) => loan(n)))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  const away = { ...education, regions: ['360000000000'] };
  const submission = { record: 'LOAN', region: '621122', items: [{ fields: loan(32) }] };
  await expect(world.intake.submit(away, submission, world.context)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('what a client sends as prototype or constructor is a field like any other', async () => {
  const odd: unknown = JSON.parse('{"__proto__": "y", "sourceKey": "P"}');
  const { told } = await submit([{ ...loan(41), constructor: 'x' }, Object(odd)]);
  expect(told.map(([outcome]) => outcome)).toEqual(['REJECTED', 'REJECTED']);
});
