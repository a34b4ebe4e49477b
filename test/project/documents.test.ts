import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readAbsent } from '../../src/server/department-modules.ts';
import { ROOT } from './planted-tree.ts';
import { textOf, trackedFiles } from './tracked-files.ts';

/** Folders that went with the modules that are not installed: documents go on naming what is in them. */
const GONE = readAbsent().departments.flatMap((name) => {
  const folder = name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  return ['src', 'test'].map((top) => `${top}/departments/${folder}/`);
});
const isGone = (path: string): boolean => GONE.some((folder) => path.startsWith(folder));
/** Whether a path of the repository is there, or went with a module. */
const isThere = (path: string): boolean => isGone(path) || existsSync(join(ROOT, path));

const documents = trackedFiles()
  .filter((path) => path.endsWith('.md'))
  .map((path) => [path, textOf(path) ?? ''] as const);

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found ?? '');

test('every list of reference data is in their table, with its source, and the table names no other', () => {
  const lists = trackedFiles().flatMap((path) => /^seeds\/reference\/(.+\/|.+\.csv$)/u.exec(path)?.[1] ?? []);
  const text = textOf('seeds/reference/README.md') ?? '';
  expect(new Set(all(text, /^\| `([^`]+)` +\| +\S[^|]*\| +\S/gmu))).toEqual(new Set(lists));
});

describe.each(documents)('%s', (path, text) => {
  test('links to what is there', () => {
    const links = all(text, /\]\((?!\w+:|#)([^)#\s]+)/g);
    expect(links.filter((link) => !isThere(join(dirname(path), link)))).toEqual([]);
  });

  test('names files and folders that are there', () => {
    const named = all(text, /[`\s](?=(?:src|test|schema|seeds|migrations|docs|bench|\.ci)\/)([\w./-]+)(?=[`\s])/g);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  test('shows code that stands in the file that it names', () => {
    const blocks = [...text.matchAll(/^```ts(?: (\S+))?\n([^]*?)^```$/gm)];
    const stray = blocks.filter(
      ([, file = '', code = '']) => file === '' || (!isGone(file) && textOf(file)?.includes(code) !== true),
    );
    expect(stray.map(([block]) => block)).toEqual([]);
  });

  test('names package scripts that are there', () => {
    const { scripts } = JSON.parse(textOf('package.json') ?? '') as { readonly scripts: object };
    expect(all(text, /npm run (?:--\S+ )*([\w:]+)/g).filter((name) => !(name in scripts))).toEqual([]);
  });
});
