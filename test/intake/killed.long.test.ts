import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSheetFile } from '../../seeds/month/sheet-file.ts';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';
import { education, loan, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

const KILLS = 20;
/** Some rows change, some have faults, some come twice. */
const FIRST = [...loans(1, 1_500), loan(3), loan(4, { lentOn: '?' })];
const SECOND = [
  ...loans(101, 1_400),
  ...loans(1_501, 2_000),
  loan(5, { title: '改' }),
  loan(6, { title: 'forbidden' }),
];

let killed: IntakeWorld;
let undisturbed: IntakeWorld;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  killed = await openWorld();
  undisturbed = await openWorld();
  // What is killed is a process of its own.
  await killed.intake.close();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await killed.close();
  await undisturbed.close();
});

async function startProcess(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--import', '@swc-node/register/esm-register', 'test/intake/apply-process.ts', killed.database.serverUrl],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  running.add(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  running.delete(child);
}

/** Everything but keys made anew in each database and what time it was. */
async function stateOf({ database }: IntakeWorld): Promise<unknown> {
  const lists = [
    `select source_key, title, lent_on::text, deposit_fen, encode(digest, 'hex') as digest, ended_on::text,
            (select i.match_key from person_identifier i where i.person_id = loan.person_id) as person
     from loan order by source_key`,
    `select record, source_key, content->>'title' as title, content->>'ended_on' as ended from record_history order by 2, 3, 4`,
    `select row_no, field, code, other_row, source_key from delivery_finding order by 1, 2, 3`,
    `select match_key, count(*)::int as n from person_identifier group by 1 order by 1`,
    `select state, row_count, faulty_count, repeated_count, recorded_count, changed_count, unchanged_count, rejected_count,
            held_count, missing_count, ended_count, applied_through from delivery order by opened_at, id`,
    `select count(*)::int as people from person`,
  ];
  return Promise.all(lists.map(async (sql) => (await database.owner.query(sql)).rows));
}

test(`killed ${KILLS} times at random moments, the end is what it is without`, async () => {
  const ways = [
    { mode: 'SNAPSHOT', asOf: new Date('2026-11-10T00:00:00+08:00') },
    { mode: 'SNAPSHOT', asOf: new Date('2026-11-20T00:00:00+08:00') },
  ] as const;
  for (const [i, rows] of [FIRST, SECOND].entries()) {
    const id = await undisturbed.staged('LOAN', rows, ways[i]);
    await undisturbed.intake.apply(education, id, {}, undisturbed.context);
    await undisturbed.intake.settled(id);
  }

  let kills = 0;
  for (const [i, rows] of [FIRST, SECOND].entries()) {
    const id = await killed.staged('LOAN', rows, ways[i]);
    await killed.intake.apply(education, id, {}, killed.context);
    for (let n = 0; n < KILLS / 2; n += 1) {
      const child = await startProcess();
      const before = (await killed.intake.settled(id, 0)).appliedThrough;
      // Somewhere in a chunk: first wait until it works, at times it is killed before it does.
      for (let look = 0; n % 4 > 0 && look < 200; look += 1) {
        if ((await killed.intake.settled(id, 0)).appliedThrough > before) break;
        await new Promise((go) => setTimeout(go, 10));
      }
      await new Promise((go) => setTimeout(go, Math.random() * 60));
      if ((await killed.intake.settled(id, 0)).state === 'APPLYING') kills += 1;
      await kill(child);
    }
    const last = await startProcess();
    expect((await killed.intake.settled(id, 60_000)).state).toBe('APPLIED');
    await kill(last);
  }
  expect(kills).toBeGreaterThan(KILLS / 2);
  expect(await stateOf(killed)).toEqual(await stateOf(undisturbed));
}, 300_000);

describe('over HTTP', () => {
  let database: TestDatabase;
  let hub: TestHub;
  beforeAll(async () => {
    database = await testDatabase();
    hub = await openHub(database);
  }, 120_000);
  afterAll(async () => {
    await hub.close();
    await database.drop();
  });

  const HEADER = '业务编号,身份证号,姓名,户籍地区划代码,学段,学校标识码,学校名称,年级,是否寄宿,学期'.split(',');
  const two = (n: number): string => String(n).padStart(2, '0');
  const pupil = (n: number): readonly string[] => [
    `C-${String(n)}`,
    makeResidentId('620199', `2012-${two(1 + (n % 12))}-${two(1 + (Math.floor(n / 12) % 28))}`, Math.floor(n / 336)),
    `孙${String.fromCodePoint(0x4e00 + (n % 20_000))}`,
    ...['621122', '小学', '6211220001', '某某中心小学', '三年级', '否', '2026-2'],
  ];
  const headers = (): Record<string, string> => ({
    ...hub.headersOf(education),
    'content-type': 'application/octet-stream',
  });
  const told = async (id: string): Promise<unknown> =>
    (await fetch(`${hub.url}/deliveries/${id}`, { headers: hub.headersOf(education) })).json();
  const deliveries = async (): Promise<readonly { id: string; state: string }[]> =>
    (await database.owner.query<{ id: string; state: string }>('select id, state from delivery order by opened_at'))
      .rows;

  test('an upload that is cut while it is staged is ABANDONED, its deliverer can see so, and the same file goes through', async () => {
    const rows = 60_000;
    const body = Buffer.from([HEADER, ...Array.from({ length: rows }, (_, n) => pupil(n))].join('\n'));
    const sending = request(`${hub.url}/records/STUDENT?mode=delta`, { method: 'POST', headers: headers() });
    const broken = once(sending, 'error');
    sending.end(body);
    while ((await deliveries())[0] === undefined) await sleep(2);
    sending.destroy(new Error('the line broke'));
    await broken;
    const cut = (await deliveries())[0];
    expect(cut?.state).toBe('STAGING');
    while ((await deliveries())[0]?.state === 'STAGING') await sleep(5);
    const { id = '' } = cut ?? {};
    expect(await told(id)).toMatchObject({ delivery: { state: 'ABANDONED', counts: { recorded: 0 } } });
    const listed = await hub.ask('{ deliveries(first: 5) { nodes { id state finishedAt } } }', education);
    expect(listed.json.data?.['deliveries']).toEqual({
      nodes: [{ id, state: 'ABANDONED', finishedAt: expect.any(String) }],
    });
    const applied = await hub.ask(`mutation { applyDelivery(id: "${id}") { id } }`, education);
    expect(applied.json.errors?.[0]?.message).toMatch(/ABANDONED.*deliver the file again.*请重新报送该文件/u);

    const again = await hub.send('/records/STUDENT?mode=delta', body, headers());
    expect(again.status).toBe(201);
    const { known, delivery } = JSON.parse(again.text) as { known: boolean; delivery: { id: string; state: string } };
    expect([known, delivery.state]).toEqual([false, 'STAGED']);
    expect(delivery.id).not.toBe(id);
    await hub.ask(`mutation { applyDelivery(id: "${delivery.id}") { id } }`, education);
    while ((await deliveries()).some(({ state }) => state === 'APPLYING')) await sleep(50);
    expect(await told(delivery.id)).toMatchObject({ delivery: { state: 'APPLIED', counts: { rows, recorded: rows } } });
    const { rows: held } = await database.owner.query('select count(*)::int as n from student_record');
    expect(held).toEqual([{ n: rows }]);
  }, 300_000);

  test('an XLSX of more rows than are read is refused with what to do, and leaves no delivery', async () => {
    const before = await deliveries();
    const path = join(testFolder('xlsx'), 'many.xlsx');
    const sheet = openSheetFile(path, 'XLSX');
    await sheet.row(HEADER);
    for (let n = 0; n <= 50_000; n += 1) await sheet.row(pupil(n));
    await sheet.close();
    const answer = await hub.send('/records/STUDENT?mode=delta', readFileSync(path), headers());
    expect(answer.status).toBe(400);
    expect(answer.json.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/50000 行，请另存为 CSV.*50000 rows: save as CSV/u),
      extensions: { code: 'BAD_USER_INPUT', argument: 'file' },
    });
    expect(await deliveries()).toEqual(before);
  }, 300_000);
});
