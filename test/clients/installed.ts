/** The clients are no part of the main install: they come into this folder when their tests run for the first time. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'test/clients';

/** Installs what the lock of this folder names unless that has been done; throws where no package registry is in reach. */
export function installClients(): void {
  if (changedAt('node_modules/.package-lock.json') >= changedAt('package-lock.json')) return;
  const args = ['ci', '--no-audit', '--no-fund', '--fetch-retries=1'];
  const npm = spawnSync('npm', args, { cwd: FOLDER, encoding: 'utf8', timeout: 300_000 });
  if (npm.status === 0) return;
  throw new Error(
    `The clients under test could not be installed. Run "npm ci" in ${FOLDER} where a package registry is in reach.\n` +
      (npm.error?.message ?? npm.stderr),
  );
}

const changedAt = (file: string): number => statSync(join(FOLDER, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
