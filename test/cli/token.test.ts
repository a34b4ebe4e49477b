import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { openTokenVerifier } from '../../src/access/tokens/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { NoTokenError, issueDemoToken, listDemoClients } from '../../src/server/demo-token/index.ts';
import { openKeys } from '../../src/server/keys.ts';
import { runHub } from '../aid/hub-process.ts';
import { testFolder } from '../harness/folder.ts';

let dir: string;
beforeAll(() => {
  dir = testFolder('token');
});

const config = (env: Record<string, string> = {}) => readConfig({ HUB_DATA_DIR: dir, ...env });
const terms = { client: 'education.demo', lifetime: 60, clock: systemClock };
const verifierFor = async (env: Record<string, string> = {}) => {
  const { issuer, audience } = config(env);
  return openTokenVerifier({ keys: await openKeys(config(env)), issuer, audience, clock: systemClock });
};

test('standard output holds a token that the hub accepts and nothing else; the key is private', async () => {
  const { code, out, err } = await runHub(['token', '--client', 'education.demo', '--purposes', 'AID_REPORTING'], {
    HUB_DATA_DIR: dir,
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect((await verifierFor()).verify(`Bearer ${out.trim()}`)).toMatchObject({
    client: 'education.demo',
    department: 'EDUCATION',
    role: 'SYSTEM',
    purposes: ['AID_REPORTING'],
  });
  expect(statSync(join(dir, 'keys', 'demo.private.pem')).mode & 0o777).toBe(0o600);
});

test('production mode signs none, and no key is made', async () => {
  const empty = testFolder('token');
  const { code, out, err } = await runHub(['token', '--client', 'education.demo'], {
    HUB_DATA_DIR: empty,
    HUB_MODE: 'production',
  });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('production');
  expect(() => statSync(join(empty, 'keys'))).toThrow();
});

test('every demo client has a token that its hub accepts', async () => {
  const verifier = await verifierFor();
  for (const { client, department, role } of await listDemoClients()) {
    const token = await issueDemoToken(config(), { ...terms, client });
    expect(verifier.verify(`Bearer ${token}`)).toMatchObject({ client, department, role });
  }
});

test('a client or purpose that does not exist is refused', async () => {
  await expect(issueDemoToken(config(), { ...terms, client: 'police.demo' })).rejects.toThrow(NoTokenError);
  await expect(issueDemoToken(config(), { ...terms, purposes: ['AUDIT'] })).rejects.toThrow(NoTokenError);
  await expect(issueDemoToken(config({ HUB_PUBLIC_KEYS_DIR: dir }), terms)).rejects.toThrow('HUB_PUBLIC_KEYS_DIR');
});
