import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { makeOwnKey, openDemoKey, rotateOwnKeys } from '../../src/access/tokens/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { silentLog } from '../../src/platform/log.ts';
import { openKeys, openTrust } from '../../src/server/keys.ts';
import type { Trust } from '../../src/server/keys.ts';
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

describe('whom a hub believes', () => {
  const open: Trust[] = [];
  afterEach(() => Promise.all(open.splice(0).map((trust) => trust.close())));
  const trustOf = async (env: Record<string, string>): Promise<Trust> => {
    const trust = await openTrust(readConfig(env), { clock: systemClock, log: silentLog });
    open.push(trust);
    return trust;
  };
  const issuers = (jwks: string): string => {
    const file = join(testFolder('issuers'), 'issuers.json');
    const row = { issuer: 'https://id.test', jwks, audience: 'hub', departments: ['EDUCATION'], clients: 'education.' };
    writeFileSync(file, JSON.stringify([row]));
    return file;
  };
  /** Answers nothing: port 9 of this machine is closed. */
  const NOWHERE = 'https://127.0.0.1:9/jwks.json';

  test('in production is whoever it is told of: a folder, an issuer that publishes its keys, or itself', async () => {
    const HUB_DATA_DIR = testFolder('keys');
    const bare = { HUB_MODE: 'production', HUB_DATA_DIR };
    await expect(trustOf(bare)).rejects.toThrow('HUB_PUBLIC_KEYS_DIR: missing');
    expect(
      (await trustOf({ ...bare, HUB_PUBLIC_KEYS_DIR: folderOf({ issuer }) })).own.keys.get('issuer'),
    ).toBeDefined();
    const others = (await trustOf({ ...bare, HUB_ISSUERS: issuers(NOWHERE) })).others;
    expect(others).toMatchObject([{ issuer: 'https://id.test', departments: ['EDUCATION'], clients: 'education.' }]);
    const kid = await makeOwnKey(join(HUB_DATA_DIR, 'signing-keys'), systemClock);
    const itself = await trustOf(bare);
    expect(itself.signing()?.kid).toBe(kid);
    expect(itself.own.keys.get(kid)).toBeDefined();
    await expect(trustOf({ ...bare, HUB_ISSUERS: issuers('http://127.0.0.1:9/jwks.json') })).rejects.toThrow('https');
  });

  test('in production is never the demo: not as signer, not in a folder, not later', async () => {
    const HUB_DATA_DIR = testFolder('keys');
    const demo = await openDemoKey(HUB_DATA_DIR);
    const [key] = demo.publicKeys.values();
    const folder = folderOf({ issuer });
    const trust = await trustOf({ HUB_MODE: 'production', HUB_DATA_DIR, HUB_PUBLIC_KEYS_DIR: folder });
    expect(trust.signing()).toBeUndefined();
    expect(trust.own.keys.get(demo.kid)).toBeUndefined();
    for (const kid of [demo.kid, 'renamed', 'demo-of-another'])
      writeFileSync(
        join(folder, `${kid}.pem`),
        (kid === 'demo-of-another' ? issuer : key!.key).export({ type: 'spki', format: 'pem' }),
      );
    await trust.own.keys.lookAgain?.();
    writeFileSync(join(folder, 'honest.pem'), issuer.export({ type: 'spki', format: 'pem' }));
    for (let i = 0; i < 40 && trust.own.keys.get('honest') === undefined; i += 1) {
      await trust.own.keys.lookAgain?.();
      await sleep(50);
    }
    expect(trust.own.keys.get('honest')).toBeDefined();
    for (const kid of [demo.kid, 'renamed', 'demo-of-another']) expect(trust.own.keys.get(kid)).toBeUndefined();
  });

  test('in development is the demo, which signs until there is a key of the hub', async () => {
    const HUB_DATA_DIR = testFolder('keys');
    const demo = await openDemoKey(HUB_DATA_DIR);
    const trust = await trustOf({ HUB_DATA_DIR });
    expect(trust.signing()?.kid).toBe(demo.kid);
    const kid = await rotateOwnKeys(join(HUB_DATA_DIR, 'signing-keys'), systemClock);
    for (let i = 0; i < 40 && trust.signing()?.kid !== kid; i += 1) {
      await trust.own.keys.lookAgain?.();
      await sleep(50);
    }
    expect(trust.signing()?.kid).toBe(kid);
    expect(trust.own.keys.get(demo.kid)).toBeDefined();
  });
});
