/**
 * The drill of removal: without the module of a department (its folder, its line, its migration, and its own tests and
 * templates) the hub compiles, migrates, fills, starts and passes every quick test that is left.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import * as installed from '../../src/server/departments.ts';
import { testFolder } from '../harness/folder.ts';
import { ROOT } from './planted-tree.ts';

const NEITHER = new Set(['node_modules', '.git', 'dist', '.hub', '.hub-bench']);
/**
 * The departments without which the whole quick suite runs; without another one what is nearest to a module does. It takes four
 * minutes each, so all five do only where HUB_REMOVAL is `whole`.
 */
const WHOLE: ReadonlySet<string> = new Set(
  process.env['HUB_REMOVAL'] === 'whole' ? Object.keys(installed) : ['civilAffairs'],
);
const NEAREST = [
  'test/(registry|sharing|freshness|aid|departments|migrations|access/(purpose|tokens|revocation|start-refused))',
  'test/project/boundaries',
];
/** Beside the quick tests, of each. */
const LONG = ['test/governance/changes\\.long'];

let tree: string | undefined;
afterEach(() => {
  if (tree !== undefined) rmSync(tree, { recursive: true, force: true });
});

/** A copy of the repository with its libraries. */
function copy(): string {
  const dir = testFolder('without');
  cpSync(ROOT, dir, { recursive: true, filter: (path) => !NEITHER.has(basename(path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  // Some tests are about the files of the repository, and ask git which ones these are.
  const { status, stderr } = spawnSync('git', ['init', '--quiet', dir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git init: ${stderr}`);
  writeFileSync(join(dir, '.git/info/exclude'), 'node_modules\n');
  return dir;
}

/** Takes a department out of a copy: the three steps, and what is its own beside them. */
function remove(dir: string, department: keyof typeof installed): void {
  const folder = department.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const edit = (file: string, change: (text: string) => string): void => {
    const before = readFileSync(join(dir, file), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(join(dir, file), after);
  };
  const withoutLines = (text: string, marks: readonly string[]): string =>
    text
      .split('\n')
      .filter((line) => !marks.some((mark) => line.includes(mark)))
      .join('\n');
  rmSync(join(dir, 'src/departments', folder), { recursive: true });
  edit('src/server/departments.ts', (text) => withoutLines(text, [`'../departments/${folder}/index.ts'`]));
  const migration = readdirSync(join(dir, 'migrations')).find((name) => name.endsWith(`-${folder}.ts`));
  if (migration === undefined) throw new Error(`${department} has no migration of its own`);
  const [, name = ''] = /export class (\w+)/u.exec(readFileSync(join(dir, 'migrations', migration), 'utf8')) ?? [];
  rmSync(join(dir, 'migrations', migration));
  edit('migrations/index.ts', (text) => withoutLines(text, [migration, `  ${name},`]));

  rmSync(join(dir, 'test/departments', folder), { recursive: true, force: true });
  const kinds = new Set<string>(installed[department].records.map(({ name: kind }: { readonly name: string }) => kind));
  const templates = join(dir, 'seeds/templates');
  for (const file of readdirSync(templates)) {
    const { record } = JSON.parse(readFileSync(join(templates, file), 'utf8')) as { record: string };
    if (kinds.has(record)) rmSync(join(templates, file));
  }
}

/** Runs a command of the copy to its end; fails with what it wrote. */
function run(dir: string, bin: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args.slice(0, 0), bin, ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...cleanEnv(), ...env },
    maxBuffer: 64 * 2 ** 20,
  });
  if (status !== 0) throw new Error(`${relative(dir, bin)} ${args.join(' ')}: ${stdout}\n${stderr}`);
  return stdout + stderr;
}

/** Without what this run of the tests says of its own server and workers. */
const cleanEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:HUB|JEST|DATABASE)_/u.test(name)));

const HUB = 'dist/src/cli/main.js';

/** Starts the hub of the copy on a database of its own with demo data; what it logged, and what its schema holds. */
async function serve(dir: string): Promise<{ readonly log: string; readonly types: readonly string[] }> {
  const data = testFolder('without-data');
  const env = { HUB_DATA_DIR: data, HUB_PORT: '0', HUB_DEMO_PERSONS: '2000' };
  const hub = spawn(process.execPath, [HUB, 'serve'], { cwd: dir, env: { ...cleanEnv(), ...env } });
  let log = '';
  for (const stream of [hub.stdout, hub.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => hub.once('exit', () => resolve()));
  try {
    let url: string | undefined;
    for (const until = Date.now() + 120_000; url === undefined && hub.exitCode === null && Date.now() < until;) {
      await sleep(100);
      url = /"url":"(http:[^"]+)"/u.exec(log)?.[1] ?? /(http:\/\/[\d.:]+)\/graphql/u.exec(log)?.[1];
    }
    if (url === undefined) throw new Error(`The hub does not answer:\n${log}`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const schema = run(dir, HUB, ['schema', '--print'], env);
    return { log, types: [...schema.matchAll(/^(?:type|enum) (\w+)/gmu)].map(([, name = '']) => name) };
  } finally {
    hub.kill('SIGTERM');
    await ended;
  }
}

const belongings = JSON.parse(readFileSync(join(ROOT, 'schema/departments.json'), 'utf8')) as Record<
  string,
  { readonly types: readonly string[] }
>;

test.each(Object.keys(installed) as (keyof typeof installed)[])(
  'without the module of %s the hub compiles, starts and passes the rest',
  async (department) => {
    tree = copy();
    remove(tree, department);

    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    run(tree, tsc, ['-p', 'tsconfig.json', '--incremental', 'false', '--tsBuildInfoFile', 'null']);
    run(tree, tsc, ['-p', 'tsconfig.build.json']);
    run(tree, HUB, ['schema']);

    const { log, types } = await serve(tree);
    const gone = belongings[department]?.types ?? [];
    expect(gone.length).toBeGreaterThan(0);
    expect(types.filter((name) => gone.includes(name))).toEqual([]);
    expect(types).toContain('Person');
    expect(log).toContain(`"departments":["${department}"]`);

    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const suites: readonly (readonly [project: string, selected: readonly string[]])[] = [
      ['quick', WHOLE.has(department) ? [] : NEAREST],
      ['long', LONG],
    ];
    for (const [project, selected] of suites)
      run(
        tree,
        '--experimental-vm-modules',
        [
          ...['--disable-warning=ExperimentalWarning', jest, '--selectProjects', project],
          ...(selected.length === 0 ? [] : ['--testPathPatterns', ...selected]),
        ],
        { HUB_WRITE_CATALOGUE: '1' },
      );
  },
  1_200_000,
);
