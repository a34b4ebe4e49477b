import { parse } from 'csv-parse/sync';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder `seeds/` of the repository, with its data files. The compiled program lies deeper (`dist/seeds/…`) and the
 * compiler copies no data, so the folder is looked for beside package.json.
 */
export function seedsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('The folder seeds/ is not there: it belongs beside package.json.');
    folder = above;
  }
  return join(folder, 'seeds');
}

/** The rows of a CSV file of `seeds/reference`, by column name; lines that begin with # are comments. */
export async function readTable(file: string): Promise<Record<string, string>[]> {
  const text = await readFile(join(seedsFolder(), 'reference', file), 'utf8');
  return parse<Record<string, string>>(text, {
    columns: true,
    comment: '#',
    comment_no_infix: true,
    skip_empty_lines: true,
  });
}
