import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { line, LONGXI, openCivilAffairs, STATE } from './world.ts';
import type { Cells, CivilAffairsWorld } from './world.ts';

let world: CivilAffairsWorld;
beforeAll(async () => {
  world = await openCivilAffairs();
});
afterEach(() => world.forget());
afterAll(() => world.close());

const enrolments = () =>
  world.rows(`select certificate_no, programme, urban_rural, category, amount_fen, top_up_fen, status, valid_from, valid_to
    from enrolment order by certificate_no`);
const events = () =>
  world.rows(`select e.certificate_no, v.kind, v.effective_on, v.amount_fen from enrolment_event v
    join enrolment e on e.id = v.enrolment_id order by 1, v.effective_on, v.kind`);
/** Who is on the list of a day, by name. */
const onDay = async (day: string) =>
  (
    await world.rows(
      `select p.name from recipient t join person p on p.id = t.person_id
       where $1 between t.valid_from and coalesce(t.valid_to, 'infinity') order by 1`,
      [day],
    )
  ).map(({ name }) => name);

/** A couple and their child. */
const family: readonly Cells[] = [
  line('D1', 1, {
    householdNo: 'H1',
    category: '二类',
    topUp: '60',
    causes: '因病、因残',
    account: '6299000011112222',
  }),
  line('D1', 2, { householdNo: 'H1', relation: '配偶', amount: '' }),
  line('D1', 3, { householdNo: 'H1', relation: '长子', amount: '', role: '不享受' }),
];

test('the lines of one certificate make one household, its enrolment, its members and who benefits', async () => {
  const { counts, state } = await world.deliver('ENROLMENT', family);
  expect([state, counts.recorded]).toEqual(['APPLIED', 3]);
  expect(await enrolments()).toEqual([
    {
      certificate_no: 'D1',
      programme: 'DIBAO',
      urban_rural: 'RURAL',
      category: 'B',
      amount_fen: '80000',
      top_up_fen: '6000',
      status: 'ACTIVE',
      valid_from: '2026-01-01',
      valid_to: null,
    },
  ]);
  expect(await world.rows('select relation, role from membership order by 1')).toEqual([
    { relation: '02', role: 'APPLICANT' },
    { relation: '10', role: 'BENEFICIARY' },
    { relation: '22', role: 'COUNTED_NOT_BENEFICIARY' },
  ]);
  expect(await world.rows('select member_count, urban_rural, county_code from household')).toEqual([
    { member_count: 3, urban_rural: 'RURAL', county_code: LONGXI },
  ]);
  expect(await onDay('2026-11-22')).toEqual(['张丙', '张乙']);
  expect(await onDay('2025-12-31')).toEqual([]);
  expect(await events()).toEqual([
    { certificate_no: 'D1', kind: 'NEW', effective_on: '2026-01-01', amount_fen: '80000' },
  ]);
});

test('the same list again changes nothing', async () => {
  await world.deliver('ENROLMENT', family);
  const before = await world.rows(STATE);
  const versions = await world.rows('select count(*) from record_history');
  const { counts } = await world.deliver('ENROLMENT', family, { asOf: '2026-11-21' });
  expect(counts).toMatchObject({ recorded: 0, changed: 0, unchanged: 3 });
  expect(await world.rows(STATE)).toEqual(before);
  expect(await world.rows('select count(*) from record_history')).toEqual(versions);
});

describe('what differs from the list before is an event', () => {
  const next = async (cells: Cells): Promise<unknown> => {
    await world.deliver('ENROLMENT', [line('D1', 1)], { asOf: '2026-10-10' });
    await world.deliver('ENROLMENT', [line('D1', 1, cells)], { asOf: '2026-11-05' });
    return (await events()).at(-1);
  };
  test.each([
    ['raised', { amount: '900' }, { kind: 'ADJUST_UP', effective_on: '2026-11-01', amount_fen: '90000' }],
    ['lowered', { amount: '700' }, { kind: 'ADJUST_DOWN', effective_on: '2026-11-01', amount_fen: '70000' }],
    ['a top-up', { topUp: '30' }, { kind: 'ADJUST_UP', effective_on: '2026-11-01', amount_fen: '80000' }],
    ['suspended', { status: '暂停' }, { kind: 'SUSPEND', effective_on: '2026-11-01', amount_fen: null }],
    [
      'stopped',
      { status: '停发', endMonth: '2026-10' },
      { kind: 'STOP', effective_on: '2026-10-31', amount_fen: null },
    ],
  ])('%s', async (_what, cells, event) => {
    expect(await next(cells)).toMatchObject(event);
  });
  test('suspended and restored: nobody benefits in between', async () => {
    await next({ status: '暂停' });
    expect(await onDay('2026-11-10')).toEqual([]);
    await world.deliver('ENROLMENT', [line('D1', 1, { status: '正常', amount: '810' })], { asOf: '2026-11-21' });
    expect((await events()).map(({ kind }) => kind).sort()).toEqual(['NEW', 'RESTORE', 'SUSPEND']);
  });
});

test('as of an earlier month it is still the list of that month', async () => {
  await world.deliver('ENROLMENT', [line('D1', 1), line('D2', 2)], { asOf: '2026-08-20' });
  await world.deliver(
    'ENROLMENT',
    [line('D2', 2, { status: '停发', endMonth: '2026-08' }), line('D3', 3, { startMonth: '2026-09' })],
    {
      asOf: '2026-09-20',
    },
  );
  await world.deliver('ENROLMENT', [line('D1', 1, { category: 'A' })], { asOf: '2026-10-20' });
  expect(await onDay('2026-08-31')).toEqual(['张丙', '张乙']);
  expect(await onDay('2026-09-30')).toEqual(['张丁', '张乙']);
  expect(await onDay('2026-10-31')).toEqual(['张丁', '张乙']);
  const classes = await world.rows(`select t.category, t.valid_from, t.valid_to from recipient t
    join enrolment e on e.id = t.enrolment_id where e.certificate_no = 'D1' order by t.valid_from`);
  expect(classes).toEqual([
    { category: null, valid_from: '2026-01-01', valid_to: '2026-09-30' },
    { category: 'A', valid_from: '2026-10-01', valid_to: null },
  ]);
});

test('an older list never takes the place of a newer one', async () => {
  await world.deliver('ENROLMENT', [line('D1', 1, { amount: '900' })], { asOf: '2026-10-20' });
  const older = await world.deliver('ENROLMENT', [line('D1', 1, { amount: '700' })], { asOf: '2026-09-20' });
  expect(await world.findings(older.id)).toEqual([[1, 'sourceKey', 'OLDER_THAN_HELD']]);
  expect((await enrolments())[0]).toMatchObject({ amount_fen: '90000' });
});

test('who is not on a county list any more has had the last benefit the month before; the rest of the household goes on', async () => {
  const list = [...family, line('D2', 4), line('D3', 5), line('D4', 6)];
  await world.deliver('ENROLMENT', list, { asOf: '2026-10-20', mode: 'SNAPSHOT', region: LONGXI });
  const left = list.filter(({ sourceKey }) => sourceKey !== 'D1-2' && sourceKey !== 'D2-4');
  const { counts } = await world.deliver('ENROLMENT', left, {
    asOf: '2026-11-20',
    mode: 'SNAPSHOT',
    region: LONGXI,
    endAll: true,
  });
  expect(counts).toMatchObject({ unchanged: 4, missing: 2, ended: 2 });
  expect(await onDay('2026-10-31')).toEqual(['张丙', '张乙', '张己', '张庚', '张戊'].sort());
  expect(await onDay('2026-11-01')).toEqual(['张乙', '张己', '张庚'].sort());
  expect((await events()).filter(({ kind }) => kind === 'STOP')).toEqual([
    { certificate_no: 'D2', kind: 'STOP', effective_on: '2026-10-31', amount_fen: null },
  ]);
  expect(await world.rows(`select relation, valid_to from membership where valid_to is not null`)).toEqual([
    { relation: '10', valid_to: '2026-10-31' },
  ]);
});

test('a snapshot that lacks more than the set share ends nobody before somebody confirms', async () => {
  const list = [1, 2, 3, 4].map((n) => line(`D${n}`, n));
  await world.deliver('ENROLMENT', list, { asOf: '2026-10-20', mode: 'SNAPSHOT', region: LONGXI });
  const { counts } = await world.deliver('ENROLMENT', list.slice(0, 1), { mode: 'SNAPSHOT', region: LONGXI });
  expect(counts).toMatchObject({ missing: 3, ended: 0 });
  expect(await onDay('2026-11-22')).toHaveLength(4);
});

test('a person of two households at the same time is a conflict, and the rest of the household is taken', async () => {
  await world.deliver('ENROLMENT', [line('D1', 1), line('D1', 2, { relation: '子' })], { source: 'county-a' });
  const second = await world.deliver('ENROLMENT', [line('D9', 3), line('D9', 2, { relation: '妻' })], {
    source: 'county-b',
  });
  expect(second.counts).toMatchObject({ recorded: 1, conflicts: 1 });
  expect(await world.rows(`select kind, state, registered, delivered from registry_conflict`)).toEqual([
    { kind: 'DOUBLE_HOUSEHOLD', state: 'OPEN', registered: 'D1', delivered: 'D9' },
  ]);
  expect(
    await world.rows(`select count(*)::int as n from recipient where person_id in
    (select person_id from enrolment_line where source_key = 'D1-2')`),
  ).toEqual([{ n: 1 }]);
  expect(await world.rows(`select member_count from household order by source_key`)).toEqual([
    { member_count: 2 },
    { member_count: 1 },
  ]);
});

test('a conflict alone in its chunk, and one between two lines of a chunk, are opened too', async () => {
  await world.deliver('ENROLMENT', [line('D1', 1)], { source: 'county-a' });
  await world.deliver('ENROLMENT', [line('D9', 1)], { source: 'county-b' });
  await world.deliver('ENROLMENT', [line('D3', 4), line('D4', 4, { startMonth: '2026-02' })], { source: 'county-c' });
  expect(await world.rows(`select registered, delivered from registry_conflict order by 1`)).toEqual([
    { registered: 'D1', delivered: 'D9' },
    { registered: 'D3', delivered: 'D4' },
  ]);
});

test('a status that ended is recalled once from whoever was told of it; a changed category is not', async () => {
  const recalls = () =>
    world.rows(`select p.name, o.told, o.cause from recall_order o join person p on p.id = o.person_id
      where o.person_id in (select id from person) order by 1`);
  await world.deliver('ENROLMENT', family, { asOf: '2026-09-20' });
  const other = family.map((cells) => ({ ...cells, category: '一类' }));
  await world.deliver('ENROLMENT', other, { asOf: '2026-10-20' });
  expect(await recalls()).toEqual([]);
  const stopped = other.map((cells) => ({ ...cells, status: '停发', endMonth: '2026-11' }));
  await world.deliver('ENROLMENT', stopped);
  const ended = ['张丙', '张乙'].map((name) => ({ name, told: ['status'], cause: 'STATUS_ENDED' }));
  expect(await recalls()).toEqual(ended);
  await world.deliver('ENROLMENT', stopped, { asOf: '2026-11-21' });
  expect(await recalls()).toEqual(ended);
});

test('a family that moved stops in the old county one month and begins in the new one the next: no conflict', async () => {
  await world.deliver('ENROLMENT', [line('D1', 1)], { source: 'county-a', asOf: '2026-09-20' });
  await world.deliver('ENROLMENT', [line('D1', 1, { status: '停发', endMonth: '2026-10' })], {
    source: 'county-a',
    asOf: '2026-10-20',
  });
  const there = await world.deliver('ENROLMENT', [line('N1', 1, { startMonth: '2026-11' })], { source: 'county-b' });
  expect(there.counts).toMatchObject({ recorded: 1, conflicts: 0 });
  expect(await world.rows('select valid_from, valid_to from recipient order by 1')).toEqual([
    { valid_from: '2026-01-01', valid_to: '2026-10-31' },
    { valid_from: '2026-11-01', valid_to: null },
  ]);
});

test('Tekun: support mode and self-care, the grade from the number of failed indicators (特困人员认定办法 art. 22)', async () => {
  const tekun = (n: number, cells: Cells): Cells => line(`T${n}`, n, { amount: '1006', ...cells });
  await world.deliver('ENROLMENT', [
    tekun(1, { scheme: '特困集中供养', failedIndicators: '4' }),
    tekun(2, { scheme: '特困(分散)', failedIndicators: '3' }),
    tekun(3, { scheme: '131', failedIndicators: '0', supportMode: '分散' }),
    tekun(4, { scheme: '132', selfCare: '半护理', urbanRural: '城市' }),
  ]);
  expect(
    await world.rows('select programme, urban_rural, category, support_mode from enrolment order by certificate_no'),
  ).toEqual([
    { programme: 'TEKUN', urban_rural: 'RURAL', category: 'FULL_LOSS', support_mode: 'CENTRALISED' },
    { programme: 'TEKUN', urban_rural: 'RURAL', category: 'PARTIAL_LOSS', support_mode: 'SCATTERED' },
    { programme: 'TEKUN', urban_rural: 'RURAL', category: 'ABLE', support_mode: 'SCATTERED' },
    { programme: 'TEKUN', urban_rural: 'URBAN', category: 'PARTIAL_LOSS', support_mode: null },
  ]);
});

test('the business codes of the ministry’s client are programmes; 660 is none, and says so', async () => {
  const codes = ['110', '120', '500', '600', '650', '660'];
  const { id, counts } = await world.deliver(
    'ENROLMENT',
    codes.map((scheme, n) => line(`C${scheme}`, n + 1, { scheme })),
  );
  expect(counts).toMatchObject({ recorded: 5, faulty: 1 });
  expect(await world.findings(id)).toEqual([[6, 'scheme', 'BAD_COMBINATION']]);
  expect(
    (await enrolments()).map(({ programme, urban_rural }) => `${String(programme)} ${String(urban_rural)}`),
  ).toEqual(['DIBAO URBAN', 'DIBAO RURAL', 'TEMPORARY_AID RURAL', 'DIBAO_EDGE RURAL', 'RIGID_EXPENDITURE RURAL']);
});

test('a line that moves to another certificate leaves the former one without the person', async () => {
  await world.deliver('ENROLMENT', [line('D1', 1), line('D2', 2)], { asOf: '2026-10-20' });
  await world.deliver('ENROLMENT', [{ ...line('D2', 1, { relation: '母亲' }), sourceKey: 'D1-1' }]);
  expect(
    await world.rows(`select e.certificate_no, e.status, h.member_count from enrolment e
    join household h on h.id = e.household_id order by 1`),
  ).toEqual([
    { certificate_no: 'D1', status: 'STOPPED', member_count: 1 },
    { certificate_no: 'D2', status: 'ACTIVE', member_count: 2 },
  ]);
  expect(await onDay('2026-11-22')).toEqual(['张丙', '张乙']);
});
