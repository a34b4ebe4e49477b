import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openDemoKey } from '../../src/access/tokens/index.ts';
import { readConfig } from '../../src/platform/config.ts';
import { openKeys } from '../../src/server/keys.ts';
import { testFolder } from '../harness/folder.ts';

const production = (dataDir: string, keys?: string) =>
  readConfig({
    HUB_DATA_DIR: dataDir,
    HUB_MODE: 'production',
    ...(keys === undefined ? {} : { HUB_PUBLIC_KEYS_DIR: keys }),
  });

function folderOf(keys: Record<string, KeyObject>, name = 'issuer'): string {
  const folder = join(testFolder('keys'), name);
  mkdirSync(folder);
  for (const [kid, key] of Object.entries(keys)) {
    writeFileSync(join(folder, `${kid}.pem`), key.export({ type: 'spki', format: 'pem' }));
  }
  return folder;
}

const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

test('development mode trusts the demo key of its own data folder', async () => {
  const dir = testFolder('keys');
  const keys = await openKeys(readConfig({ HUB_DATA_DIR: dir }));
  expect([...keys.keys()]).toEqual([(await openDemoKey(dir)).kid]);
});

test('production mode trusts the keys of the issuer and asks for them', async () => {
  const dir = testFolder('keys');
  expect([...(await openKeys(production(dir, folderOf({ issuer })))).keys()]).toEqual(['issuer']);
  await expect(openKeys(production(dir))).rejects.toThrow('HUB_PUBLIC_KEYS_DIR: missing');
});

test('production mode refuses the demo key, whatever it is called and wherever it lies', async () => {
  const dir = testFolder('keys');
  const demo = await openDemoKey(dir);
  const [key] = demo.publicKeys.values();
  if (key === undefined) throw new Error('no key');
  for (const folder of [
    folderOf({ issuer, [demo.kid]: key.key }),
    folderOf({ issuer, renamed: key.key }),
    folderOf({ 'demo-of-another-installation': issuer }),
    folderOf({ issuer }, 'demo-keys'),
    join(dir, 'keys'),
  ]) {
    await expect(openKeys(production(dir, folder))).rejects.toThrow(/demo key|private key/);
  }
});
