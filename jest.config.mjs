import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/test/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/global-teardown.mjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { ...swc, jsc: { ...swc.jsc, externalHelpers: true }, sourceMaps: 'inline', swcrc: false },
    ],
  },
};

/** `quick` needs no more than the embedded server and 20,000 persons; `long` is a million persons, kills and replays. */
export default {
  reporters: ['default', '<rootDir>/test/tools/plain-reporter.mjs'],
  testTimeout: 60_000,
  // Jest leaves one core to itself; on two cores that is half of them, and tests wait for PostgreSQL anyhow.
  maxWorkers: '100%',
  projects: [
    {
      ...shared,
      displayName: 'quick',
      roots: ['<rootDir>/src', '<rootDir>/test'],
      testPathIgnorePatterns: ['/node_modules/', '\\.long\\.test\\.ts$'],
    },
    { ...shared, displayName: 'long', roots: ['<rootDir>/test'], testMatch: ['**/*.long.test.ts'] },
  ],
};
