/** What the threat model says of tests is so: the files are there, and so are the tests that it names. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const PAGES = ['docs/threat-model.md', 'test/access/attacks/README.md'];

/** Links to test files, each with the names of tests that are quoted after it and before the next one. */
function* named(page: string): Generator<{ readonly file: string; readonly name: string | undefined }> {
  for (const row of readFileSync(page, 'utf8').split('\n')) {
    for (const [, link = '', after = ''] of row.matchAll(/\]\(([^)]+\.test\.ts)\)([^[]*)/gu)) {
      const file = normalize(join(dirname(page), link));
      const names = [...after.matchAll(/"([^"]+)"/gu)].map(([, name = '']) => name.replace(/…$/u, ''));
      if (names.length === 0) yield { file, name: undefined };
      for (const name of names) yield { file, name };
    }
  }
}

test.each(PAGES)('%s names tests that there are', (page) => {
  const all = [...named(page)];
  expect(all.length).toBeGreaterThan(20);
  const gone = all.filter(
    ({ file, name }) => !existsSync(file) || (name !== undefined && !readFileSync(file, 'utf8').includes(name)),
  );
  expect(gone).toEqual([]);
});

test('every threat of the model has a test', () => {
  const rows = readFileSync('docs/threat-model.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!Threat|-)/u.test(line));
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter((row) => !row.includes('.test.ts'))).toEqual([]);
});
