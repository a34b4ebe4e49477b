import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { installClients } from './installed.ts';

installClients();

test('what docs/clients.md shows fits the types of the clients', () => {
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'test/clients/tsconfig.json'];
  const { stdout, status } = spawnSync(process.execPath, tsc, { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
}, 300_000);
