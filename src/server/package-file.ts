import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file or folder of the repository that the program reads at run time. The compiled program lies deeper (`dist/src`),
 * and the compiler copies no such files, so it is looked for beside package.json.
 */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`${path} is not there: it belongs beside package.json.`);
    folder = above;
  }
  return join(folder, path);
}
