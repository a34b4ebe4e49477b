import { describe, expect, test } from '@jest/globals';
import { sizeOf, textOf, trackedFiles } from './tracked-files.ts';

/** What must stand in no file, and an example that shows that the pattern finds it (made here, so that it is not found). */
const forbidden: Readonly<Record<string, { readonly pattern: RegExp; readonly example: string }>> = {
  'the address of a package registry': {
    pattern: /https?:\/\/[\w.-]*(npmjs|npmmirror|yarnpkg|registry|nexus|artifactory|verdaccio)[\w.-]*/i,
    example: ['https:/', 'registry.example.org', 'pg.tgz'].join('/'),
  },
  'a path of somebody’s machine': {
    pattern: /(?<![\w.:~@/-])\/(root|work|tmp|home\/\w+|Users\/\w+)\/[\w.]|\b[A-Z]:\\Users\\/,
    example: ['', 'home', 'wang', 'hub'].join('/'),
  },
  'a private key': {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----|"d"\s*:\s*"[\w-]{40,}"/,
    example: ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' '),
  },
  'a signed token or an access key': {
    pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|\b(ghp|npm|glpat|sk)_[A-Za-z0-9]{30,}|\bAKIA[0-9A-Z]{16}\b/,
    example: `${['eyJhbGciOiJSUzI1NiJ9', 'eyJjbGllbnQiOiJhIn0'].join('.')}.x`,
  },
  'a number in the form of a resident ID': {
    pattern: /(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])/,
    example: `of ${'1'.repeat(17)}X,`,
  },
};

/** Bounds that a review can read; generated data comes from the generator instead. */
const LARGEST_FILE = 2 * 2 ** 20;

describe('the repository', () => {
  const paths = trackedFiles();
  const texts = paths.map((path) => [path, textOf(path)] as const);

  test.each(Object.entries(forbidden))('holds nowhere %s', (_what, { pattern }) => {
    const found = texts.flatMap(([path, text]) =>
      (text ?? '').split('\n').flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test.each(Object.entries(forbidden))('would be seen to hold %s', (_what, { pattern, example }) => {
    expect(pattern.test(example)).toBe(true);
  });

  test('holds no key file, no environment file and no data of an installation', () => {
    const kinds = /(^|\/)\.env($|\.)|\.(pem|key|p12|pfx|jks|sqlite|dump)$|(^|\/)\.hub\//;
    expect(paths.filter((path) => kinds.test(path))).toEqual([]);
  });

  test('holds no file that is too large to review', () => {
    expect(paths.filter((path) => sizeOf(path) > LARGEST_FILE)).toEqual([]);
  });
});
