/** `hub records` as a department runs it: a process of its own against a hub that serves. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { beginHub, environmentOf, runHub, serveHub } from '../aid/hub-process.ts';
import type { Done, ServingHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

let database: TestDatabase;
let hub: ServingHub;
let dir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hub-records-'));
  database = await testDatabase();
  env = environmentOf(database, dir);
  hub = await serveHub(env);
  const { out: token } = await runHub(['token', '--client', 'education.demo'], env);
  env = { ...env, HUB_URL: hub.url, HUB_TOKEN: token.trim() };
}, 120_000);
afterAll(async () => {
  await hub.stop();
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});

const HEADER = '业务编号,身份证号,姓名,户籍地区划代码,学段,学校标识码,学校名称,年级,是否寄宿,学期';
const two = (n: number): string => String(n).padStart(2, '0');
const pupil = (n: number, change: { key?: string; stage?: string } = {}): string => {
  const born = `${String(2008 + (n % 9))}-${two(1 + (Math.floor(n / 9) % 12))}-${two(1 + (Math.floor(n / 108) % 28))}`;
  const name = String.fromCodePoint(0x4e00 + (n % 5_000)) + String.fromCodePoint(0x5e00 + (Math.floor(n / 7) % 5_000));
  return [
    change.key ?? `P-${String(n)}`,
    makeResidentId('620199', born, Math.floor(n / 3_024) % 996),
    name,
    '621122',
    change.stage ?? '小学',
    '6211220001,某某中心小学,三年级,否,2026-2',
  ].join(',');
};
function file(name: string, rows: readonly string[]): string {
  const path = join(dir, name);
  writeFileSync(path, [HEADER, ...rows].join('\r\n'));
  return path;
}
const records = (...args: string[]): Promise<Done> => runHub(['records', ...args, '--case', 'ED-2026-000001'], env);
const students = async (prefix: string): Promise<number> =>
  (
    await database.owner.query<{ n: number }>(
      `select count(*)::int as n from student_record where source_key like $1 || '%'`,
      [prefix],
    )
  ).rows[0]?.n ?? -1;

/** Resident memory of a hub's process, MB. */
const memoryOf = ({ running: { child } }: ServingHub): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) / 1024;

test('kinds are listed, and an empty file of each can be had', async () => {
  expect(await records('list')).toMatchObject({ code: 0, out: expect.stringContaining('STUDENT') });
  const out = join(dir, 'empty.xlsx');
  expect(await records('template', 'STUDENT', '--xlsx', '--out', out)).toMatchObject({ code: 0 });
  expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');
  expect(await records('template', 'SHOES')).toMatchObject({ code: 2 });
});

test('a file is previewed, imported, and imported again without changing anything', async () => {
  const path = file('good.csv', [pupil(1, { key: 'good-1' }), pupil(2, { key: 'good-2' })]);
  expect(await records('preview', path, '--record', 'STUDENT')).toMatchObject({
    code: 0,
    out: expect.stringContaining('新记录 recorded: 2'),
  });
  expect(await students('good-')).toBe(0);
  expect(await records('import', path, '--record', 'STUDENT', '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('已应用 applied'),
  });
  expect(await students('good-')).toBe(2);
  const again = await records('import', path, '--record', 'STUDENT', '--yes');
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('delivered before') });
  expect(await records('status')).toMatchObject({ code: 0, out: expect.stringContaining('good.csv') });
});

test('a bad row costs itself alone, and the result file beside the file says what to do', async () => {
  const path = file('mixed.csv', [pupil(3, { key: 'mixed-1' }), pupil(4, { key: 'mixed-2', stage: '无' }), 'too,few']);
  expect(await records('import', path, '--record', 'STUDENT', '--yes')).toMatchObject({ code: 2 });
  expect(await students('mixed-')).toBe(1);
  const results: string[][] = parse(readFileSync(join(dir, 'mixed.result.csv')), { bom: true });
  expect(results.map((cells) => cells.slice(0, 4))).toEqual([
    ['行号', '业务编号', '字段', '代码'],
    ['3', 'mixed-2', '学段', 'BAD_CODE'],
    ['4', '', '', 'UNREADABLE_ROW'],
  ]);
});

test('a preview shows how far it is; Ctrl-C ends the waiting, and the same command goes on', async () => {
  const rows = Array.from({ length: 25_000 }, (_, n) => pupil(300_000 + n, { key: `seen-${String(n)}` }));
  const path = file('seen.csv', rows);
  const previewed = beginHub(['records', 'preview', path, '--record', 'STUDENT', '--case', 'ED-2026-000001'], env);
  const begun = async (): Promise<boolean> => {
    const { rowCount } = await database.owner.query(
      `select from delivery where file_name = 'seen.csv' and state = 'PREVIEWING' and applied_through > 0`,
    );
    return rowCount === 1;
  };
  while (!(await begun())) await sleep(20);
  // The worker waits for this lock before the next chunk.
  const lock = await database.owner.connect();
  try {
    await lock.query('begin');
    await lock.query(`select from delivery where file_name = 'seen.csv' for update`);
    await sleep(7_000);
    previewed.child.kill('SIGINT');
    const stopped = await previewed.done;
    expect(stopped).toMatchObject({ code: 130, out: '', err: expect.stringContaining('已停止 Stopped') });
    expect(stopped.err).toMatch(/预览 previewing \d\d%.*剩余 left \d+ s/);
  } finally {
    await lock.query('rollback');
    lock.release();
  }
  const again = await records('preview', path, '--record', 'STUDENT');
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('新记录 recorded: 25000') });
  expect(again.out).toContain('previewed, not applied');
  expect(await students('seen-')).toBe(0);
}, 120_000);

test('a delivery that was only previewed is applied or withdrawn by its id', async () => {
  const idOf = ({ out }: Done): string => /^[0-9a-f-]{36}/m.exec(out)?.[0] ?? '';
  const first = idOf(await records('preview', file('a.csv', [pupil(5, { key: 'a-1' })]), '--record', 'STUDENT'));
  expect(await records('apply', first)).toMatchObject({ code: 0, out: expect.stringContaining('已应用') });
  const second = idOf(await records('preview', file('b.csv', [pupil(6, { key: 'b-1' })]), '--record', 'STUDENT'));
  expect(await records('withdraw', second)).toMatchObject({ code: 0, out: expect.stringContaining('已撤回') });
  expect([await students('a-'), await students('b-')]).toEqual([1, 0]);
});

test('what cannot work stops at once and says what to do', async () => {
  const path = file('plain.csv', [pupil(7, { key: 'plain-1' })]);
  expect(await records('import', join(dir, 'nowhere.csv'), '--record', 'STUDENT')).toMatchObject({ code: 1 });
  expect(await records('import', path, '--record', 'SHOES')).toMatchObject({ code: 2 });
  expect(await runHub(['records', 'import', path, '--record', 'STUDENT'], env)).toMatchObject({ code: 1 });
  writeFileSync(join(dir, 'wrong.csv'), '姓名,星座\n王小明,狮子');
  const wrong = await records('import', join(dir, 'wrong.csv'), '--record', 'STUDENT');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('“星座”') });
  expect(await runHub(['sources', 'check'], env)).toMatchObject({ code: 0 });
});

test('200,000 rows need the memory of a few thousand; killed and run again, each is recorded once', async () => {
  const count = 200_000;
  const path = file(
    'many.csv',
    Array.from({ length: count }, (_, n) => pupil(1_000 + n, { key: `many-${String(n)}` })),
  );
  const args = ['records', 'import', path, '--record', 'STUDENT', '--yes', '--case', 'ED-2026-000001'];
  const before = memoryOf(hub);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, memoryOf(hub));
  }, 200);
  const first = beginHub(args, env);
  await sleep(4_000);
  first.child.kill('SIGKILL');
  await first.done;
  expect(await runHub(args, env)).toMatchObject({ code: 0 });
  clearInterval(watch);
  expect(await students('many-')).toBe(count);
  // MB: a file of 30 MB whose rows were all held would take several hundred.
  expect(most - before).toBeLessThan(400);
}, 600_000);
