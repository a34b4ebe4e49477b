import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder for a test's files, below the run's own, so that whatever ends the run removes it. Every account may enter:
 * an embedded PostgreSQL that a test starts here as root runs as another user, and would else put its files elsewhere.
 */
export function testFolder(name: string): string {
  const folder = mkdtempSync(join(process.env['HUB_TEST_DIR'] ?? tmpdir(), `${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}
