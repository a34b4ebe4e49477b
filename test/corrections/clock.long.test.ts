/** The clock of a correction: ten working days, over weekends, holidays and the days worked in exchange for them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addDays } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/id.ts';
import { workedFrom } from '../governance/worked-days.ts';
import { openRow } from './open-row.ts';
import { openCorrectionsWorld, registrar, system } from './world.ts';
import type { CorrectionsWorld } from './world.ts';

let world: CorrectionsWorld;
let person: string;
beforeAll(async () => {
  world = await openCorrectionsWorld();
  person = await world.rows.person();
}, 60_000);
afterAll(() => world.close());

const LIST = `query($list: CorrectionList, $after: String) { corrections(list: $list, first: 500, after: $after) {
  nodes { number dueOn overdue } } }`;

interface Listed {
  readonly number: string;
  readonly dueOn: string | null;
  readonly overdue: boolean | null;
}

const overdueOn = async (on: string, list?: string): Promise<readonly Listed[]> =>
  (await world.read<{ corrections: { nodes: readonly Listed[] } }>(LIST, on, registrar('EDUCATION'), { list }))
    .corrections.nodes;

/** A correction that was opened on that day, whose number is the day. */
const openedOn = (day: string): Promise<string> => world.rows.insert('correction', openRow(day, person, day));

test('opened on any day of 2026 it is due ten worked days later, and overdue on the day after and not before', async () => {
  const days: string[] = [];
  for (let day = '2026-01-01'; day <= '2026-12-31'; day = addDays(day, 1)) days.push(day);
  await Promise.all(days.map(openedOn));
  const due = new Map((await overdueOn('2026-07-01')).map(({ number, dueOn }) => [number, dueOn]));
  expect(due.size).toBe(days.length);
  // Beyond the calendar nothing is guessed.
  expect(days.map((day) => due.get(day))).toEqual(days.map((day) => workedFrom(day, 10) ?? null));

  // On the border, about the national day: who is overdue is who was due before.
  for (const today of ['2026-07-01', '2026-09-20', '2026-09-21', '2026-10-08', '2026-10-09', '2026-12-31']) {
    const late = (await overdueOn(today)).filter(({ overdue }) => overdue === true).map(({ number }) => number);
    const expected = days.filter((day) => (workedFrom(day, 10) ?? '9999') < today);
    expect(late).toEqual(expected);
    expect((await overdueOn(today, 'OVERDUE')).map(({ number }) => number)).toEqual(expected);
  }
}, 30_000);

test('opened on day 0 it shows as overdue with the owner and in feedStatus after ten working days, and no longer once answered', async () => {
  await world.db.owner.query(`update correction set state = 'WITHDRAWN', closed_by = 'test', closed_at = now()`);
  await world.rows.insert('feed', {
    source_system: 'xueji',
    department: 'EDUCATION',
    record: 'STUDENT',
    as_of: '2026-09-01T00:00:00Z',
    rhythm_hours: 168,
  });
  const feeds = async (on: string) =>
    (
      await world.read<{ feedStatus: unknown }>(
        '{ feedStatus(record: "STUDENT") { openCorrections overdueCorrections } }',
        on,
        system('HOUSING'),
      )
    ).feedStatus;
  const someone = await world.someone();
  await world.read(
    'query($id: ID!) { person(id: $id) { studentRecords { grade } } }',
    '2026-09-25',
    system('CIVIL_AFFAIRS'),
    {
      id: someone.personId,
    },
  );
  const { number, dueOn } = await world.act('open', '2026-09-25', system('CIVIL_AFFAIRS'), {
    key: newId(),
    personId: someone.personId,
    coordinate: 'StudentRecord.grade',
    recordId: someone.recordId,
    claimed: '四年级',
    evidence: '学籍卡',
  });
  expect(dueOn).toBe(workedFrom('2026-09-25', 10));
  const last = dueOn ?? '';
  expect(await feeds(last)).toEqual([{ openCorrections: 1, overdueCorrections: 0 }]);
  expect(await overdueOn(last, 'OVERDUE')).toEqual([]);
  expect(await feeds(addDays(last, 1))).toEqual([{ openCorrections: 1, overdueCorrections: 1 }]);
  expect((await overdueOn(addDays(last, 1), 'OVERDUE')).map((one) => one.number)).toEqual([number]);
  await world.act('answer', addDays(last, 1), registrar('EDUCATION'), {
    number,
    verdict: 'UPHELD',
    reason: '核对无误',
  });
  expect(await feeds(addDays(last, 2))).toEqual([{ openCorrections: 0, overdueCorrections: 0 }]);
});

test('the term is that of the day on which it was opened, and without one nothing is opened', async () => {
  const someone = await world.someone();
  const query = 'query($id: ID!) { person(id: $id) { studentRecords { grade term boarding } } }';
  await world.read(query, '2026-11-02', system('CIVIL_AFFAIRS'), { id: someone.personId });
  const claim = (field: string) => ({
    key: newId(),
    personId: someone.personId,
    coordinate: `StudentRecord.${field}`,
    recordId: someone.recordId,
    claimed: '否',
    evidence: '学籍卡',
  });
  await world.db.owner.query(
    `insert into correction_term (valid_from, working_days, document) values ('2026-11-04', 5, '试验')`,
  );
  const dueOn = async (on: string, field: string) =>
    (await world.act('open', on, system('CIVIL_AFFAIRS'), claim(field))).dueOn;
  expect(await dueOn('2026-11-03', 'grade')).toBe(workedFrom('2026-11-03', 10));
  expect(await dueOn('2026-11-04', 'term')).toBe(workedFrom('2026-11-04', 5));
  await world.db.owner.query('delete from correction_term');
  const refused = await world.refusal('open', '2026-11-04', system('CIVIL_AFFAIRS'), claim('boarding'));
  expect(refused.message).toMatch(/hub seed --reference/);
});
