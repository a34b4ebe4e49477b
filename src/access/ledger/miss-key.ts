import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode } from './anchors.ts';

const BYTES = 32;
const FILE = 'miss-key';

/**
 * The function behind `Ledger.missKey`: HMAC-SHA-256 under a key of this installation, its first sixteen bytes. Without
 * the key nobody can try out all ID numbers against the ledger; processes that share the folder share the key.
 */
export async function openMissKey(dir: string): Promise<(number: string) => Buffer> {
  const key = await openKey(dir);
  return (number) => createHmac('sha256', key).update('hub.miss\0').update(number).digest().subarray(0, 16);
}

/** Pseudonyms of persons and households under the same key, 32 hexadecimal digits: equal for equal ids, and no way back. */
export async function openPseudonyms(dir: string): Promise<(id: string) => string> {
  const key = await openKey(dir);
  return (id) => createHmac('sha256', key).update('hub.subject\0').update(id).digest('hex').slice(0, 32);
}

async function openKey(dir: string): Promise<Buffer> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, FILE);
  // Written aside and linked: of two processes that start at once one wins, and nobody reads half a key.
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(aside, randomBytes(BYTES), { mode: 0o600 });
  try {
    await link(aside, path);
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside);
  }
  const key = await readFile(path);
  if (key.length !== BYTES) throw new Error(`${path} must hold ${BYTES} bytes; restore it, or remove it to begin anew`);
  return key;
}
