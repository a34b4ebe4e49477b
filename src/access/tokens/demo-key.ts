/** The signing key of the demo: made once per installation, never committed, never accepted in production mode. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../platform/id.ts';
import { DEMO_KEY_PREFIX } from './public-keys.ts';
import type { PublicKeys } from './public-keys.ts';

/** The demo's key pair. */
export interface DemoKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** What a hub that trusts this key alone checks tokens against. */
  readonly publicKeys: PublicKeys;
}

const FILE = 'demo.private.pem';

/** The demo key (ES256) of the data folder, made on first use with mode 0600. Safe against two processes at once. */
export async function openDemoKey(dataDir: string): Promise<DemoKey> {
  const file = join(dataDir, 'keys', FILE);
  return fromPem((await readIfThere(file)) ?? (await makeKey(join(dataDir, 'keys'), file)));
}

/** The demo key of the data folder, where one was made. */
export async function findDemoKey(dataDir: string): Promise<DemoKey | undefined> {
  const pem = await readIfThere(join(dataDir, 'keys', FILE));
  return pem === undefined ? undefined : fromPem(pem);
}

function fromPem(pem: string): DemoKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const kid = `${DEMO_KEY_PREFIX}${createHash('sha256').update(spki).digest('hex').slice(0, 16)}`;
  return { kid, privateKey, publicKeys: new Map([[kid, { key: publicKey, algorithm: 'ES256' }]]) };
}

async function makeKey(folder: string, file: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${newId()}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A link is made whole or not at all, and never replaces the key that another process made meanwhile.
  await link(draft, file).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error;
  });
  await rm(draft);
  return readFile(file, 'utf8');
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
