import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plant, type PlantedTree } from './planted-tree.ts';

/** Stands for npm, npx and git: answers like a good run, but for the call that FAIL names. */
const stub = `#!/usr/bin/env bash
call="$(basename "$0") $*"
if [[ -n \${SAY:-} && $call == "$FAIL" ]]; then echo "$SAY"; exit 0; fi
case "$call" in
  "npm test") echo '3 passed, 0 failed, 1 skipped' ;;
  "npm run test:long") echo '2 passed, 0 failed, 0 skipped' ;;
esac
[[ $call != "\${FAIL:-}" ]]
`;

/** What may go wrong in a step, other than its exit code. */
const quiet: readonly (readonly [what: string, call: string, says: string])[] = [
  ['npm ci warns', 'npm ci', 'npm warn EBADENGINE Unsupported engine'],
  ['a run counts a failure and exits 0', 'npm test', '4 passed, 1 failed, 0 skipped'],
  ['a run runs no test and exits 0', 'npm run test:long', '0 passed, 0 failed, 0 skipped'],
];

describe('.ci/run', () => {
  let tree: PlantedTree;
  const run = (env: Readonly<Record<string, string>> = {}) => {
    const bin = join(tree.dir, 'bin');
    const path = `${bin}:${process.env['PATH'] ?? ''}`;
    const { status, stdout } = spawnSync('bash', ['.ci/run'], {
      cwd: tree.dir,
      encoding: 'utf8',
      env: { PATH: path, ...env },
    });
    return { status, last: stdout.trimEnd().split('\n').at(-1) };
  };

  beforeAll(() => {
    tree = plant(['.ci/run'], { 'bin/npm': stub, 'bin/npx': stub, 'bin/git': stub });
    for (const name of ['npm', 'npx', 'git']) chmodSync(join(tree.dir, 'bin', name), 0o755);
  });
  afterAll(() => tree.remove());

  test('ends with the total of the quick and the long tests', () => {
    expect(run()).toEqual({ status: 0, last: '5 passed, 0 failed, 1 skipped' });
  });

  test.each([
    'npm ci',
    'npx --no-install hub --help',
    'npm run --silent format:check',
    'npm run --silent lint',
    'npm run --silent typecheck',
    'npm run --silent boundaries',
    'npm run --silent schema -- --check',
    'npm test',
    'npm run test:long',
  ])('fails when `%s` fails', (call) => {
    const { status, last } = run({ FAIL: call });
    expect(status).not.toBe(0);
    expect(last).toMatch(/^\d+ passed, \d+ failed, \d+ skipped$/);
  });

  test.each(quiet)('fails when %s', (_what, call, says) => {
    expect(run({ FAIL: call, SAY: says }).status).not.toBe(0);
  });
});
