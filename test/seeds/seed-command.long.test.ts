import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addSeed } from '../../src/cli/seed.ts';
import { testDatabase, type TestDatabase } from '../harness/database.ts';
import { figures, load } from './population.ts';

let database: TestDatabase;
let dir: string;
const environment = { ...process.env };
beforeAll(async () => {
  database = await testDatabase();
  dir = await mkdtemp(join(tmpdir(), 'hub-seed-'));
});
afterEach(() => {
  process.env = { ...environment };
  process.exitCode = undefined;
  jest.restoreAllMocks();
});
afterAll(async () => {
  await database.drop();
  await rm(dir, { recursive: true });
});

const persons = async ({ owner }: TestDatabase) => (await figures(owner, 'select count(*) as n from person'))['n'];

async function seed(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ exit: unknown; told: string }> {
  const { ownerUrl, serverUrl } = database;
  Object.assign(process.env, { DATABASE_URL: ownerUrl, HUB_DATABASE_URL: serverUrl, HUB_DATA_DIR: dir, ...env });
  let told = '';
  const listen = (text: unknown): boolean => {
    told += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(listen);
  jest.spyOn(process.stderr, 'write').mockImplementation(listen);
  const program = new Command('hub').exitOverride();
  addSeed(program);
  try {
    await program.parseAsync(['node', 'hub', 'seed', ...args]);
    return { exit: process.exitCode, told };
  } catch (error) {
    return { exit: error instanceof Error && 'exitCode' in error ? error.exitCode : 'thrown', told };
  }
}

test('production mode loads nothing', async () => {
  const { exit, told } = await seed(['--persons', '100'], { HUB_MODE: 'production' });
  expect(exit).toBe(1);
  expect(told).toContain('HUB_MODE is production');
  expect(await persons(database)).toBe(0);
});

test.each([
  ['--persons', 'many'],
  ['--seed', '-1'],
  ['--date', '2026-02-30'],
])('%s %s is refused before anything is opened', async (option, value) => {
  const { exit, told } = await seed([option, value]);
  expect(exit).toBe(1);
  expect(told).toContain(option);
});

test('it loads, says what it loaded, and writes the files of the walk; the second time it refuses', async () => {
  const { exit, told } = await seed(['--persons', '1200', '--seed', '5', '--date', '2026-11-22']);
  expect({ exit, told }).toMatchObject({ exit: 0 });
  expect(told).toMatch(/Persons: 1200 of 1200\n/);
  expect(told).toMatch(/ 1200 {2}person\n/);
  for (const file of ['education-ten.csv', 'education-grants.csv', 'education-households.csv']) {
    expect(told).toContain(file);
    expect(existsSync(join(dir, 'demo', file))).toBe(true);
  }
  expect(await persons(database)).toBe(1200);

  const again = await seed(['--persons', '50']);
  expect(again.exit).toBe(1);
  expect(again.told).toContain('The database is not empty');
  expect(await persons(database)).toBe(1200);
});

test('killed in the middle, it leaves an empty database that can be loaded', async () => {
  const killed = await testDatabase();
  try {
    const script = fileURLToPath(new URL('./load-process.ts', import.meta.url));
    const loader = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', script], {
      env: { ...environment, DATABASE_URL: killed.ownerUrl, PERSONS: '200000' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(loader.stdout, 'data');
    loader.kill('SIGKILL');
    await once(loader, 'exit');
    expect(await persons(killed)).toBe(0);
    expect((await load(killed.owner, 500)).person).toBe(500);
  } finally {
    await killed.drop();
  }
});
