/** `hub aid report` as a department runs it: a process of its own against a hub that serves. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openAidWorld } from '../aid/aid-world.ts';
import type { AidWorld, Somebody } from '../aid/aid-world.ts';
import { beginHub, environmentOf, runHub, serveHub } from '../aid/hub-process.ts';
import type { Done, ServingHub } from '../aid/hub-process.ts';

let world: AidWorld;
let hub: ServingHub;
let dir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hub-cli-'));
  world = await openAidWorld();
  env = environmentOf(world.db, dir);
  hub = await serveHub(env);
  const { out: token } = await runHub(['token', '--client', 'education.demo'], env);
  env = { ...env, HUB_URL: hub.url, HUB_TOKEN: token.trim() };
}, 120_000);
afterAll(async () => {
  await hub.stop();
  await world.close();
  rmSync(dir, { recursive: true, force: true });
});

const HEADER = '业务编号,版本号,身份证号,姓名,救助项目,救助方式,金额（元）,审批日期,备注';
const row = (key: string, { idNumber, name }: Pick<Somebody, 'idNumber' | 'name'>, amount = '1200.00') =>
  `${key},1,${idNumber},${name},教育救助,现金,"${amount}",2026/9/1,`;

function file(name: string, lines: readonly string[]): string {
  const path = join(dir, name);
  writeFileSync(path, lines.join('\r\n'));
  return path;
}

const report = (path: string, ...options: string[]): Promise<Done> =>
  runHub(['aid', 'report', path, '--case', 'ED-2026-000001', ...options], env);

const results = (path: string): string[][] => parse(readFileSync(path, 'utf8'), { bom: true }).slice(1);

async function grants(prefix: string): Promise<number> {
  const { rows } = await world.db.owner.query<{ n: number }>(
    `select count(*)::int as n from aid_grant where source_key like $1 || '%'`,
    [prefix],
  );
  return rows[0]?.n ?? -1;
}

test('a file is tried, reported, and reported again without doubling anything', async () => {
  const [a, b] = world.people;
  const path = file('good.csv', [HEADER, row('good-1', a), row('good-2', b, '1,500.50')]);
  expect(await report(path, '--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Dry run, nothing was recorded'),
  });
  expect(await grants('good-')).toBe(0);
  expect(await report(path)).toMatchObject({ code: 0, out: expect.stringContaining('recorded 2') });
  expect(await report(path)).toMatchObject({ code: 0, out: expect.stringContaining('unchanged 2') });
  expect(await grants('good-')).toBe(2);
  expect(results(join(dir, 'good.result.csv'))).toEqual([
    ['2', 'good-1', '未变', '', '', ''],
    ['3', 'good-2', '未变', '', '', ''],
  ]);
});

test('rejected rows are told one by one, the good ones are recorded, and the exit code says so', async () => {
  const [a] = world.people;
  const path = file('mixed.csv', [
    HEADER,
    row('mixed-1', a),
    row('mixed-2', { ...a, name: '张三' }),
    row('mixed-3', { ...a, name: '"' }),
    row('mixed-4', a, '一千'),
    row('mixed-5', a),
  ]);
  const out = join(dir, 'elsewhere.csv');
  expect(await report(path, '--out', out)).toMatchObject({ code: 2 });
  expect(results(out).map((cells) => cells.slice(0, 5))).toEqual([
    ['2', 'mixed-1', '已记录', '', ''],
    ['3', 'mixed-2', '拒收', 'NO_MATCH', '身份证号'],
    ['4', '', '无法读取', 'BAD_ROW', ''],
    ['5', 'mixed-4', '拒收', 'BAD_AMOUNT', '金额'],
    ['6', 'mixed-5', '已记录', '', ''],
  ]);
  expect(await grants('mixed-')).toBe(2);
});

test('what cannot work stops at once and says what to do', async () => {
  const path = file('plain.csv', [HEADER, row('plain-1', world.people[0])]);
  const noCase = await runHub(['aid', 'report', path], env);
  const noToken = await runHub(['aid', 'report', path], { ...env, HUB_TOKEN: '' });
  const unknown = await report(file('unknown.csv', ['姓名,性别', '王小明,男']));
  const noClient = await report(path, '--client', 'nobody.demo');
  expect(noCase).toMatchObject({ code: 1, err: expect.stringContaining('--case') });
  expect(noToken).toMatchObject({ code: 1, err: expect.stringContaining('HUB_TOKEN') });
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('“性别”') });
  expect(noClient).toMatchObject({ code: 1, err: expect.stringContaining('education.demo') });
  expect(await grants('plain-')).toBe(0);
  expect(await report(path, '--client', 'education.demo')).toMatchObject({ code: 0 });
});

test('stopped by Ctrl-C and by kill -9 and run again, every row is recorded once', async () => {
  const rows = Array.from({ length: 600 }, (_, n) => row(`long-${n}`, world.people[n % 4] ?? world.people[0]));
  const path = file('long.csv', [HEADER, ...rows]);
  const args = ['aid', 'report', path, '--case', 'ED-2026-000001', '--batch', '5'];
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const before = await grants('long-');
    const { child, done } = beginHub(args, env);
    while ((await grants('long-')) < before + 50) await sleep(5);
    child.kill(signal);
    const { code, err } = await done;
    if (signal === 'SIGINT') {
      expect(code).toBe(1);
      expect(err).toContain('run the same command again');
      // What was acknowledged is in the file, whole.
      expect(results(join(dir, 'long.result.csv'))).toHaveLength(await grants('long-'));
    }
    expect(await grants('long-')).toBeLessThan(600);
  }
  const { code, out } = await runHub(args, env);
  expect(code).toBe(0);
  expect(out).toMatch(/共 600 行/);
  expect(await grants('long-')).toBe(600);
  expect(results(join(dir, 'long.result.csv'))).toHaveLength(600);
});
