import { isAbsolute } from 'node:path';
import { expect, test } from '@jest/globals';
import { BOUNDS, DEFAULT_BOUNDS, TURNS } from './bounds.ts';
import { ConfigError, readConfig } from './config.ts';

const OWNER = 'postgresql://hub_owner:secret-one@db:5432/hub';
const SERVER = 'postgresql://hub_server:secret-two@db:5432/hub';

test('without any variable the hub starts with its embedded database on port 4000', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ mode: 'development', host: '127.0.0.1', port: 4000, databaseUrl: undefined });
  expect(isAbsolute(config.dataDir)).toBe(true);
});

test('an empty variable counts as absent', () => {
  expect(readConfig({ HUB_PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
});

test('all faults are listed together, each with its variable, and none with its value', () => {
  const read = (): unknown =>
    readConfig({
      HUB_MODE: 'staging',
      HUB_PORT: '99999',
      HUB_DEMO_PERSONS: 'many',
      DATABASE_URL: 'mysql://root:hunter2@db/hub',
    });
  expect(read).toThrow(ConfigError);
  const faults = faultsOf(read);
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'HUB_MODE',
    'HUB_PORT',
    'DATABASE_URL',
    'HUB_DEMO_PERSONS',
    'HUB_DATABASE_URL',
  ]);
  expect(faults.join()).not.toMatch(/hunter2|staging|many/);
});

test('the owner comes with a role for the server, and that is another role', () => {
  expect(faultsOf(() => readConfig({ DATABASE_URL: OWNER }))).toEqual([
    expect.stringMatching(/^HUB_DATABASE_URL: missing/),
  ]);
  expect(faultsOf(() => readConfig({ DATABASE_URL: OWNER, HUB_DATABASE_URL: OWNER }))).toEqual([
    expect.stringMatching(/^HUB_DATABASE_URL: names the same role/),
  ]);
  expect(readConfig({ DATABASE_URL: OWNER, HUB_DATABASE_URL: SERVER }).hubDatabaseUrl).toBe(SERVER);
  expect(readConfig({ HUB_DATABASE_URL: SERVER }).databaseUrl).toBeUndefined();
});

test('every bound has its default, takes its setting, and refuses a value outside its range by name', () => {
  expect(readConfig({}).bounds).toEqual(DEFAULT_BOUNDS);
  for (const [name, { setting, from, to }] of Object.entries({ ...BOUNDS, ...TURNS })) {
    expect(readConfig({ [setting]: String(to) }).bounds).toEqual({ ...DEFAULT_BOUNDS, [name]: to });
    for (const outside of [from - 1, to + 1, 'many']) {
      expect(faultsOf(() => readConfig({ [setting]: String(outside) }))).toEqual([expect.stringContaining(setting)]);
    }
  }
});

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
}
