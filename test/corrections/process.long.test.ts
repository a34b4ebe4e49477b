/** `hub corrections` and `hub recalls` as departments run them: processes of their own, against a hub that serves. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import type { Bound } from '../../src/access/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { addDays } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/id.ts';
import { environmentOf, runHub, serveHub } from '../aid/hub-process.ts';
import type { Done, ServingHub } from '../aid/hub-process.ts';
import { workedFrom } from '../governance/worked-days.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import { rowsIn } from '../registry/rows.ts';
import { openRow } from './open-row.ts';
import { registrar } from './world.ts';

let database: TestDatabase;
let hub: ServingHub;
let dir: string;
let env: Record<string, string>;
let pupil: { readonly personId: string; readonly recordId: string };

beforeAll(async () => {
  database = await testDatabase();
  dir = testFolder('corrections-process');
  env = environmentOf(database, dir);
  hub = await serveHub(env);
  env = { ...env, HUB_URL: hub.url };
  expect(await deliver('三年级')).toMatchObject({ code: 0 });
  pupil = await askForGrade(3);
}, 180_000);
afterAll(async () => {
  await hub.stop();
  await database.drop();
});

/** What a client types, in a case of its own. */
const as = (client: string, purpose: string, ...args: string[]): Promise<Done> =>
  runHub([...args, '--client', client, '--purpose', purpose, '--case', `${client}-1`], env);
const owner = (...args: string[]) => as('education.registrar.demo', 'DATA_QUALITY', ...args);
const told = (...args: string[]) => as('civil-affairs.demo', 'CASE_HANDLING', ...args);

/** The pupil as the school has it: a file of one line. */
function deliver(grade: string): Promise<Done> {
  const file = join(dir, `pupil-${newId()}.csv`);
  const header = '业务编号,身份证号,姓名,户籍地区划代码,学段,学校标识码,学校名称,年级,是否寄宿,学期';
  const number = makeResidentId('620199', '2016-03-04', 7);
  writeFileSync(file, `${header}\r\nP-1,${number},柳小禾,621122,小学,6211220001,某某中心小学,${grade},否,2026-2\r\n`);
  return as('education.demo', 'DATA_SUPPLY', 'records', 'import', file, '--record', 'STUDENT', '--yes');
}

/** Civil affairs looks at the pupil in a case; who it is it knows by number, which is not of this test. */
async function askForGrade(expected: number): Promise<typeof pupil> {
  const { rows } = await database.owner.query<{ personId: string; recordId: string }>(
    'select person_id as "personId", id as "recordId" from student_record',
  );
  const [found] = rows;
  if (found === undefined || rows.length > 1) throw new Error('one pupil is recorded');
  const file = join(dir, 'grade.graphql');
  writeFileSync(file, 'query Grade($id: ID!) { person(id: $id) { studentRecords { id grade } } }');
  const { code, out, err } = await told('query', file, '--variables', JSON.stringify({ id: found.personId }));
  expect([code, err]).toEqual([0, '1 行 rows\n']);
  expect(JSON.parse(out)).toEqual({ studentRecords: [{ id: found.recordId, grade: expected }] });
  return found;
}

const dispute = (...args: string[]) => [
  ...['corrections', 'open', '--person', pupil.personId, '--field', 'StudentRecord.grade', '--record', pupil.recordId],
  ...['--claim', '四年级', '--evidence', '学籍卡', ...args],
];

test('disputed, listed with its due date, corrected by a delivery, recalled, acknowledged and acted on', async () => {
  const before = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  const opened = await told(...dispute('--key', 'CA-2026-17'));
  expect(opened.err).toBe('');
  const number = /^JH-\d{4}-\d{6}/.exec(opened.out)?.[0] ?? '';
  const { rows } = await database.owner.query<{ on: string }>('select opened_on as on from correction');
  const on = rows[0]?.on ?? '';
  expect(on >= before).toBe(true);
  // Beyond the calendar of holidays nothing is guessed.
  const due = workedFrom(on, 10);
  expect(opened.out).toBe(`${number}  OPEN\n  EDUCATION 须于 ${due ?? '法定期限'} 前答复 · to answer by then\n`);
  expect((await told(...dispute('--key', 'CA-2026-17'))).out).toMatch(`${number}  OPEN  未变 unchanged\n`);

  const listed = await owner('corrections', 'list', '--of', 'AWAITING_US');
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out.split('\n')).toEqual([
    `${number}  OPEN  CIVIL_AFFAIRS → EDUCATION  StudentRecord.grade  due ${due ?? '?'}`,
    `  person ${pupil.personId}  record ${pupil.recordId}  case civil-affairs.demo-1`,
    '  主张 claimed: 四年级',
    '  依据 evidence: 学籍卡',
    '',
  ]);

  const delivered = await deliver('四年级');
  expect(delivered).toMatchObject({ code: 0 });
  const delivery = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(delivered.out)?.[0] ?? '';
  await askForGrade(4);
  const answered = await owner('corrections', 'answer', number, '--corrected', '--delivery', delivery);
  expect(answered).toMatchObject({ code: 0, err: '', out: `${number}  CORRECTED\n  已提醒 recalled: 1\n` });
  expect((await told('corrections', 'list', '--of', 'OURS')).out).toMatch(`${number}  CORRECTED  `);

  const recalls = await told('recalls', 'list', '--json');
  const [recall] = recalls.out.split('\n').map((line) => JSON.parse(line || 'null') as Record<string, unknown> | null);
  expect(recall).toMatchObject({
    personId: pupil.personId,
    client: 'civil-affairs.demo',
    caseNo: 'civil-affairs.demo-1',
    cause: 'CORRECTED',
    reference: number,
    coordinates: ['StudentRecord.grade'],
    acknowledgedBy: null,
  });
  // Education was told nothing of it, and is recalled nothing.
  expect((await owner('recalls', 'list')).out).toBe('没有提醒 · No recall.\n');
  const id = String(recall?.['id']);
  const progress = async () =>
    (await as('civil-affairs.registrar.demo', 'DATA_QUALITY', 'recalls', 'progress', '--all')).out;
  expect(await progress()).toMatch(/CIVIL_AFFAIRS {2}CORRECTED {2}[0-9a-f-]{36} {2}未签收 not acknowledged\n$/);
  expect((await told('recalls', 'acknowledge', id)).out).toBe('已签收 acknowledged: civil-affairs.demo\n');
  expect(await progress()).toMatch(/已签收 acknowledged\n$/);
  const done = ['recalls', 'act', id, '--outcome', 'ADJUSTED', '--note', '按四年级重新核定'];
  expect((await told(...done)).out).toBe('ADJUSTED: civil-affairs.demo\n');
  expect((await told(...done)).out).toBe('ADJUSTED: civil-affairs.demo  未变 unchanged\n');
  expect(await progress()).toMatch(/已处置 done\n$/);
  expect((await told('recalls', 'list')).out).toBe('没有提醒 · No recall.\n');
});

test('the help of each command is enough to use it: what it takes, where the token comes from, an example, the exit codes', async () => {
  const commands = [
    ...['list', 'open', 'answer', 'withdraw'].map((name) => ['corrections', name]),
    ...['list', 'acknowledge', 'act', 'progress'].map((name) => ['recalls', name]),
  ];
  for (const command of commands) {
    const { code, out } = await runHub([...command, '--help']);
    expect(code).toBe(0);
    for (const said of ['HUB_TOKEN', 'Exit codes: 0 done, 1 stopped, 2 the hub refused', `hub ${command.join(' ')}`])
      expect(out).toContain(said);
    // A key of this very moment is no default that anybody could read.
    expect(out).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  }
});

test('errors say what to do', async () => {
  const wrong = async (run: Promise<Done>): Promise<readonly [number | null, string]> => {
    const { code, out, err } = await run;
    expect(out).toBe('');
    return [code, err];
  };
  expect(await wrong(owner('corrections', 'answer', 'JH-2026-000001'))).toEqual([
    1,
    '说明 --uphold 或 --corrected。Say --uphold or --corrected.\n',
  ]);
  const nobodys = await wrong(owner('corrections', 'answer', 'JH-2026-999999', '--uphold', '--reason', '无误'));
  expect(nobodys).toEqual([2, expect.stringContaining('there is no correction with this number for your department')]);
  const other = ['corrections', 'open', '--person', pupil.personId, '--field', 'StudentRecord.boarding'];
  expect(await wrong(told(...other, '--claim', '是', '--evidence', '学籍卡'))).toEqual([
    2,
    expect.stringContaining('was not told this value of this person'),
  ]);
  expect(
    await wrong(as('education.demo', 'CASE_HANDLING', 'corrections', 'answer', 'JH-2026-000001', '--uphold')),
  ).toEqual([2, expect.stringContaining('OPERATION_DENIED')]);
  expect(await wrong(as('civil-affairs.demo', 'DATA_QUALITY', ...dispute()))).toEqual([
    2,
    expect.stringContaining('allowed: '),
  ]);
  expect(await wrong(told('recalls', 'acknowledge', newId()))).toEqual([
    2,
    expect.stringContaining('there is no recall with this identifier to your department'),
  ]);
  expect(await wrong(runHub(['corrections', 'list', '--case', 'X-1'], { ...env, HUB_TOKEN: '' }))).toEqual([
    1,
    expect.stringContaining('set HUB_TOKEN, or use --token; with the demo, --client'),
  ]);
});

test('what is not answered within ten working days shows as overdue with the owner, on the day after the last', async () => {
  const db = await testDatabase();
  // Over the national day and the days that are worked in exchange for it.
  const OPENED = '2026-09-24';
  const due = workedFrom(OPENED, 10) ?? '';
  const run = async (on: string, caller: Bound, ...args: string[]): Promise<string> => {
    const opened = await openHub(db, { clock: fixedClock(`${on}T09:00:00+08:00`) });
    try {
      const { authorization = '' } = opened.headersOf(caller);
      const { out, err } = await runHub([...args, '--url', opened.url, '--case', caller.caseNo ?? ''], {
        HUB_TOKEN: authorization.slice('Bearer '.length),
      });
      expect(err).toBe('');
      return out;
    } finally {
      await opened.close();
    }
  };
  try {
    const rows = rowsIn(db.owner);
    const person = await rows.person({});
    await rows.insert('correction', openRow('JH-2026-000001', person, OPENED));
    const late = ['corrections', 'list', '--of', 'OVERDUE'];
    expect(due).toBe('2026-10-15');
    expect(await run(due, registrar('EDUCATION'), ...late)).toBe('没有校核 · No correction.\n');
    expect(await run(addDays(due, 1), registrar('EDUCATION'), ...late)).toMatch(
      `JH-2026-000001  OPEN 逾期 OVERDUE  CIVIL_AFFAIRS → EDUCATION  StudentRecord.grade  due ${due}\n`,
    );
    // To no other department is it shown.
    expect(await run(addDays(due, 1), registrar('HOUSING'), ...late)).toBe('没有校核 · No correction.\n');
  } finally {
    await db.drop();
  }
});
