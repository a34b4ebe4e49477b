import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A throwaway tree with the project's own settings in which a test may break any rule. */
export interface PlantedTree {
  readonly dir: string;
  run(
    bin: string,
    args: readonly string[],
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  remove(): void;
}

/** Lays `files` (path → content) and copies of the `settings` files; libraries are the repository's own. */
export function plant(settings: readonly string[], files: Readonly<Record<string, string>>): PlantedTree {
  const dir = mkdtempSync(join(tmpdir(), 'planted-'));
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  for (const name of ['package.json', 'tsconfig.json', ...settings]) cpSync(join(ROOT, name), join(dir, name));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return {
    dir,
    run: (bin, args) =>
      spawnSync(process.execPath, [join(ROOT, 'node_modules', bin), ...args], {
        cwd: dir,
        encoding: 'utf8',
        maxBuffer: 64 * 2 ** 20,
      }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
