/** The benchmark as far as it can be run without packages and load of its own: everybody is asked, nothing is measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';

const contestants = ['limit-a', 'limit-b', 'hub', 'usual'];

test('hand-written SQL and the usual stack answer as the hub does, and limit B leaves its record', async () => {
  const args = ['--persons', '20000', '--rounds', '0', '--contestants', contestants.join(',')];
  const bench = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', 'bench/main.ts', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  bench.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(bench, 'close')) as [number | null];

  expect({ code, faults: said.split('\n').filter((line) => line.startsWith('FAULT')) }).toEqual({
    code: 0,
    faults: [],
  });
  const answered = contestants.map((name) => said.split(`  ${name}: answers as expected`).length - 1);
  // Without a scope, and without a caseload, one of the nine operations cannot be asked.
  expect(answered).toEqual([8, 9, 9, 8]);
}, 300_000);
