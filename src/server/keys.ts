import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DEMO_KEY_PREFIX, KeyError, findDemoKey, openDemoKey, readPublicKeys } from '../access/tokens/index.ts';
import type { PublicKey, PublicKeys } from '../access/tokens/index.ts';
import type { Config } from '../platform/config.ts';

/**
 * The keys that this installation checks tokens against: those of HUB_PUBLIC_KEYS_DIR, or in development mode the demo
 * key of the data folder. Production mode refuses the demo key under any name. Throws KeyError.
 */
export async function openKeys(config: Config): Promise<PublicKeys> {
  const { mode, publicKeysDir, dataDir } = config;
  if (mode === 'development') {
    return publicKeysDir === undefined ? (await openDemoKey(dataDir)).publicKeys : readPublicKeys(publicKeysDir);
  }
  if (publicKeysDir === undefined) {
    throw new KeyError('HUB_PUBLIC_KEYS_DIR: missing; production mode needs the public keys of your token issuer');
  }
  if (/demo/i.test(publicKeysDir) || publicKeysDir === join(dataDir, 'keys')) {
    throw new KeyError(`HUB_PUBLIC_KEYS_DIR: ${publicKeysDir} is a folder of demo keys; production mode refuses them`);
  }
  const keys = await readPublicKeys(publicKeysDir);
  const demo = await readDemoKey(dataDir);
  for (const [kid, key] of keys) {
    if (!kid.startsWith(DEMO_KEY_PREFIX) && fingerprint(key) !== demo) continue;
    throw new KeyError(`HUB_PUBLIC_KEYS_DIR: the key ${kid} is a demo key; production mode refuses it`);
  }
  return keys;
}

/** Fingerprint of the demo key of the data folder; undefined where none was ever made. */
async function readDemoKey(dataDir: string): Promise<string | undefined> {
  const key = await findDemoKey(dataDir);
  const [publicKey] = key?.publicKeys.values() ?? [];
  return publicKey === undefined ? undefined : fingerprint(publicKey);
}

const fingerprint = ({ key }: PublicKey): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
