import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Templates } from '../../src/intake/files/index.ts';
import { openInbox } from '../../src/intake/sources/index.ts';
import type { Inbox, InboxParts } from '../../src/intake/sources/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { silentLog } from '../../src/platform/log.ts';
import { NOW } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { education, loans, openWorld } from '../intake/world.ts';
import type { IntakeWorld } from '../intake/world.ts';
import { loanTemplates } from './loan-templates.ts';

let world: IntakeWorld;
let templates: Templates;
beforeAll(async () => {
  world = await openWorld();
  templates = loanTemplates();
});
afterAll(() => world.close());

let dir: string;
let home: string;
let next = 1;
beforeEach(() => {
  dir = testFolder('inbox');
  home = join(dir, 'education.demo');
  mkdirSync(home);
});

const callerOf: InboxParts['callerOf'] = (client) =>
  Promise.resolve(client === 'education.demo' ? education : `no active client ${client}`);
const inbox = (change: Partial<InboxParts> = {}): Inbox =>
  openInbox({
    dir,
    pool: world.database.server,
    clock: fixedClock(NOW),
    log: silentLog,
    intake: world.intake,
    templates,
    callerOf,
    most: 1_000_000,
    settle: 60_000,
    ...change,
  });

/** A file of new loans, so that no two tests deliver the same bytes. */
function file(count: number): string {
  const rows = loans(next, next + count - 1);
  next += count;
  const lines = rows.map((row) => ['sourceKey', 'idNumber', 'name', 'region', 'title', 'lentOn'].map((at) => row[at]));
  return [['业务编号', '身份证号', '姓名', '区划', '题名', '借出日期'], ...lines]
    .map((cells) => cells.join(','))
    .join('\n');
}
const put = (name: string, text: string, { marked = true } = {}): void => {
  writeFileSync(join(home, name), text);
  if (marked) writeFileSync(join(home, `${name}.done`), '');
};
const inFolder = (name: string): string[] => readdirSync(join(home, name)).sort();
const held = async (): Promise<number> =>
  Number((await world.database.owner.query<{ n: string }>('select count(*) as n from loan')).rows[0]?.n);
const deliveries = async (): Promise<number> =>
  Number((await world.database.owner.query<{ n: string }>('select count(*) as n from delivery')).rows[0]?.n);

test('a file with its marker is applied as its client’s and lies in done with its result', async () => {
  const before = await held();
  put('LOAN.first.csv', `${file(3)}\nL-X,,王,621122,,2026-10-01`);
  expect(await inbox().look()).toBe(1);
  expect(await held()).toBe(before + 3);
  expect(readdirSync(home).sort()).toEqual(['done', 'failed', 'processing']);
  const [moved, result] = inFolder('done');
  expect(moved).toMatch(/^[0-9a-f-]{36}\.LOAN\.first\.csv$/);
  expect(readFileSync(join(home, 'done', result!), 'utf8')).toContain('5,L-X,题名,MISSING_FIELD');
});

test('the same file again changes nothing, and is moved away too', async () => {
  const text = file(2);
  put('LOAN.csv', text);
  await inbox().look();
  const [before, count] = [await held(), await deliveries()];
  put('LOAN.csv', text);
  expect(await inbox().look()).toBe(1);
  expect([await held(), await deliveries()]).toEqual([before, count]);
});

test('a file that still grows is left alone until it is still, and unfinished names for ever', async () => {
  put('LOAN.csv', file(1), { marked: false });
  put('LOAN.more.csv.part', file(1), { marked: false });
  const patient = inbox();
  expect([await patient.look(), await patient.look()]).toEqual([0, 0]);
  expect(await inbox({ settle: 0 }).look()).toBe(1);
  renameSync(join(home, 'LOAN.more.csv.part'), join(home, 'LOAN.more.csv'));
  expect(await inbox({ settle: 0 }).look()).toBe(1);
});

test.each([
  ['a name that says no record', 'loans.csv', 'LOAN.x', 'STUDENT.snapshot'],
  ['a record that is none', 'SHOES.csv', '', 'LOAN'],
])('%s fails with a reason', async (_what, name, _other, said) => {
  put(name, file(1));
  expect(await inbox().look()).toBe(1);
  const [, reason] = inFolder('failed');
  expect(readFileSync(join(home, 'failed', reason!), 'utf8')).toContain(said);
});

test('a header mistake fails with its columns, and the next file is taken all the same', async () => {
  const before = await held();
  put('LOAN.a.csv', file(1).replace('姓名', '名'));
  put('LOAN.b.csv', file(1));
  expect(await inbox().look()).toBe(2);
  expect(await held()).toBe(before + 1);
  expect(readFileSync(join(home, 'failed', inFolder('failed')[1]!), 'utf8')).toContain('缺少列 column missing: 姓名');
});

test('a folder of nobody known delivers nothing', async () => {
  home = join(dir, 'stranger');
  mkdirSync(home);
  const before = await held();
  put('LOAN.csv', file(1));
  expect(await inbox().look()).toBe(1);
  expect(await held()).toBe(before);
  expect(readFileSync(join(home, 'failed', inFolder('failed')[1]!), 'utf8')).toContain('no active client stranger');
});

test('links lead nowhere', async () => {
  const elsewhere = join(testFolder('elsewhere'), 'LOAN.csv');
  writeFileSync(elsewhere, file(1));
  symlinkSync(elsewhere, join(home, 'LOAN.csv'));
  writeFileSync(join(home, 'LOAN.csv.done'), '');
  symlinkSync(testFolder('other'), join(dir, 'housing.demo'));
  expect(await inbox({ settle: 0 }).look()).toBe(0);
});

test('own folders that are links are written through by nobody', async () => {
  const elsewhere = testFolder('elsewhere');
  symlinkSync(elsewhere, join(home, 'done'));
  const before = await held();
  put('LOAN.csv', file(1));
  expect(await inbox().look()).toBe(0);
  expect([await held(), readdirSync(elsewhere)]).toEqual([before, []]);
});

test('whatever a name says, the file ends below its own folder, under a name that fits', async () => {
  const names = ['LOAN...csv', 'LOAN.$(touch x).csv', 'LOAN.\n.csv', 'LOAN.%2e%2e%2fetc.csv', 'LOAN.\\..\\x.csv'];
  names.push(`LOAN.${'很'.repeat(75)}.csv`);
  const before = await held();
  for (const name of names) put(name, file(1), { marked: false });
  expect(await inbox({ settle: 0 }).look()).toBe(names.length);
  expect(await held()).toBe(before + names.length);
  expect(inFolder('done')).toHaveLength(2 * names.length);
  expect([readdirSync(home).sort(), readdirSync(dir)]).toEqual([['done', 'failed', 'processing'], ['education.demo']]);
});

test('a file that somebody sent and previewed before is applied all the same', async () => {
  const text = file(2);
  const before = await held();
  put('LOAN.csv', text);
  const rows = loans(next - 2, next - 1);
  const fileDigest = createHash('sha256').update(text).digest();
  const id = await world.staged('LOAN', rows, { fileDigest });
  await world.intake.preview(education, id, world.context);
  await world.intake.settled(id);
  expect(await inbox().look()).toBe(1);
  expect(await held()).toBe(before + 2);
});

test('a look that was cut off after any of its steps is finished by the next one', async () => {
  const text = file(4);
  const before = await held();
  mkdirSync(join(home, 'processing'), { recursive: true });
  // Moved, and nothing more.
  writeFileSync(join(home, 'processing', 'LOAN.a.csv'), text);
  expect(await inbox().look()).toBe(1);
  // Staged and applied, but neither its result written nor moved away.
  writeFileSync(join(home, 'processing', 'LOAN.a.csv'), text);
  const count = await deliveries();
  expect(await inbox().look()).toBe(1);
  expect([await held(), await deliveries()]).toEqual([before + 4, count]);
  expect(inFolder('processing')).toEqual([]);
  expect(inFolder('done').filter((name) => name.endsWith('.result.csv'))).toHaveLength(1);
});

test('two processes on one folder do nothing twice', async () => {
  for (let n = 0; n < 5; n += 1) put(`LOAN.${String(n)}.csv`, file(2));
  const [before, count] = [await held(), await deliveries()];
  const looks = await Promise.all([inbox().look(), inbox().look(), inbox().look()]);
  const rest = await inbox().look();
  expect(looks.reduce((sum, n) => sum + n, rest)).toBe(5);
  expect([await held(), await deliveries()]).toEqual([before + 10, count + 5]);
});

test('a database that is away leaves the file where it is', async () => {
  put('LOAN.csv', file(1));
  const away = { ...world.intake, findByDigest: () => Promise.reject(new Error('Connection terminated')) };
  expect(await inbox({ intake: away }).look()).toBe(0);
  expect(inFolder('processing')).toEqual(['LOAN.csv']);
  expect(await inbox().look()).toBe(1);
});
