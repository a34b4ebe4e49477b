/** Faults planted in a copy of the hub: the oracle finds each of them, and says so in one small operation. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FAULTS } from './faults.ts';
import type { Fault } from './faults.ts';
import { FAILED } from './reading.ts';

const ROOT = process.cwd();
const FOLDER = join(ROOT, '.hub', 'faults');
const SEED = 20261122;
/** Cases that are enough for each of them; the README says after how many each was found. */
const MOST = 1_500;
/** Side by side: the tests have both cores to themselves. */
const COPIES = 2;

const PARTS = [
  'src',
  'seeds',
  'migrations',
  'schema',
  'test',
  'ormconfig.ts',
  'package.json',
  'tsconfig.json',
  '.swcrc',
];

const copies = Array.from({ length: COPIES }, (_, i) => join(FOLDER, String(i)));

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const copy of copies) {
    mkdirSync(copy, { recursive: true });
    for (const part of PARTS)
      cpSync(join(ROOT, part), join(copy, part), { recursive: true, filter: (from) => !from.endsWith('node_modules') });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  }
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Found {
  readonly cases: number;
  readonly difference?: string;
}

/** What stands before why a search ended without an answer; the others go on. */
const NO_ANSWER = 'The oracle did not run';

/** Runs the oracle against a copy. @throws with what it printed when it ended without an answer */
function search(copy: string, turn?: number): Promise<Found> {
  const script = 'test/access/oracle/search.ts';
  const args = [
    '--import',
    '@swc-node/register/esm-register',
    script,
    ...[SEED, MOST, ...(turn === undefined ? [] : [turn])].map(String),
  ];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const last = out.trimEnd().split('\n').at(-1) ?? '';
      if (code === 0 && last.startsWith('{')) resolve(JSON.parse(last) as Found);
      else reject(new Error(`${NO_ANSWER}: ${(err || out).slice(-2_000)}`));
    });
  });
}

/** Plants one fault in a copy, searches, and mends it again. */
async function seek({ file, text, by, turn }: Fault, copy: string): Promise<Found> {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    whole.replace(text, () => by),
  );
  try {
    return await search(copy, turn);
  } finally {
    writeFileSync(path, whole);
  }
}

test.each(FAULTS.map((fault) => [fault.name, fault] as const))('"%s" can be planted', (_name, { file, text }) => {
  const times = readFileSync(join(ROOT, file), 'utf8').split(text).length - 1;
  // Code moves: where this fails, find what now does the same and plant the fault there.
  expect([file, times, text]).toEqual([file, 1, text]);
});

test('each of them is found, and without any there is nothing to find', async () => {
  const left = [undefined, ...FAULTS];
  const wrong: string[] = [];
  const work = async (copy: string): Promise<void> => {
    for (let next = left.splice(0, 1); next.length > 0; next = left.splice(0, 1)) {
      const [fault] = next;
      const name = fault?.name ?? 'no fault';
      const { cases, difference } = await (fault === undefined ? search(copy) : seek(fault, copy)).catch(
        (error: unknown): Found => ({ cases: 0, difference: String(error) }),
      );
      // A statement that fails tells nobody of anything: planted so, the fault is not the one that its name says.
      const isOther = [FAILED, NO_ANSWER].some((mark) => difference?.includes(mark));
      if ((difference === undefined) !== (fault === undefined) || isOther)
        wrong.push(`${name}: ${difference ?? 'not found'}`);
      process.stdout.write(`${name}: ${cases} cases\n${difference ?? ''}\n\n`);
    }
  };
  await Promise.all(copies.map(work));
  expect(wrong).toEqual([]);
}, 900_000);
